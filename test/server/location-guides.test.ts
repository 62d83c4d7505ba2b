import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, startFileServer, type FileServer } from '../support/client-catalog.ts';
import { until } from '../support/running-catalog.ts';
import { catalogOf, component, startTestServer, type TestServer } from '../support/server.ts';

// Every shell and program example of two how-to pages, run as it stands there.

const root = resolve(import.meta.dirname, '../..');
const main = join(root, 'src/main.ts');
const demo = join(root, 'demo/organisation');
let folder: string;
let web: FileServer;
let server: TestServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-guides-'));
  web = await startFileServer();
  serve(web, '/stage.yaml', component('ramp'));
  const config = { catalog: catalogOf([demo]), reading: { allow: [{ host: web.host }] } };
  server = await startTestServer({ config });
  const view = server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });
  await until(() => view.leases().some(({ collector }) => collector === 'catalog'));
});
afterAll(async () => {
  await server.close();
  await web.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A program of the shell's path. */
function putProgram(name: string, text: string): void {
  chmodSync(write(`bin/${name}`, `#!/bin/sh\n${text}\n`), 0o755);
}

/** Examples of a page by language, with its stand-ins for places replaced by the real ones. */
function examplesOf(page: string): readonly (readonly [language: string, code: string])[] {
  const text = readFileSync(join(root, 'docs/how-to', page), 'utf8');
  return Array.from(
    text.matchAll(/```(sh|ts)\n(.*?)```/gs),
    ([, language = '', code = '']) => [language, code] as const,
  );
}

async function run(language: string, code: string): Promise<string> {
  const real = code
    .replaceAll('https://files.example', web.url)
    .replaceAll('/srv/catalog', demo)
    .replaceAll("'callboard/client'", `'${join(root, 'src/client.ts')}'`);
  const env = {
    PATH: [join(folder, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
    CALLBOARD_SERVER: server.url,
  };
  mkdirSync(join(folder, 'work'), { recursive: true });
  const [program, args] =
    language === 'sh' ? ['sh', ['-euc', real]] : [process.execPath, [write('work/example.ts', real)]];
  const { stdout } = await promisify(execFile)(program, args, { cwd: join(folder, 'work'), env, timeout: 60_000 });
  return stdout;
}

describe('the page about locations', () => {
  const examples = examplesOf('locations.md');

  test('has examples of commands and of a program', () => {
    expect(examples.map(([language]) => language)).toEqual([...Array.from({ length: 8 }, () => 'sh'), 'ts']);
  });

  test('says what happens', async () => {
    putProgram('callboard', `exec '${process.execPath}' '${main}' "$@"`);
    const said: string[] = [];
    for (const [language, code] of examples) said.push(await run(language, code));
    const [sources, listed, refreshed, preview, registered, , problems, history, program] = said;
    expect(sources).toMatch(new RegExp(`^file:${demo} +catalog +fresh`, 'm'));
    expect(JSON.parse(listed ?? '')).toMatchObject({ items: [{ type: 'file', target: demo, state: 'fresh' }] });
    expect(refreshed).toMatch(/looked at again: nothing changed/);
    expect(preview).toMatch(/^create +component:default\/ramp/m);
    expect(registered).toMatch(/^Registered as .*\n(.*\n)+Would be removed: .*\n(.*\n)*Removed: /m);
    expect(problems).toMatch(/error {2}/);
    expect(history).toMatch(/created {2}\(revision \d+\)(.|\n)*"ancestry":\[\{"ref":"location:default\//);
    expect(program).toBe('cue-lights\nnot there\n');
  });
});

describe('the page about an own catalog', () => {
  test('its commands start a server that shows what they name', async () => {
    const text = JSON.stringify(component('lights'));
    for (const file of ['my-services/a.yaml', 'work/teams/b/catalog-info.yaml', 'work/org.yaml']) write(file, text);
    // Stands in for the launcher: starts the server on a free port and ends it once it said where it is.
    putProgram(
      'npm',
      `test "$1 $2" = 'start --' && shift 2 && mkfifo said && ('${process.execPath}' '${main}' serve "$@" --port 0 --log-level fatal > said & echo $! > pid)
       sed '/Open /q' said; kill "$(cat pid)"; rm said`,
    );
    const [example] = examplesOf('own-catalog.md');
    const said = await run(...(example ?? ['sh', 'exit 1']));
    expect(said.match(/Open +http:/g)).toHaveLength(2);
  });
});
