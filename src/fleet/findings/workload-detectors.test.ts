import { beforeEach, describe, expect, test } from 'vitest';
import { ago, type FindingFleet, findingFleet, NOON, templateOf } from '../../../test/support/finding-fleet.ts';
import type { CellsByColumn } from '../../../test/support/fleet-batches.ts';

let stage: FindingFleet;

beforeEach(() => {
  stage = findingFleet();
});

const conditions = (...items: readonly object[]): string => JSON.stringify(items);

describe('rollouts', () => {
  test('that exceed their deadline failed', () => {
    const message = 'ReplicaSet "web-7f9" has timed out progressing.';
    const told = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message, since: ago(60) };
    stage.deploy({}, { health: 'Degraded', conditions: conditions(told) });
    expect(stage.found()).toMatchObject([
      {
        rule: 'rollout-failed',
        reason: 'ProgressDeadlineExceeded',
        message,
        evidence: { backstage: 'condition-message-present' },
      },
    ]);
  });

  test('whose pods fail for minutes are stuck; those that just began are not', () => {
    const failing = {
      health: 'Degraded',
      reason: 'ImagePullBackOff',
      failing: 'app ImagePullBackOff',
      phase: 'Pending',
    };
    stage.deploy({ ...failing, unready: ago(60) }, { health: 'Progressing' });
    expect(stage.rules()).toEqual(['image-pull']);
    stage.pass(600);
    expect(stage.rules()).toEqual(['image-pull', 'rollout-stuck']);
  });

  test('that go on while all pods do well are none', () => {
    stage.deploy({}, { health: 'Progressing', updated: 1 });
    stage.pass(3_600);
    expect(stage.rules()).toEqual([]);
  });
});

describe('quotas', () => {
  const message =
    'pods "web-7f9-c" is forbidden: exceeded quota: team, requested: pods=1, used: pods=4, limited: pods=4';

  test('that make a ReplicaSet fail are told by conditions', () => {
    const told = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message, since: ago(60) };
    stage.deploy({}, { health: 'Degraded', conditions: conditions(told) });
    expect(stage.found()).toMatchObject([{ rule: 'quota', severity: 'warning', reason: 'FailedCreate', message }]);
  });

  test('are told by events where conditions do not, as long as pods are missing', () => {
    stage.deploy({}, { desired: 4, current: 2 });
    stage.put('Event', 'e1', {
      reason: 'FailedCreate',
      message,
      objectKind: 'ReplicaSet',
      objectName: 'web-7f9',
      last: ago(60),
      count: 9,
    });
    expect(stage.found()).toMatchObject([{ rule: 'quota', kind: 'Deployment', name: 'web', evidence: { times: 9 } }]);
    stage.deploy({}, { desired: 2, current: 2 });
    expect(stage.rules()).toEqual([]);
  });

  test.each([
    ['used up', 'pods=4\nrequests.cpu=2', 'pods=4\nrequests.cpu=500m', ['quota']],
    ['used up in other units', 'limits.memory=1Gi', 'limits.memory=1024Mi', ['quota']],
    ['half used', 'pods=4', 'pods=2', []],
    ['of what may not be used at all', 'services.loadbalancers=0', 'services.loadbalancers=0', []],
  ])('%s', (_case, hard, used, rules) => {
    stage.put('ResourceQuota', 'team', { hard, used });
    expect(stage.rules()).toEqual(rules);
  });
});

describe('memory settings', () => {
  test('above the limit are found before anything fails, each with where it stands', () => {
    const env = [{ name: 'JAVA_TOOL_OPTIONS', value: '-Xmx1g' }];
    stage.deploy({}, { template: templateOf({ env }) });
    expect(stage.found()).toMatchObject([
      {
        rule: 'memory-above-limit',
        severity: 'warning',
        message: 'JVM in container app may take 1 GiB (-Xmx1g) and is killed at its limit of 512 MiB',
        evidence: { container: 'app', place: 'JAVA_TOOL_OPTIONS', setting: '-Xmx1g', limit: '512 MiB' },
        fix: expect.stringContaining('add replicas first') as string,
      },
    ]);
  });

  test('are critical where they kill', () => {
    const env = [{ name: 'GOMEMLIMIT', value: '1GiB' }];
    stage.deploy({ lastExit: 'app OOMKilled 137', restarts: 3, restarted: ago(60) }, { template: templateOf({ env }) });
    expect(stage.found().map(({ rule, severity }) => [rule, severity])).toEqual([
      ['memory-above-limit', 'critical'],
      ['oom', 'warning'],
    ]);
  });

  test('are read again when the template is another one', () => {
    stage.deploy({}, { template: templateOf({ args: ['-Xmx1g'] }) });
    expect(stage.rules()).toEqual(['memory-above-limit']);
    stage.deploy({}, { template: templateOf({ args: ['-Xmx256m'] }) });
    expect(stage.rules()).toEqual([]);
  });

  test('without a limit are another matter', () => {
    stage.deploy({}, { template: templateOf({ resources: {}, args: ['-Xmx64g'] }) });
    expect(stage.found()).toMatchObject([{ rule: 'no-limits', severity: 'notice', message: 'No memory limit: app' }]);
  });

  test('a limit of the whole pod is one too', () => {
    stage.deploy({}, { template: templateOf({ resources: {} }, { resources: { limits: { memory: '1Gi' } } }) });
    expect(stage.rules()).toEqual([]);
  });
});

