import { beforeEach, describe, expect, test } from 'vitest';
import { ago, type FindingFleet, findingFleet, templateOf } from '../../../test/support/finding-fleet.ts';
import type { CellsByColumn } from '../../../test/support/fleet-batches.ts';

let stage: FindingFleet;

beforeEach(() => {
  stage = findingFleet();
});

const looping: CellsByColumn = {
  health: 'Degraded',
  reason: 'CrashLoopBackOff',
  failing: 'app CrashLoopBackOff',
  lastExit: 'app Error 1',
  restarts: 7,
  restarted: ago(60),
  unready: ago(300),
  message: 'back-off 1m20s restarting failed container=app',
};
const killed: CellsByColumn = { lastExit: 'app OOMKilled 137', restarts: 3, restarted: ago(120) };
const waiting = (reason: string): CellsByColumn => ({
  health: 'Degraded',
  phase: 'Pending',
  reason,
  failing: `app ${reason}`,
  unready: ago(60),
  message: `message of ${reason}`,
});
const unscheduled: CellsByColumn = {
  health: 'Progressing',
  phase: 'Pending',
  reason: 'Pending',
  unmet: 'PodScheduled Unschedulable',
  message: '0/3 nodes are available: 3 Insufficient memory.',
};
const initial = (reason: string): CellsByColumn => ({ ...waiting(reason), reason: `Init:${reason}`, restarts: 3 });

test('a pod that ends after each start is a finding of its workload, with what is known of it', () => {
  stage.deploy(looping);
  expect(stage.found()).toEqual([
    {
      rule: 'crash-loop',
      severity: 'warning',
      cluster: 'eu',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      reason: 'CrashLoopBackOff',
      message: '1 of 2 pods end soon after each start in container app: Error, exit code 1',
      since: new Date(ago(300) * 1000).toISOString(),
      evidence: {
        failing: '1 of 2 pods',
        pods: ['web-7f9-a'],
        restarts: 7,
        lastEnd: new Date(ago(60) * 1000).toISOString(),
        lastExit: 'app Error 1',
        container: 'app',
        backstage: 'container-waiting',
      },
      fix: expect.stringContaining('kubectl logs --previous') as string,
    },
  ]);
});

test.each<[string, CellsByColumn, string, string]>([
  ['a crash loop', looping, 'crash-loop', 'container-waiting'],
  ['an image that is not there', waiting('ImagePullBackOff'), 'image-pull', 'container-waiting'],
  ['an image that cannot be pulled', waiting('ErrImagePull'), 'image-pull', 'container-waiting'],
  ['a name that is none', waiting('InvalidImageName'), 'image-pull', 'container-waiting'],
  ['an image that is never pulled', waiting('ErrImageNeverPull'), 'image-pull', 'container-waiting'],
  ['configuration that is missing', waiting('CreateContainerConfigError'), 'config-missing', 'container-waiting'],
  ['a command that is not there', waiting('RunContainerError'), 'start-failed', 'container-waiting'],
  ['a container that cannot be made', waiting('CreateContainerError'), 'start-failed', 'container-waiting'],
  ['a hook that fails', waiting('PostStartHookError'), 'start-failed', 'container-waiting'],
  ['a crash loop that only the pod tells of', { ...looping, failing: '' }, 'crash-loop', 'container-waiting'],
  ['memory, in a loop', { ...looping, ...killed }, 'oom', 'containers-restarting'],
  ['memory, while it runs again', killed, 'oom', 'containers-restarting'],
])('%s is found', (_case, pod, rule, backstage) => {
  stage.deploy(pod);
  const [finding, ...others] = stage.found();
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ rule, kind: 'Deployment', name: 'web', evidence: { backstage } });
});

test.each<[string, CellsByColumn, string]>([
  ['no node', { ...unscheduled, created: ago(60) }, 'unschedulable'],
  ['an init container in a loop', initial('CrashLoopBackOff'), 'init-container'],
  ['an init container that fails', initial('Error'), 'init-container'],
  ['the image of an init container', initial('ImagePullBackOff'), 'image-pull'],
])('%s is found', (_case, pod, rule) => {
  stage.deploy(pod);
  expect(stage.rules()).toEqual([rule]);
});

test.each<[string, CellsByColumn]>([
  ['a pod that does well', {}],
  ['one that waits for its first seconds', { ...unscheduled, created: ago(10) }],
  ['one that is held back', { ...unscheduled, reason: 'SchedulingGated', created: ago(3_600) }],
  ['one that is deleted', { ...looping, deleting: ago(10) }],
  ['one that was evicted', { ...looping, phase: 'Failed', reason: 'Evicted' }],
  ['one that ended once', { ...waiting('Error'), phase: 'Running', restarts: 1 }],
  ['one that was killed the day before yesterday', { ...killed, restarted: ago(2 * 86_400) }],
  ['one that is not ready yet', { ...waiting('NotReady'), phase: 'Running', started: ago(10), unready: ago(10) }],
  ['a single restart', { restarts: 1, restarted: ago(60), lastExit: 'app Error 1' }],
])('%s is none', (_case, pod) => {
  stage.deploy(pod);
  expect(stage.rules()).toEqual([]);
});

