import { expect, test } from 'vitest';
import type { SourceData } from '../sources/use-sources.ts';
import type { FactData, ProblemData } from './use-entity.ts';
import { judge } from './verdict-text.ts';

const since = '2026-11-20T08:00:00.000Z';

function problem(severity: ProblemData['severity'], at = since): ProblemData {
  return { id: at, severity, code: 'entity-schema', message: 'It limps', source: 's', location: 'file:/a', since: at };
}

function fact(state: FactData['state']): FactData {
  return { collector: 'c', path: 'p', value: 1, source: 's', observedAt: since, ageSeconds: 1, state };
}

function source(state: SourceData['state']): SourceData {
  return {
    collector: 'catalog',
    source: 's',
    state,
    checkedAt: since,
    expiresAt: since,
    locations: 1,
    errors: 0,
    warnings: 0,
  };
}

const good = { problems: [], facts: [fact('fresh')], source: source('fresh') };

test('nothing is good before everything was heard', () => {
  expect(judge(good).state).toBe('healthy');
  expect(judge({ ...good, problems: undefined }).state).toBe('unknown');
  expect(judge({ ...good, facts: undefined }).state).toBe('unknown');
  expect(judge({ ...good, source: undefined }).state).toBe('unknown');
});

test('an error outweighs everything, and is told with its beginning', () => {
  const later = '2026-11-21T08:00:00.000Z';
  const verdict = judge({ ...good, problems: [problem('error', later), problem('error')], source: source('failed') });
  expect(verdict).toEqual({ state: 'degraded', words: '2 errors in its descriptor', since: Date.parse(since) });
});

test('what it holds counts when nothing is wrong with itself', () => {
  const held = 'Problems in its parts';
  expect(judge({ ...good, held })).toEqual({ state: 'warning', words: held });
  expect(judge({ ...good, held, problems: [problem('error')] }).state).toBe('degraded');
});

test('what stands in a file that cannot be read is not called good', () => {
  const verdict = judge({ ...good, isPlaceBroken: true });
  expect(verdict.state).toBe('stale');
  expect(verdict.words).toContain('cannot be read');
  expect(judge({ ...good, isPlaceBroken: true, problems: [problem('error')] }).state).toBe('degraded');
});

test('what may be out of date is said before a warning', () => {
  const problems = [problem('warning')];
  expect(judge({ ...good, problems, source: source('stale') }).words).toContain('not been read in time');
  expect(judge({ ...good, problems, facts: [fact('failed')] }).words).toBe('1 fact could not be observed');
  expect(judge({ ...good, problems, facts: [fact('stale')] }).words).toBe('1 fact out of date');
  expect(judge({ ...good, problems }).words).toBe('1 warning on its descriptor');
});
