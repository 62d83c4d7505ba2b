import { expect, test } from 'vitest';
import { auditFilters, isNarrowed } from './audit-question.ts';
import { readAuditSearch } from './audit-search.ts';

test('days are asked for from their beginning to the end of the last one', () => {
  expect(auditFilters({ from: '2026-02-27', until: '2026-02-28' })).toMatchObject({
    from: '2026-02-27T00:00:00.000Z',
    until: '2026-03-01T00:00:00.000Z',
  });
});

test('what has no meaning leaves the URL', () => {
  const read = readAuditSearch({
    outcome: 'perhaps',
    from: '2026-02-30',
    before: '0',
    record: 'x',
    q: 7,
    other: 'kept',
  });
  expect(read).toEqual({ other: 'kept' });
  expect(readAuditSearch({ outcome: 'denied', until: '2026-02-28', before: '12' })).toEqual({
    outcome: 'denied',
    until: '2026-02-28',
    before: '12',
  });
});

test('a place in the log or an open record narrows nothing', () => {
  expect(isNarrowed({ before: '12', record: '3' })).toBe(false);
  expect(isNarrowed({ actor: 'user:default/ann' })).toBe(true);
});
