import { expect, test } from 'vitest';
import type { ProblemData } from './use-entity.ts';
import { sumOf, troubleByRef, worstFirst } from './worst-first.ts';

function problem(severity: ProblemData['severity'], entityRef?: string): ProblemData {
  const since = '2026-11-20T08:00:00.000Z';
  return {
    id: `${severity} ${entityRef}`,
    severity,
    code: 'c',
    message: 'm',
    source: 's',
    location: 'file:/a',
    since,
    ...(entityRef !== undefined && { entityRef }),
  };
}

const troubles = troubleByRef([
  problem('warning', 'component:default/a'),
  problem('warning', 'component:default/a'),
  problem('error', 'api:default/b'),
  problem('warning', 'component:default/c'),
  problem('error'),
]);

test('the worst come first, and what belongs to no entity is nobody’s', () => {
  expect(worstFirst(troubles)).toEqual(['api:default/b', 'component:default/a', 'component:default/c']);
  expect(worstFirst(troubles, 'component')).toEqual(['component:default/a', 'component:default/c']);
});

test('the trouble of many is their sum', () => {
  expect(sumOf(troubles.values())).toEqual({ errors: 1, warnings: 3 });
  expect(sumOf([])).toEqual({ errors: 0, warnings: 0 });
});
