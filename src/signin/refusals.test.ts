import { expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import type { AuditEntry } from '../store/access-records.ts';
import { Refusals } from './refusals.ts';

test('a flood of refused sign-ins does not fill the log; the next record says how many were left out', async () => {
  const clock = new ManualClock(0);
  const kept: AuditEntry[] = [];
  const refusals = new Refusals({ record: (entry) => void kept.push(entry) }, clock);
  const entry: AuditEntry = { at: 0, actor: 'anonymous', action: 'a', outcome: 'denied', data: { reason: 'x' } };
  for (let at = 0; at < 100; at += 1) await refusals.record(entry);
  expect(kept).toHaveLength(60);
  clock.advance(1000);
  await refusals.record(entry);
  await refusals.record(entry);
  expect(kept).toHaveLength(61);
  expect(kept.at(-1)?.data).toEqual({ reason: 'x', leftOut: 40 });
  expect(kept[0]?.data).toEqual({ reason: 'x' });
});
