import { expect, test } from 'vitest';
import type { Cluster } from '../../../src/api/fleet.ts';
import { shownCluster as cluster } from '../../../test/support/shown-cluster.ts';
import { filterClusters, groupClusters, kindsBehind, otherWarnings, worstFirst } from './cluster-groups.ts';

const names = (clusters: readonly Cluster[]): readonly string[] => clusters.map(({ name }) => name);
const placed = (name: string, environment?: string, region?: string): Cluster =>
  cluster(name, { labels: { ...(environment && { environment }), ...(region && { region }) } });

test('are grouped by environment and region: production first, what has no label last, else by name', () => {
  const all = [
    placed('e'),
    placed('d', 'dev'),
    placed('b', 'prod', 'eu'),
    placed('a', 'prod', 'eu'),
    placed('c', 'prod'),
  ];
  const groups = groupClusters(all);
  expect(groups.map(({ environment, count }) => [environment, count])).toEqual([
    ['prod', 3],
    ['dev', 1],
    [undefined, 1],
  ]);
  expect(groups[0]?.regions.map(({ region, clusters }) => [region, names(clusters)])).toEqual([
    ['eu', ['a', 'b']],
    [undefined, ['c']],
  ]);
});

test('are kept by state, by all labels and by all words, of name, labels, version, reason and warnings', () => {
  const dark = cluster('dark', { state: 'unreachable', reason: { code: 'Timeout', message: 'It does not answer' } });
  const all = [dark, placed('eu-1', 'prod', 'eu'), cluster('old', { version: 'v1.28.3', warnings: ['Not checked'] })];
  expect(names(filterClusters(all, { state: 'unreachable' }))).toEqual(['dark']);
  expect(names(filterClusters(all, { label: 'environment=prod,region=eu' }))).toEqual(['eu-1']);
  expect(names(filterClusters(all, { label: 'environment=prod,region=us' }))).toEqual([]);
  expect(names(filterClusters(all, { q: 'ANSWER timeout' }))).toEqual(['dark']);
  expect(names(filterClusters(all, { q: '1.28 checked' }))).toEqual(['old']);
  expect(names(filterClusters(all, { q: 'region=eu' }))).toEqual(['eu-1']);
  expect(filterClusters(all, {})).toHaveLength(3);
});

test('the worst come first: by state, by kinds that lack, the longest; what is well is left out', () => {
  const job = {
    kind: 'Job',
    state: 'denied',
    reason: { code: 'Forbidden', message: 'no' },
  } as const;
  const partial = cluster('partial', { behind: [job] });
  const all = [
    cluster('well'),
    cluster('warned', { warnings: ['Not checked'] }),
    partial,
    cluster('stale', { state: 'stale' }),
    cluster('ill', { health: { Degraded: 2 } }),
    cluster('lame', { nodes: { ready: 1, total: 2 } }),
    cluster('new', { state: 'unreachable', since: '2026-11-22T09:00:00.000Z' }),
    cluster('old', { state: 'unreachable' }),
    cluster('denied', { state: 'denied' }),
  ];
  expect(names(worstFirst(all))).toEqual(['old', 'new', 'denied', 'stale', 'ill', 'lame', 'partial', 'warned']);
  expect(kindsBehind(partial).map(({ kind }) => kind)).toEqual(['Job']);
});

test('warnings that a kind says by itself are not said twice', () => {
  const job = {
    kind: 'Job',
    state: 'denied',
    reason: { code: 'Forbidden', message: 'no' },
  } as const;
  const told = cluster('a', { behind: [job], warnings: ['jobs are not shown: no', 'Not checked'] });
  expect(otherWarnings(told)).toEqual(['Not checked']);
});
