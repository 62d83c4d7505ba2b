import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { MemoryAccessStore } from '../../test/support/memory-access-store.ts';
import type { AuditEntry } from '../store/access-records.ts';
import { storeError } from '../store/errors.ts';
import { registerSecret } from '../telemetry/mask.ts';
import { tidyAuditEntry } from './audit-entry.ts';
import { AuditLog } from './audit-log.ts';

const entry = (action: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: 1,
  actor: 'user:default/a',
  action,
  outcome: 'success',
  ...more,
});

function logLines(): { readonly log: Logger; readonly lines: () => readonly Record<string, unknown>[] } {
  let text = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const lines = () =>
    text
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log: pino({}, destination), lines };
}

test('entries are stored in order, together where they come together', async () => {
  const store = new MemoryAccessStore();
  const audit = new AuditLog({ store, clock: new ManualClock(), log: logLines().log });
  for (let n = 0; n < 1_200; n += 1) void audit.record(entry(`a.b.${n}`));
  await audit.close();
  expect(store.entries.map(({ action }) => action)).toEqual(Array.from({ length: 1_200 }, (_, n) => `a.b.${n}`));
  expect(store.commits).toBe(3);
});

test('while the store fails entries wait, it is said once and counted, and nothing is lost', async () => {
  const store = new MemoryAccessStore();
  const clock = new ManualClock();
  const { log, lines } = logLines();
  const audit = new AuditLog({ store, clock, log });
  store.fault = storeError('STORE_UNAVAILABLE', { reason: 'away' });
  void audit.record(entry('first'));
  await expect.poll(() => audit.failures).toBe(1);
  await expect.poll(() => clock.timers).toBe(1);
  clock.advance(200);
  await expect.poll(() => audit.failures).toBe(2);
  void audit.record(entry('second'));
  expect(audit.waiting).toBe(2);
  store.fault = undefined;
  await expect.poll(() => clock.timers).toBe(1);
  clock.advance(400);
  await expect.poll(() => audit.waiting).toBe(0);
  expect(store.entries.map(({ action }) => action)).toEqual(['first', 'second']);
  expect(lines().map(({ msg }) => msg)).toEqual(['audit records cannot be stored', 'audit records are stored again']);
  await audit.close();
});

test('who records an entry waits until it is durable', async () => {
  const store = new MemoryAccessStore();
  const audit = new AuditLog({ store, clock: new ManualClock(), log: logLines().log });
  await audit.record(entry('first'));
  expect(store.entries.map(({ action }) => action)).toEqual(['first']);
  await audit.close();
});

test('while the store fails nobody waits for it, until more wait than fit', async () => {
  const store = new MemoryAccessStore();
  const clock = new ManualClock();
  const audit = new AuditLog({ store, clock, log: logLines().log });
  store.fault = storeError('STORE_UNAVAILABLE', { reason: 'away' });
  await audit.record(entry('a.b.0'));
  for (let n = 1; n < 5_000; n += 1) await audit.record(entry(`a.b.${n}`));
  let isLetGo = false;
  const surplus = audit.record(entry('a.b.surplus')).then(() => (isLetGo = true));
  await Promise.resolve();
  expect(isLetGo).toBe(false);
  await expect.poll(() => clock.timers).toBe(1);
  store.fault = undefined;
  clock.advance(200);
  await surplus;
  await audit.close();
  expect(store.entries).toHaveLength(5_001);
});

test('what cannot be stored until the end stands in the log, entry by entry', async () => {
  const store = new MemoryAccessStore();
  const clock = new ManualClock();
  const { log, lines } = logLines();
  const audit = new AuditLog({ store, clock, log });
  store.fault = storeError('STORE_FAILED', { reason: 'gone' });
  void audit.record(entry('kept.in.log'));
  const closed = audit.close();
  for (let n = 0; n < 20; n += 1) {
    clock.advance(1_000);
    await Promise.resolve();
  }
  await closed;
  void audit.record(entry('too.late'));
  expect(audit.lost).toBe(2);
  const lost = lines().filter(({ msg }) => msg === 'audit record was not stored');
  expect(lost.map(({ audit: told }) => (told as AuditEntry).action)).toEqual(['kept.in.log', 'too.late']);
});

test('an entry that no database can hold keeps the next one from nothing', async () => {
  const store = new MemoryAccessStore();
  const audit = new AuditLog({ store, clock: new ManualClock(), log: logLines().log });
  store.fault = storeError('WRITE_INVALID', { reason: 'odd' });
  void audit.record(entry('odd'));
  await expect.poll(() => audit.lost).toBe(1);
  store.fault = undefined;
  void audit.record(entry('next'));
  await audit.close();
  expect(store.entries.map(({ action }) => action)).toEqual(['next']);
});

describe('an entry as it is kept', () => {
  test('shows no secret, in no text of it', () => {
    registerSecret('hunter2-hunter2');
    const data = { url: 'https://me:hunter2-hunter2@x/', list: [{ 'hunter2-hunter2': 'is hunter2-hunter2' }] };
    const tidy = tidyAuditEntry(entry('a.b.c', { actor: 'hunter2-hunter2', target: 'x hunter2-hunter2', data }));
    expect(JSON.stringify(tidy)).not.toContain('hunter2');
    expect(tidy).toMatchObject({ actor: '***', target: 'x ***', data: { url: 'https://me:***@x/' } });
  });

  test('is bounded, and such that every database holds it', () => {
    const deep = JSON.parse('['.repeat(50) + ']'.repeat(50)) as [];
    const tidy = tidyAuditEntry(
      entry('a\0b', {
        at: 1.5,
        target: 'x'.repeat(5_000),
        data: { half: '\ud800', deep, big: 'y'.repeat(900), none: null },
      }),
    );
    expect(tidy.action).toBe('a\ufffdb');
    expect(tidy.at).toBe(1);
    expect(tidy.target).toHaveLength(1_000);
    expect(tidy.data?.['half']).toBe('\ufffd');
    expect(JSON.stringify(tidy.data?.['deep'])).toBe('[[[[[[[["…"]]]]]]]]');
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`k${n}`, 'z'.repeat(900)]));
    const cut = tidyAuditEntry(entry('a', { data: many })).data;
    expect(cut?.['cut']).toBe(true);
    expect(JSON.stringify(cut).length).toBeLessThan(17_000);
  });
});
