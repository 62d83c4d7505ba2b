import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openAccessState } from '../../src/access/access-state.ts';
import { sessionCookie } from '../../src/access/session-cookie.ts';
import { Sessions } from '../../src/access/sessions.ts';
import { systemClock } from '../../src/base/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { KEEP_ALL } from '../support/keep-all.ts';
import { killed } from '../support/store-fork.ts';

const ROUNDS = 4;
const program = fileURLToPath(new URL('../support/session-process.ts', import.meta.url));

/** What a process said before it was killed: cookies of sessions that it began for good, and of those that it ended. */
async function runAndKill(folder: string): Promise<{ readonly lasting: string[]; readonly ended: string[] }> {
  const said = { lasting: [] as string[], ended: [] as string[] };
  const child = fork(program, [folder], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const started = new Promise<void>((resolve) => {
    child.on('message', (message: { lasting?: string; ended?: string }) => {
      if (message.lasting !== undefined) said.lasting.push(message.lasting);
      if (message.ended !== undefined) said.ended.push(message.ended);
      resolve();
    });
    child.once('exit', () => resolve());
  });
  await started;
  await systemClock.sleep(20 + systemClock.random() * 80);
  await killed(child);
  return said;
}

/** Who each cookie opens, as a new process finds it. */
async function openedBy(folder: string, cookies: readonly string[]): Promise<readonly (string | undefined)[]> {
  const log = createLog({ level: 'fatal', format: 'json' });
  const store = await openStore({ url: undefined, folder, retention: KEEP_ALL });
  const state = await openAccessState({ store: store.access, clock: systemClock, log });
  const cookie = sessionCookie('http://localhost:7007');
  const lasting = { idleMs: 3_600_000, maxMs: 3_600_000 };
  const sessions = new Sessions({ state, cookie, clock: systemClock, log, ...lasting });
  const found = await Promise.all(
    cookies.map(async (set) => (await sessions.open(cookie.read(set.split(';', 1)[0]) ?? ''))?.ref),
  );
  const { intact, problem } = await store.access.verifyAudit();
  expect(intact, problem).toBe(true);
  await sessions.close();
  await state.close();
  await store.close();
  return found;
}

test('a session that was acknowledged survives a kill, and one that was ended stays so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-kill-'));
  try {
    const lasting: string[] = [];
    const ended: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const said = await runAndKill(folder);
      lasting.push(...said.lasting);
      ended.push(...said.ended);
      const found = await openedBy(folder, [...lasting, ...ended]);
      expect(found.slice(0, lasting.length)).not.toContain(undefined);
      expect(new Set(found.slice(lasting.length))).toEqual(new Set([undefined]));
    }
    expect(lasting.length).toBeGreaterThan(ROUNDS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
