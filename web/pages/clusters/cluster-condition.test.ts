import { expect, test } from 'vitest';
import { SHOWN_SINCE, shownCluster as cluster } from '../../../test/support/shown-cluster.ts';
import {
  type ClusterQuestion,
  conditionOf,
  countVersions,
  minorOf,
  questionOf,
  questionTitle,
} from './cluster-condition.ts';

const MINUTE = 60_000;
const degraded = { health: { Healthy: 4, Degraded: 2 } };
const lame = { nodes: { ready: 2, total: 3 } };

const lacksNodes = 'Warning: no workload is degraded, and nothing critical is known.';

test('what is degraded is worse than a node that is not ready; a cluster with neither has no condition', () => {
  expect(conditionOf(cluster('a', { ...degraded, ...lame }))).toEqual({
    mark: 'degraded',
    tile: 'cluster-degraded',
    words: '2 of 6 workloads degraded',
    why: 'Severe: at least 5 % of its workloads are degraded.',
  });
  expect(conditionOf(cluster('a', lame))).toEqual({
    mark: 'warning',
    tile: 'cluster-warned',
    words: '1 node not ready',
    why: lacksNodes,
  });
  expect(conditionOf(cluster('a', { health: { Healthy: 4, Progressing: 1 }, nodes: { ready: 3, total: 3 } }))).toBe(
    undefined,
  );
});

test('one of many that is degraded is a warning; from one of twenty on, or with a critical finding, it is severe', () => {
  const one = (total: number) => cluster('a', { health: { Healthy: total - 1, Degraded: 1 } });
  expect(conditionOf(one(21))).toMatchObject({ mark: 'warning', words: '1 of 21 workloads degraded' });
  expect(conditionOf(one(20))).toMatchObject({ mark: 'degraded', words: '1 of 20 workloads degraded' });
  expect(conditionOf({ ...one(100), critical: 2 })).toMatchObject({
    mark: 'degraded',
    words: '1 of 100 workloads degraded, 2 findings critical',
    why: 'Severe: something is critical.',
  });
  expect(conditionOf({ ...cluster('a', { health: { Healthy: 9 } }), critical: 1 })).toMatchObject({
    mark: 'degraded',
    words: '1 finding critical',
  });
  expect(conditionOf(cluster('a', { health: { Healthy: 9 } }))).toBeUndefined();
});

test('one is told in the singular, thousands with their sign', () => {
  expect(conditionOf(cluster('a', { health: { Degraded: 1 } }))?.words).toBe('1 of 1 workload degraded');
  expect(conditionOf(cluster('a', { nodes: { ready: 0, total: 1_200 } }))?.words).toBe(
    `${(1_200).toLocaleString()} nodes not ready`,
  );
});

test.each(['unreachable', 'denied', 'stale'] as const)('of a cluster that is %s nothing else is said', (state) => {
  expect(conditionOf(cluster('a', { state, ...degraded, ...lame }))).toBeUndefined();
});

test('versions are compared by number, whatever the provider writes behind them', () => {
  const older = minorOf({ version: 'v1.9.11' }) ?? Number.NaN;
  expect(older).toBeLessThan(minorOf({ version: 'v1.34.2-eks-a1b2' }) ?? Number.NaN);
  expect(minorOf({ version: '1.34' })).toBe(minorOf({ version: 'v1.34.9+k3s1' }));
  for (const version of [undefined, '', 'unknown', 'v1'])
    expect(minorOf(cluster('a', version === undefined ? {} : { version }))).toBeUndefined();
});

test('versions are counted by their minor, the newest first; a version that is not known counts nowhere', () => {
  const versions = ['v1.9.1', 'v1.33.1', 'v1.34.2', 'v1.33.8', ''];
  expect(countVersions(versions.map((version) => cluster('a', { version })))).toEqual([
    ['1.34', 1],
    ['1.33', 2],
    ['1.9', 1],
  ]);
});

const all = [
  cluster('well', { version: 'v1.34.1', health: { Healthy: 3 }, nodes: { ready: 3, total: 3 } }),
  cluster('ill', { ...degraded, version: 'v1.34.0' }),
  cluster('lame', { ...lame, version: 'v1.33.4' }),
  cluster('fresh', { state: 'unreachable' }),
  cluster('gone', { state: 'unreachable', since: new Date(Date.parse(SHOWN_SINCE) - 5 * MINUTE).toISOString() }),
  cluster('refusing', { state: 'denied', since: '2026-11-20T08:00:00.000Z' }),
];

test.each<[ClusterQuestion, readonly string[], string]>([
  ['degraded', ['ill'], 'workloads degraded'],
  ['nodes', ['lame'], 'nodes not ready'],
  ['behind', ['lame'], 'version below 1.34'],
  ['lost', ['gone'], 'unreachable for 5 min'],
])('the question “%s” keeps %j and is called “%s”', (question, kept, title) => {
  const asked = questionOf(question, all, Date.parse(SHOWN_SINCE) + MINUTE);
  expect(all.filter(asked).map(({ name }) => name)).toEqual(kept);
  expect(questionTitle(question, all)).toBe(title);
});

test('where no version is known, none is behind', () => {
  const unknown = [cluster('a'), cluster('b')];
  expect(unknown.filter(questionOf('behind', unknown, 0))).toEqual([]);
  expect(questionTitle('behind', unknown)).toBe('older version');
});
