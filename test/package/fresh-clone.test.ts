import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { findOldNode, ownNode } from '../support/old-node.ts';

const root = resolve(import.meta.dirname, '../..');
// A newcomer's Node is often older; then the launcher must fetch its own.
const node = findOldNode() ?? ownNode();
let clone: string;
const running: Started[] = [];

interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

interface Started {
  readonly ended: Promise<Ended>;
  printed(): string;
  /** Sends a signal to npm alone. */
  kill(signal: NodeJS.Signals): void;
  /** Sends a signal to npm and all that it started, as a terminal does for Ctrl+C. */
  interrupt(): void;
  /** Ends whatever a failed test has left. */
  destroy(): void;
}

/** Runs `npm` in the clone, without anything that the running test run has in its environment. */
function npm(args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE|VITEST|PORT$|INIT_CWD$)/i.test(name));
  const child = spawn('npm', args, {
    cwd: clone,
    env: { ...Object.fromEntries(inherited), PATH: node.path, npm_config_ignore_scripts: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const group = -(child.pid ?? 0);
  let isOver = false;
  const started: Started = {
    ended: new Promise((done) =>
      child.on('close', (code) => {
        isOver = true;
        done({ code, printed });
      }),
    ),
    printed: () => printed,
    kill: (signal) => child.kill(signal),
    interrupt: () => process.kill(group, 'SIGINT'),
    destroy: () => {
      // `close` comes when the last of the group has let go of the pipes.
      if (!isOver) process.kill(group, 'SIGKILL');
    },
  };
  running.push(started);
  return started;
}

/** Waits for the line that says where the server is. */
async function urlOf(started: Started): Promise<string> {
  let code: number | null | undefined;
  void started.ended.then((ended) => (code = ended.code));
  while (code === undefined) {
    const url = /Open +(http:\S+)/.exec(started.printed())?.[1];
    if (url !== undefined) return url;
    await systemClock.sleep(50);
  }
  throw new Error(`npm start ended with ${code}:\n${started.printed()}`);
}

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'callboard-clone-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const path of listed.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    cpSync(join(root, path), join(clone, path));
  }
});

afterEach(async () => {
  for (const started of running.splice(0)) {
    started.destroy();
    await started.ended;
  }
});

afterAll(() => {
  rmSync(clone, { recursive: true, force: true });
});

describe(`a fresh clone on Node ${node.version}`, () => {
  test('two npm start at once do all set-up once, and both run', async () => {
    const starts = [1, 2].map((number) => npm(['start', '--', '--no-demo', '--port', '0', '--data', `data-${number}`]));
    for (const started of starts) {
      const url = await urlOf(started);
      const page = await fetch(url, { headers: { accept: 'text/html' } });
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('importmap')]);
      expect((await fetch(`${url}/api/v1/entities`)).status).toBe(200);
    }
    for (const started of starts) started.interrupt();
    const ends = await Promise.all(starts.map(({ ended }) => ended));
    for (const { printed } of ends) expect(printed).toContain('SIGINT: closing');
    const times = (text: string): number =>
      ends.filter(({ printed }) => new RegExp(`^${text}`, 'm').test(printed)).length;
    expect([times('Installing packages'), times('Building the web interface')]).toEqual([1, 1]);
    expect(
      readdirSync(join(clone, '.cache')).filter((name) => name.startsWith('.node-') || name.endsWith('.lock')),
    ).toEqual([]);
  });

  test('a second npm start installs and builds nothing, also without a network', async () => {
    const started = npm(['start', '--', '--no-demo', '--port', '0'], { npm_config_offline: 'true' });
    const url = await urlOf(started);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    // npm's shell dies of this without passing it on; the launcher sees that it is alone.
    started.kill('SIGTERM');
    const { printed } = await started.ended;
    expect(printed).not.toMatch(/Installing|Building/);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('a command’s exit code comes through', async () => {
    const { code, printed } = await npm(['run', 'callboard', '--', 'query', 'true', '--server', 'http://127.0.0.1:1'])
      .ended;
    expect(code).toBe(3);
    expect(printed).toContain('SERVER_UNREACHABLE');
  });
});
