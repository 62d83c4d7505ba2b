import { expect, test } from 'vitest';
import { shownCluster as cluster } from '../../../test/support/shown-cluster.ts';
import { nextOrder, orderClusters, orderOf } from './cluster-order.ts';
import type { ClusterSort } from './clusters-search.ts';

const all = [
  cluster('d', { version: 'v1.9.0', pods: 20, nodes: { ready: 2, total: 2 }, labels: { environment: 'prod' } }),
  cluster('b', { version: 'v1.34.0', pods: 3, labels: { environment: 'dev', region: 'us' } }),
  cluster('c', { state: 'unreachable', pods: 20, labels: { region: 'eu' } }),
  cluster('a', { version: 'v1.34.1', pods: 100, nodes: { ready: 9, total: 10 } }),
];
const ordered = (sort?: string): string =>
  orderClusters(all, sort)
    .map(({ name }) => name)
    .join('');

test('without an order the worst come first, then the others by name', () => {
  expect(ordered()).toBe('cabd');
  expect(ordered('colour')).toBe('cabd');
});

test.each<[ClusterSort, string, string]>([
  ['name', 'abcd', 'dcba'],
  ['environment', 'cabd', 'dbca'],
  ['region', 'adcb', 'bcad'],
  ['version', 'cdab', 'abdc'],
  ['nodes', 'cbda', 'adcb'],
  ['pods', 'bcda', 'acdb'],
])('by %s they stand %s, and %s when it is turned round; ties keep the worst first', (sort, up, down) => {
  expect([ordered(sort), ordered(`-${sort}`)]).toEqual([up, down]);
});

test('the order in the URL is a column and its direction; what is no column is none', () => {
  expect(orderOf('pods')).toEqual({ column: 'pods', isDown: false });
  expect(orderOf('-pods')).toEqual({ column: 'pods', isDown: true });
  for (const sort of [undefined, '', '-', '--pods', '-colour']) expect(orderOf(sort)).toEqual({ isDown: false });
});

test.each<[ClusterSort, readonly (string | undefined)[]]>([
  ['name', ['name', '-name', undefined]],
  ['version', ['version', '-version', undefined]],
  ['pods', ['-pods', 'pods', undefined]],
  ['nodes', ['-nodes', 'nodes', undefined]],
])('clicks on %s ask for %j, one after the other', (column, clicks) => {
  let sort: string | undefined = '-region';
  for (const expected of clicks) {
    sort = nextOrder(sort, column);
    expect(sort).toBe(expected);
  }
});
