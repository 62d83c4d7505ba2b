import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { runCommand, testSurroundings } from '../support/surroundings.ts';

const root = resolve(import.meta.dirname, '../..');
let cwd: string;
const ends: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'callboard-commands-'));
  mkdirSync(join(cwd, 'services'));
  for (const name of ['lights', 'sound', 'fog']) {
    const text = `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${name} }\nspec: { type: service, lifecycle: production, owner: stage }\n`;
    writeFileSync(join(cwd, 'services', `${name}.yaml`), text);
  }
});

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  rmSync(cwd, { recursive: true, force: true });
});

interface Served {
  readonly url: string;
  /** All output so far. */
  text(): string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** Runs `callboard serve` in a process of its own until it says where it is. */
async function serve(...args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), 'serve', '--port', '0', ...args], {
    cwd,
    env: { ...process.env, PORT: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ended = new Promise<number | null>((done) => child.on('close', done));
  ends.push(() => {
    child.kill('SIGKILL');
    return ended;
  });
  const url = await new Promise<string>((found, failed) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const said = /Open +(http:\S+)/.exec(printed)?.[1];
      // The whole welcome is one burst of lines.
      if (said !== undefined && printed.includes('Configured')) found(said);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => failed(new Error(`serve ended with ${code}: ${printed}`)));
  });
  return {
    url,
    text: () => printed,
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

async function ready(url: string): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    if ((await fetch(`${url}/readyz`)).ok) return;
    await systemClock.sleep(50);
  }
  throw new Error('the server did not become ready');
}

describe('callboard serve', () => {
  test('says where it is, what it shows and where its data lives; a signal closes it in order', async () => {
    const server = await serve('--catalog', 'services');
    await ready(server.url);
    expect(server.url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(server.text()).toContain('(this machine only)');
    expect(server.text()).toContain(`Catalog    ${join(cwd, 'services')} (--catalog)`);
    expect(server.text()).toContain(`Data       SQLite in ${join(cwd, '.callboard')}`);
    expect(await server.kill('SIGTERM')).toBe(0);
    expect(server.text()).toContain('SIGTERM: closing');
    await expect(fetch(server.url)).rejects.toThrow();
  });

  test('without any configuration shows the demo organisation, says so and names the next command', async () => {
    const server = await serve('--demo-clusters', '0');
    expect(server.text()).toContain('the demo organisation, since nothing else is configured');
    expect(server.text()).toContain('Your own:  npm start -- --catalog <file, folder or glob>');
    expect(await server.kill('SIGINT')).toBe(0);
  });

  test('logs as JSON lines on standard error where nobody sits at a terminal', async () => {
    const server = await serve('--no-demo');
    await server.kill('SIGTERM');
    const lines = server
      .text()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain('listening');
  });

  test('a data folder has one server', async () => {
    const first = await serve('--no-demo');
    const { code, err } = await runCommand(cwd, ['serve', '--no-demo', '--port', '0', '--log-level', 'fatal']);
    expect([code, err]).toEqual([4, expect.stringMatching(/is in use by process \d+.*\n\(STORE_LOCKED\)$/)]);
    expect(await first.kill('SIGTERM')).toBe(0);
    const next = await serve('--no-demo');
    expect(await next.kill('SIGTERM')).toBe(0);
  });

  test('a port that is taken is named with the way out', async () => {
    const { url, kill } = await serve('--no-demo');
    const { port } = new URL(url);
    const args = ['serve', '--no-demo', '--port', port, '--data', 'other', '--log-level', 'fatal'];
    const { code, err } = await runCommand(cwd, args);
    expect(code).toBe(4);
    expect(err).toMatch(new RegExp(`^Port ${port} on 127.0.0.1 is already in use.*--port \\d+\\n\\(PORT_IN_USE\\)$`));
    await kill('SIGTERM');
  });

  test('does not open itself to the network without being told that guests may come', async () => {
    const { code, err } = await runCommand(cwd, ['serve', '--no-demo', '--port', '0', '--host', '0.0.0.0']);
    expect(code).not.toBe(0);
    expect(err).toContain('GUESTS_EXPOSED');
  });

  test('an address that is not of this machine is named with the way out', async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737): nobody has it.
    const args = ['serve', '--no-demo', '--port', '7007', '--host', '192.0.2.1', '--guests', 'everywhere'];
    const { code, err } = await runCommand(cwd, [...args, '--log-level', 'fatal']);
    expect([code, err]).toEqual([2, expect.stringContaining('(PORT_REFUSED)')]);
    expect(err).toContain('may not listen on 192.0.2.1:7007 (EADDRNOTAVAIL)');
  });

  test('echoes of a signal count once; a later one ends at once', async () => {
    let now = 0;
    const surroundings = { ...testSurroundings(cwd), clock: { ...systemClock, monotonic: () => now } };
    const args = ['serve', '--no-demo', '--port', '0', '--log-level', 'fatal'];
    const running = runCommandLine(args, surroundings);
    while (!surroundings.printed.some((line) => line.includes('Open'))) await systemClock.sleep(5);
    surroundings.send('SIGINT');
    now = 100;
    surroundings.send('SIGINT');
    expect(surroundings.exits).toEqual([]);
    now = 1000;
    surroundings.send('SIGINT');
    surroundings.send('SIGTERM');
    expect(surroundings.exits).toEqual([130, 143]);
    expect(await running).toBe(0);
  });
});

describe('callboard query', () => {
  test('asks a running server, page by page', async () => {
    const server = await serve('--catalog', 'services');
    await ready(server.url);
    const { code, out } = await runCommand(cwd, ['query', 'kind == "Component"', '--server', server.url, '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ total: 3, unknown: 0, items: [{ kind: 'Component' }, {}, {}] });
    const plan = await runCommand(cwd, ['query', 'spec.owner == "stage"', '--server', server.url, '--explain']);
    expect(plan.out).toMatch(/spec\.owner == "stage".*\[index: true 3/);
    const wrong = await runCommand(cwd, ['query', 'kind ==', '--server', server.url]);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('EXPRESSION_INVALID') as string });
    await server.kill('SIGTERM');
  });

  test('a server that does not answer has its own exit code', async () => {
    const { code, err } = await runCommand(cwd, ['query', 'true', '--server', 'http://127.0.0.1:1']);
    expect([code, err]).toEqual([3, expect.stringContaining('SERVER_UNREACHABLE')]);
    expect(await runCommand(cwd, ['query', 'true', '--server', 'ftp://x'])).toMatchObject({ code: 2 });
  });
});
