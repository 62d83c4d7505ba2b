import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../test/support/surroundings.ts';
import { lockFolder } from '../store/folder-lock.ts';
import { openStore } from '../store/open-store.ts';
import { checkGit, checkNode, checkWeb } from './doctor-machine.ts';
import type { Finding } from './doctor.ts';
import { portHolder } from './port-holder.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'callboard-doctor-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

async function examine(...args: readonly string[]): Promise<{ code: number; findings: readonly Finding[] }> {
  const { code, out } = await runCommand(cwd, ['doctor', '--port', '0', '-o', 'json', ...args]);
  return { code, findings: (JSON.parse(out) as { findings: readonly Finding[] }).findings };
}

function of(findings: readonly Finding[], check: string): Finding | undefined {
  return findings.find((finding) => finding.check === check);
}

describe('callboard doctor', () => {
  test('finds a machine that is ready', async () => {
    writeFileSync(join(cwd, 'catalog-info.yaml'), '');
    const { code, findings } = await examine('--catalog', 'catalog-info.yaml');
    expect(code).toBe(0);
    expect(findings.map(({ check }) => check)).toEqual([
      'callboard',
      'node',
      'git',
      'configuration',
      'data',
      'database',
      'port',
      'catalog',
      'web',
    ]);
    expect(of(findings, 'data')).toMatchObject({ status: 'ok', detail: `${join(cwd, '.callboard')} will be made` });
    expect(of(findings, 'database')).toMatchObject({ status: 'ok', detail: 'none yet; the first start makes it' });
  });

  test('prints a line a finding, with its fix', async () => {
    const { code, out } = await runCommand(cwd, ['doctor', '--no-demo', '--port', '0']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ok {4}node {11}v\d+/m);
    expect(out).toMatch(/^warn {2}catalog {8}no location is configured\n {21}-> name one with --catalog/m);
  });

  test('names what is wrong with the configuration, and goes on with the machine', async () => {
    writeFileSync(join(cwd, 'callboard.yaml'), 'colour: red');
    const { code, findings } = await examine();
    expect(code).toBe(1);
    expect(of(findings, 'configuration')).toMatchObject({ status: 'fail' });
    expect(of(findings, 'web')).toBeDefined();
  });

  test('names a location that is not there', async () => {
    writeFileSync(join(cwd, 'callboard.yaml'), 'catalog: { locations: [missing.yaml] }');
    const { code, findings } = await examine();
    expect(code).toBe(1);
    expect(of(findings, 'catalog')).toMatchObject({ status: 'fail', fix: 'correct callboard.yaml:1' });
  });

  test('names who serves the data folder', async () => {
    mkdirSync(join(cwd, '.callboard'));
    const lock = lockFolder(join(cwd, '.callboard'));
    try {
      expect(of((await examine()).findings, 'data')).toMatchObject({
        status: 'warn',
        detail: `${join(cwd, '.callboard')} is served by process ${process.pid}`,
      });
    } finally {
      lock.release();
    }
    expect(of((await examine()).findings, 'data')).toMatchObject({ status: 'ok' });
  });

  test('names a data folder that cannot be one', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const { code, findings } = await examine('--data', 'file/data');
    expect(code).toBe(1);
    expect(of(findings, 'data')).toMatchObject({ status: 'fail' });
  });

  test('reads the revision of the database', async () => {
    const folder = join(cwd, '.callboard');
    const store = await openStore({
      url: undefined,
      folder,
      retention: { revisions: 1, logRows: 1000, historyDays: 1 },
    });
    await store.close();
    expect(of((await examine()).findings, 'database')).toMatchObject({ status: 'ok', detail: 'SQLite, revision 0' });
  });

  test('a database that does not answer is a failure without its password', async () => {
    const { code, findings } = await examine('--database', 'postgres://user:hunter2@127.0.0.1:1/x');
    expect(code).toBe(1);
    expect(of(findings, 'database')).toMatchObject({ status: 'fail' });
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('names who holds the port, and whether it is a Callboard', async () => {
    const other = createServer((_request, response) =>
      response.end(other.listenerCount('title') > 0 ? '{"info":{"title":"Callboard"}}' : 'hello'),
    );
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    try {
      const first = await examine('--port', String(port));
      expect(first.code).toBe(1);
      expect(of(first.findings, 'port')).toMatchObject({ status: 'fail' });
      if (process.platform === 'linux') {
        expect(portHolder(port)?.pid).toBe(process.pid);
        expect(of(first.findings, 'port')?.detail).toContain(`process ${process.pid}`);
      }
      other.on('title', () => undefined);
      expect(of((await examine('--port', String(port))).findings, 'port')).toMatchObject({ status: 'warn' });
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  test('knows a Node that is too old, a missing git, and a missing build', async () => {
    expect(checkNode('v22.9.0')).toMatchObject({ status: 'fail', fix: 'install Node 24 or newer' });
    expect(await checkGit('no-such-git')).toMatchObject({ status: 'warn' });
    expect(checkWeb(join(cwd, 'none'))).toMatchObject({ status: 'warn' });
  });
});