describe('autoscalers', () => {
  const scaler: CellsByColumn = {
    targetKind: 'Deployment',
    targetName: 'web',
    minimum: 2,
    maximum: 6,
    health: 'Healthy',
  };
  const limited = { type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas', since: ago(300) };
  const blind = {
    type: 'ScalingActive',
    status: 'False',
    reason: 'FailedGetResourceMetric',
    message: 'no metrics',
    since: ago(60),
  };
  const off = { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled', message: 'replicas is zero' };

  test.each<[string, CellsByColumn, readonly string[]]>([
    [
      'at their limit',
      { current: 6, desired: 6, conditions: conditions(limited) },
      ['warning hpa-at-limit TooManyReplicas'],
    ],
    ['at their most, and satisfied', { current: 6, desired: 6 }, ['notice hpa-at-limit AtMaximum']],
    ['on their way down', { current: 6, desired: 4 }, []],
    ['below', { current: 5, desired: 5 }, []],
    ['of a fixed size', { minimum: 6, current: 6, desired: 6 }, []],
    [
      'that cannot read metrics',
      { current: 2, health: 'Degraded', conditions: conditions(blind) },
      ['warning hpa-no-metrics FailedGetResourceMetric'],
    ],
    ['that are switched off', { current: 0, conditions: conditions(off) }, []],
  ])('%s', (_case, parts, expected) => {
    stage.put('HorizontalPodAutoscaler', 'web', { ...scaler, ...parts });
    expect(stage.found().map(({ severity, rule, reason }) => `${severity} ${rule} ${reason}`)).toEqual(expected);
  });
});

describe('disruption budgets', () => {
  const budget = {
    selector: 'app=web',
    allowed: 0,
    healthy: 2,
    needed: 2,
    expected: 2,
    observedGeneration: 1,
    health: 'Healthy',
  };

  test.each<[string, CellsByColumn, readonly string[]]>([
    ['that let no healthy pod go', {}, ['warning NoDisruptionAllowed']],
    ['that let one go', { allowed: 1 }, []],
    ['whose pods fail by themselves', { healthy: 1 }, []],
    ['one of whose pods fails, which alone takes what it allows', { healthy: 2, expected: 3 }, []],
    ['that protect nothing', { selector: 'app=other', expected: 0, healthy: 0, needed: 0 }, ['notice SelectsNothing']],
    ['of what is scaled to zero', { expected: 0, healthy: 0, needed: 0 }, []],
  ])('%s', (_case, parts, expected) => {
    stage.deploy();
    stage.put('PodDisruptionBudget', 'web', { ...budget, ...parts });
    expect(stage.found().map(({ severity, reason }) => `${severity} ${reason}`)).toEqual(expected);
  });
});

describe('jobs', () => {
  const failed = conditions({
    type: 'Failed',
    status: 'True',
    reason: 'BackoffLimitExceeded',
    message: 'too often',
    since: ago(600),
  });
  const job = { started: ago(700), health: 'Degraded', healthReason: 'BackoffLimitExceeded', conditions: failed };
  const cron = { schedule: '0 * * * *', lastScheduled: NOON / 1000, active: 0, health: 'Healthy' };

  test('that failed', () => {
    stage.put('Job', 'migrate', job);
    expect(stage.found()).toMatchObject([
      { rule: 'job-failed', kind: 'Job', name: 'migrate', message: 'Job migrate failed: too often' },
    ]);
  });

  test('of a CronJob are its finding, until a later one succeeds', () => {
    const owned = { ...job, ownerKind: 'CronJob', ownerName: 'nightly' };
    stage.put('CronJob', 'nightly', { ...cron, health: 'Degraded', healthReason: 'LastJobFailed' });
    stage.put('Job', 'nightly-1', { ...owned, started: ago(4_000) });
    stage.put('Job', 'nightly-2', owned);
    expect(stage.found()).toMatchObject([{ kind: 'CronJob', name: 'nightly', reason: 'BackoffLimitExceeded' }]);
    stage.put('CronJob', 'nightly', { ...cron, lastSucceeded: ago(10) });
    expect(stage.rules()).toEqual([]);
  });

  test.each<[string, CellsByColumn, readonly string[]]>([
    ['that were not started', { lastScheduled: ago(7_200) }, ['cronjob-missed']],
    ['that run', { lastScheduled: ago(7_200), active: 1 }, []],
    ['that are suspended', { lastScheduled: ago(7_200), suspended: 1 }, []],
    ['that are new', { lastScheduled: undefined, created: ago(60) }, []],
    ['due a moment ago', { lastScheduled: ago(3_600) }, []],
    ['of a schedule that nobody reads', { schedule: '@every 5m', lastScheduled: ago(7_200) }, []],
  ])('%s', (_case, parts, expected) => {
    stage.put('CronJob', 'hourly', { ...cron, ...parts });
    expect(stage.rules()).toEqual(expected);
  });
});
