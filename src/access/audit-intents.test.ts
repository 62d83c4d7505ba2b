import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { MemoryAccessStore } from '../../test/support/memory-access-store.ts';
import type { AuditEntry } from '../store/access-records.ts';
import { storeError } from '../store/errors.ts';
import { createLog } from '../telemetry/log.ts';
import { type AccessState, openAccessState } from './access-state.ts';
import { AuditIntents } from './audit-intents.ts';
import { AuditLog } from './audit-log.ts';

const log = createLog({ level: 'fatal', format: 'json' });
const entry: AuditEntry = {
  at: Date.UTC(2026, 2, 1),
  actor: 'user:default/ada',
  action: 'fleet.workload.restart',
  target: 'eu/shop/Deployment/web',
  outcome: 'success',
  requestId: 'r-1',
  data: { why: 'stuck' },
};

let clock: ManualClock;
let store: MemoryAccessStore;
let state: AccessState;
let started: AuditIntents[];

beforeEach(async () => {
  clock = new ManualClock();
  store = new MemoryAccessStore();
  state = await openAccessState({ store, clock, log });
  started = [];
});
afterEach(async () => {
  for (const intents of started) await intents.close();
  await state.close();
});

/** Another server over the same store. */
function server(isAlone: boolean): AuditIntents {
  const intents = new AuditIntents({ state, isAlone, clock, log });
  started.push(intents);
  return intents;
}

const outcomes = (): readonly string[] => store.entries.map(({ outcome }) => outcome);
const left = (): number => [...state.all('intent')].length;

/** Lets what goes on without timers go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what is about to be done is stored before it may be, and its end takes it away in one transaction', async () => {
  const key = await server(true).begin(entry);
  expect(store.entries).toMatchObject([{ ...entry, outcome: 'pending' }]);
  expect(left()).toBe(1);
  const commits = store.commits;
  const audit = new AuditLog({ store, clock, log });
  await audit.record(entry, key);
  expect(store.commits).toBe(commits + 1);
  await state.catchUp();
  expect([outcomes(), left()]).toEqual([['pending', 'success'], 0]);
});

test('what cannot be stored is not to be done', async () => {
  store.fault = storeError('STORE_UNAVAILABLE', { reason: 'away' });
  await expect(server(true).begin(entry)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('a start records that nobody knows the outcome of what the server before had begun, once', async () => {
  await server(true).begin(entry);
  server(true).start();
  server(true).start();
  await expect.poll(outcomes).toEqual(['pending', 'unknown']);
  await settle();
  expect(store.entries.at(-1)).toMatchObject({
    ...entry,
    at: clock.now(),
    outcome: 'unknown',
    data: { why: 'stuck', began: '2026-03-01T00:00:00.000Z', reason: 'SERVER_ENDED' },
  });
  expect(outcomes()).toHaveLength(2);
  expect(left()).toBe(0);
});

test('nobody speaks for a server that is still at it: not itself, and others only after a minute', async () => {
  const own = server(true);
  await own.begin({ ...entry, at: clock.now() });
  own.start();
  server(false).start();
  await settle();
  clock.advance(45_000);
  await settle();
  expect(outcomes()).toEqual(['pending']);
  clock.advance(45_000);
  await expect.poll(outcomes).toEqual(['pending', 'unknown']);
});

test('while the store fails it is tried again', async () => {
  await server(true).begin(entry);
  store.fault = storeError('STORE_UNAVAILABLE', { reason: 'away' });
  server(true).start();
  await settle();
  store.fault = undefined;
  expect(outcomes()).toEqual(['pending']);
  clock.advance(30_000);
  await expect.poll(outcomes).toEqual(['pending', 'unknown']);
});
