import { expect, test } from 'vitest';
import type { RunningCell, RunningWorkload } from '../../../../src/api/running.ts';
import { failingLog } from './log-search.ts';

const workload: RunningWorkload = { kind: 'Deployment', namespace: 'shop', name: 'web', status: 'Degraded', cells: [] };

const failing = (...reasons: readonly string[]): RunningCell => ({
  cluster: 'eu',
  status: 'Degraded',
  images: [],
  pods: 3,
  restarts: 0,
  failing: reasons.map((reason, at) => ({ name: `web-${at}`, reason })),
  failingCount: reasons.length,
  rule: 'kubernetes-id',
});

const place = { view: 'running', workload: 'Deployment/shop/web', cluster: 'eu', pane: 'logs' };

test('of what is restarted the log before that is shown, of what runs unwell or is over its own', () => {
  expect(failingLog(workload, failing('CrashLoopBackOff'))).toEqual({ ...place, pod: 'web-0', previous: 'true' });
  expect(failingLog(workload, failing('Restarting'))).toMatchObject({ previous: 'true' });
  expect(failingLog(workload, failing('Error'))).toEqual({ ...place, pod: 'web-0' });
});

test('where no container ever ran there is no log; a pod that has one goes first', () => {
  expect(failingLog(workload, failing('ImagePullBackOff'))).toBeUndefined();
  expect(failingLog(workload, failing())).toBeUndefined();
  expect(failingLog(workload, failing('ImagePullBackOff', 'OOMKilled'))).toMatchObject({ pod: 'web-1' });
});
