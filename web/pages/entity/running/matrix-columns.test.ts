import { expect, test } from 'vitest';
import type { Running } from '../../../../src/api/running.ts';
import { matrixColumns } from './matrix-columns.ts';

type ClusterRow = Running['clusters'][number];

const row = (cluster: string, environment: string, status: ClusterRow['status'] = 'Healthy'): ClusterRow => ({
  cluster,
  labels: environment === '' ? {} : { environment },
  protected: false,
  status,
});

test('few clusters stand side by side', () => {
  const clusters = [row('b', 'prod', 'Degraded'), row('a', 'prod')];
  expect(matrixColumns({ clusters }, false)).toEqual([
    { title: 'b', clusters: ['b'] },
    { title: 'a', clusters: ['a'] },
  ]);
});

test('of many the healthy ones of an environment are one column, and each of the others its own', () => {
  const clusters = [
    row('p1', 'prod', 'Degraded'),
    ...['p2', 'p3', 'p4'].map((name) => row(name, 'prod')),
    ...['s1', 's2'].map((name) => row(name, 'staging')),
    row('t1', 'tools'),
    ...['x1', 'x2'].map((name) => row(name, '')),
  ];
  expect(matrixColumns({ clusters }, false).map(({ title }) => title)).toEqual([
    'p1',
    'prod · 3',
    'staging · 2',
    '2 healthy',
    't1',
  ]);
  expect(matrixColumns({ clusters }, true)).toHaveLength(clusters.length);
});