describe('a pod that fails for a reason that has no rule', () => {
  const odd: CellsByColumn = { ...waiting('SandboxError'), healthReason: 'SandboxError', unready: ago(300) };
  const gated: CellsByColumn = { health: 'Degraded', healthReason: 'Restarting', restarts: 3, unready: ago(900) };

  test('is told of with what it says, and so nothing is called well', () => {
    stage.deploy(odd, { health: 'Progressing' });
    expect(stage.found()).toMatchObject([
      {
        rule: 'degraded',
        kind: 'Deployment',
        reason: 'SandboxError',
        message: '1 of 2 pods do not do well in container app: message of SandboxError',
      },
    ]);
  });

  test('is one finding with its workload, and told of though all its containers are ready', () => {
    stage.deploy(gated, { health: 'Degraded', healthReason: 'Unavailable' });
    expect(stage.found()).toMatchObject([{ rule: 'degraded', name: 'web', reason: 'Restarting' }]);
  });

  test('has some time to pass, and to be ready where it was started again', () => {
    stage.deploy({ ...odd, unready: ago(110) });
    expect(stage.rules()).toEqual([]);
    stage.pass(15);
    expect(stage.rules()).toEqual(['degraded']);
    stage.deploy({ ...gated, phase: 'Running', failing: 'app NotReady', restarted: ago(5) });
    expect(stage.rules()).toEqual([]);
  });
});

describe('memory', () => {
  test('names the limit and how often', () => {
    stage.deploy(killed);
    expect(stage.found()[0]).toMatchObject({
      severity: 'warning',
      reason: 'OOMKilled',
      message: '1 of 2 pods ran out of memory in container app (limit 512 MiB), 3 restarts',
      evidence: { limit: '512 MiB', restarts: 3, container: 'app' },
    });
    stage.deploy({ ...killed, restarts: 1 });
    expect(stage.found()[0]?.message).toMatch(/, 1 restart$/);
  });

  test('that was short hours ago is to be known, no more', () => {
    stage.deploy({ ...killed, restarted: ago(7_200) });
    expect(stage.found()[0]).toMatchObject({ rule: 'oom', severity: 'notice' });
  });
});

describe('probes', () => {
  const notReady = { ...waiting('NotReady'), phase: 'Running', reason: 'Running', health: 'Progressing' };

  test('that fail are told with what the kubelet says', () => {
    stage.deploy({ ...notReady, unready: ago(120), started: ago(3_600) });
    const message = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
    stage.put('Event', 'e1', {
      reason: 'Unhealthy',
      message,
      objectKind: 'Pod',
      objectName: 'web-7f9-a',
      last: ago(5),
    });
    stage.put('Event', 'e2', {
      reason: 'Unhealthy',
      message: 'other',
      objectKind: 'Pod',
      objectName: 'x',
      last: ago(1),
    });
    expect(stage.found()[0]).toMatchObject({
      rule: 'probe-failing',
      message: `1 of 2 pods run but are not ready in container app: ${message}`,
      evidence: { backstage: 'readiness-probe-taking-too-long' },
    });
  });

  test('have the time that they give themselves', () => {
    const readinessProbe = { initialDelaySeconds: 120, periodSeconds: 20, failureThreshold: 3 };
    const template = templateOf({ readinessProbe });
    stage.deploy({ ...notReady, unready: ago(170), started: ago(170) }, { template });
    expect(stage.rules()).toEqual([]);
    stage.pass(15);
    expect(stage.rules()).toEqual(['probe-failing']);
  });
});

test('a Secret that is to be mounted and is not there is told by an event', () => {
  stage.deploy({
    phase: 'Pending',
    reason: 'ContainerCreating',
    health: 'Progressing',
    failing: 'app ContainerCreating',
  });
  stage.put('Event', 'e1', {
    reason: 'FailedMount',
    message: 'MountVolume.SetUp failed for volume "keys" : secret "till-keys" not found',
    objectKind: 'Pod',
    objectName: 'web-7f9-a',
    first: ago(90),
    last: ago(5),
  });
  expect(stage.found()[0]).toMatchObject({
    rule: 'config-missing',
    message: expect.stringContaining('till-keys') as string,
  });
});

test('pods that restarted within minutes are a finding where they are many', () => {
  const restarted = { restarts: 1, restarted: ago(100), lastExit: 'app Error 2' };
  stage.deploy(restarted);
  stage.put('Pod', 'web-7f9-b', {
    ownerKind: 'ReplicaSet',
    ownerName: 'web-7f9',
    phase: 'Running',
    health: 'Healthy',
    ...restarted,
  });
  expect(stage.found()).toMatchObject([
    { rule: 'restarting', message: expect.stringContaining('2 of 2 pods') as string },
  ]);
  stage.pass(700);
  expect(stage.rules()).toEqual([]);
});

test('it is critical where nothing of a workload is ready, and a lone pod is a finding of its own', () => {
  stage.deploy(looping, { ready: 0 });
  stage.put('Pod', 'alone', looping);
  expect(stage.found().map(({ severity, kind, name }) => [severity, kind, name])).toEqual([
    ['critical', 'Deployment', 'web'],
    ['warning', 'Pod', 'alone'],
  ]);
});
