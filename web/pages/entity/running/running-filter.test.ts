import { expect, test } from 'vitest';
import type { Running, RunningCell } from '../../../../src/api/running.ts';
import { filterRunning, oddClusters } from './running-filter.ts';

const cell = (cluster: string, image: string, status: RunningCell['status'] = 'Healthy'): RunningCell => ({
  cluster,
  status,
  images: [image],
  pods: 1,
  restarts: 0,
  failing: [],
  failingCount: 0,
  rule: 'kubernetes-id',
});
const cells = [cell('p1', 'a:1'), cell('p2', 'a:1', 'Degraded'), cell('p3', 'a:2'), cell('s1', 'a:3')];
const running: Running = {
  ref: 'component:default/a',
  verdict: { status: 'Degraded', clusters: 4, spread: {} },
  clusters: cells.map(({ cluster, status }) => ({
    cluster,
    labels: { environment: cluster.startsWith('p') ? 'prod' : 'staging' },
    protected: false,
    status,
  })),
  workloads: [{ kind: 'Deployment', namespace: 'n', name: 'a', status: 'Degraded', cells }],
  images: [],
  looked: 4,
  position: { epoch: 'x', sequence: 1 },
  incomplete: [],
};
const shown = (search: Parameters<typeof filterRunning>[1]): readonly string[] =>
  filterRunning(running, search).workloads.flatMap((workload) => workload.cells.map(({ cluster }) => cluster));

test('the matrix is narrowed by environment, name and state', () => {
  expect(shown({})).toEqual(['p1', 'p2', 'p3', 's1']);
  expect(shown({ environment: 'prod', find: 'P' })).toEqual(['p1', 'p2', 'p3']);
  expect(shown({ state: 'Degraded' })).toEqual(['p2']);
  expect(shown({ find: 'nothing' })).toEqual([]);
});

test('a version that most of an environment do not run is odd', () => {
  const [workload] = running.workloads;
  expect(workload && [...oddClusters(workload, running.clusters)]).toEqual(['p3']);
});
