import { beforeEach, describe, expect, test } from 'vitest';
import { ago, type FindingFleet, findingFleet, templateOf } from '../../../test/support/finding-fleet.ts';
import type { CellsByColumn } from '../../../test/support/fleet-batches.ts';

let stage: FindingFleet;

beforeEach(() => {
  stage = findingFleet();
});

const shown = (): readonly string[] => stage.found().map(({ severity, rule, name }) => `${severity} ${rule} ${name}`);

describe('claims of volumes', () => {
  const waits: CellsByColumn = { phase: 'Pending', class: 'standard', health: 'Progressing', created: ago(900) };

  test.each<[string, CellsByColumn, readonly string[]]>([
    ['that are bound', { phase: 'Bound', health: 'Healthy' }, []],
    ['that are new', { ...waits, created: ago(100) }, []],
    ['that wait for their first pod', waits, ['notice pvc-pending data']],
    ['whose volume is gone', { ...waits, phase: 'Lost', health: 'Degraded' }, ['critical pvc-lost data']],
  ])('%s', (_case, parts, expected) => {
    stage.put('PersistentVolumeClaim', 'data', parts);
    expect(shown()).toEqual(expected);
  });

  test('for which pods wait hold them up; what the provisioner says is told', () => {
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    stage.deploy({ phase: 'Pending', health: 'Progressing' }, { template: templateOf({}, { volumes }) });
    stage.put('PersistentVolumeClaim', 'data', waits);
    expect(shown()).toEqual(['warning pvc-pending data']);
    const event = {
      reason: 'ProvisioningFailed',
      message: 'no such class',
      objectKind: 'PersistentVolumeClaim',
      objectName: 'data',
    };
    stage.put('Event', 'e1', { ...event, last: ago(10) });
    expect(stage.found()[0]).toMatchObject({ reason: 'ProvisioningFailed', message: 'no such class' });
  });

  test('of a StatefulSet are its own', () => {
    stage.put('StatefulSet', 'ledger', { health: 'Healthy', template: templateOf() });
    stage.put('PersistentVolumeClaim', 'data-ledger-0', waits);
    stage.put('PersistentVolumeClaim', 'data-ledger-old', waits);
    stage.fleet.store.changeClaims({
      isWhole: true,
      put: [{ ref: 'component:default/ledger', kind: 'Component', namespace: 'shop' }],
      dropped: [],
    });
    expect(stage.found().map(({ name, entity }) => [name, entity])).toEqual([
      ['data-ledger-0', 'component:default/ledger'],
      ['data-ledger-old', undefined],
    ]);
  });
});

describe('addresses', () => {
  test.each<[string, string, CellsByColumn, readonly string[]]>([
    [
      'a load balancer without one',
      'Service',
      { type: 'LoadBalancer', health: 'Progressing' },
      ['warning load-balancer-pending front'],
    ],
    ['one that is new', 'Service', { type: 'LoadBalancer', health: 'Progressing', created: ago(60) }, []],
    ['one that has one', 'Service', { type: 'LoadBalancer', addresses: '192.0.2.1', health: 'Healthy' }, []],
    ['a Service that needs none', 'Service', { type: 'ClusterIP', health: 'Healthy' }, []],
    [
      'an Ingress without one',
      'Ingress',
      { hosts: 'shop.example.com', health: 'Progressing' },
      ['warning load-balancer-pending front'],
    ],
  ])('%s', (_case, kind, parts, expected) => {
    stage.put(kind, 'front', { created: ago(3_600), ...parts });
    expect(shown()).toEqual(expected);
  });
});

describe('nodes', () => {
  const conditions = JSON.stringify([
    {
      type: 'Ready',
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting.',
      since: ago(90),
    },
  ]);

  test('that do not report are found, with the pods on them', () => {
    stage.deploy({ node: 'node-1' });
    stage.put('Node', 'node-1', { namespace: undefined, health: 'Unknown', conditions });
    stage.put('Node', 'node-2', { namespace: undefined, health: 'Healthy', ready: 1 });
    stage.put('Node', 'node-3', { namespace: undefined, health: 'Suspended', ready: 1, unschedulable: 1 });
    expect(stage.found()).toMatchObject([
      { rule: 'node-gone', name: 'node-1', reason: 'NodeStatusUnknown', evidence: { pods: 1 } },
    ]);
  });

  test('that run short are found, and only who sees the whole cluster sees nodes', () => {
    stage.put('Node', 'node-1', { namespace: undefined, health: 'Degraded', ready: 1, pressure: 'MemoryPressure' });
    expect(stage.found()).toMatchObject([{ rule: 'node-pressure', reason: 'MemoryPressure' }]);
    expect(stage.page({}, { eu: ['shop'] }).items).toEqual([]);
    expect(stage.page({}, { eu: true }).total).toBe(1);
  });
});

describe('what is told', () => {
  const looping = { health: 'Degraded', reason: 'CrashLoopBackOff', failing: 'app CrashLoopBackOff', restarts: 5 };

  test('of what says itself that it is degraded: once, where nothing says why', () => {
    stage.deploy(looping, { health: 'Degraded' });
    stage.put('HTTPRoute', 'front', { health: 'Degraded', healthReason: 'BackendNotFound' });
    expect(shown()).toEqual(['warning crash-loop web', 'warning degraded front']);
  });

  test('is narrowed by entity, cluster, rule and severity, and read page by page', () => {
    stage.deploy(looping, { labels: 'backstage.io/kubernetes-id=web', template: templateOf({ resources: {} }) });
    stage.put('Pod', 'alone', looping);
    stage.fleet.store.changeClaims({
      isWhole: true,
      put: [{ ref: 'component:default/web', kind: 'Component', id: 'web' }],
      dropped: [],
    });
    const entity = 'component:default/web';
    expect(stage.found({ entity }).map(({ name, rule }) => [name, rule])).toEqual([
      ['web', 'crash-loop'],
      ['web', 'no-limits'],
    ]);
    expect(stage.page()).toMatchObject({ total: 3, counts: { critical: 0, warning: 2, notice: 1 } });
    expect(stage.found({ severities: ['notice'] })).toHaveLength(1);
    expect(stage.found({ rules: ['crash-loop'] })).toHaveLength(2);
    expect(stage.found({ clusters: ['us'] })).toEqual([]);
    expect(stage.found({ entity: 'component:default/other' })).toEqual([]);
    const first = stage.page({ limit: 2 });
    expect(first.nextCursor).toBeDefined();
    const second = stage.page({ limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items]).toEqual(stage.found());
    expect(second.nextCursor).toBeUndefined();
    expect(() => stage.page({ cursor: 'x' })).toThrow('the cursor is not of this question');
  });

  test('is only what one may see', () => {
    stage.deploy(looping);
    expect(stage.page({}, { eu: ['other'] })).toMatchObject({ items: [], total: 0 });
    expect(stage.page({}, { us: true })).toMatchObject({ items: [], total: 0 });
    expect(stage.page({}, { eu: ['shop'] }).total).toBe(1);
  });

  test('is incomplete where a kind cannot be read as of now', () => {
    stage.fleet.setState('eu', { state: 'denied', reason: { code: 'Forbidden', message: 'No' } }, ['Pod']);
    expect(stage.page().incomplete).toMatchObject([{ cluster: 'eu', kind: 'Pod', state: 'denied' }]);
  });
});
