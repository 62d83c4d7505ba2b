import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogCursor } from './log-cursor.ts';

interface Line {
  readonly at: string;
  readonly moment: number;
  readonly id: number;
}

/** A log whose lines stand at these moments, ms since 1970; several may stand at one. */
function logOf(moments: readonly number[]): readonly Line[] {
  return moments.map((moment, id) => ({ at: new Date(moment).toISOString(), moment, id }));
}

/** What a kubelet answers: it takes whole seconds. */
function since(log: readonly Line[], from: string | undefined): readonly Line[] {
  const moment = from === undefined ? -Infinity : Math.floor(Date.parse(from) / 1000) * 1000;
  return log.filter((line) => line.moment >= moment);
}

describe('reading that is cut again and again', () => {
  test('loses no line and tells none twice', () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })), { maxLength: 60 });
    const cuts = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
    fc.assert(
      fc.property(gaps, cuts, (steps, lengths) => {
        let moment = 1_700_000_000_000;
        const log = logOf(steps.map((step) => (moment += step)));
        const cursor = new LogCursor();
        const told: number[] = [];
        for (const length of [...lengths, Infinity]) {
          const answer = since(log, cursor.resume());
          for (const line of answer.slice(0, length)) if (cursor.take(line)) told.push(line.id);
        }
        expect(told).toEqual(log.map(({ id }) => id));
      }),
      { numRuns: 1_000 },
    );
  });

  test('shows nothing from before the first line, which was not asked for', () => {
    const log = logOf([0, 100, 200, 300].map((more) => 1_700_000_000_000 + more));
    const cursor = new LogCursor();
    cursor.take(log[2] ?? { at: '', moment: 0 });
    expect(since(log, cursor.resume()).filter((line) => cursor.take(line))).toEqual([log[3]]);
  });

  test('begins where the log was opened if nothing was read of it', () => {
    const cursor = new LogCursor();
    expect(cursor.resume()).toBeUndefined();
    cursor.open(Date.parse('2026-05-04T09:14:22.300Z'));
    cursor.open(Date.parse('2026-05-04T10:00:00Z'));
    expect(cursor.resume()).toBe('2026-05-04T09:14:20.000Z');
  });

  test('remembers so many moments and no more', () => {
    const cursor = new LogCursor();
    for (let id = 0; id < 50_000; id += 1)
      cursor.take({ at: `2026-05-04T09:14:22.${String(id).padStart(6, '0')}Z`, moment: 1_700_000_000_000 + id / 1000 });
    expect(cursor.take({ at: 'z', moment: 1_700_000_000_051 })).toBe(true);
  });
});
