import { beforeEach, describe, expect, test } from 'vitest';
import type { CellsByColumn } from '../../../test/support/fleet-batches.ts';
import { liveObject, memoryFleet, type MemoryFleet } from '../../../test/support/memory-fleet.ts';
import type { ToldEntity } from '../../live/facts.ts';
import type { FactRounds } from './fact-rounds.ts';

const START = Date.UTC(2026, 2, 1, 12);
const DEBOUNCE_MS = 20_000;
const HOUR_MS = 3_600_000;
const refOf = (name: string): string => `component:default/${name}`;

let now: number;
let fleet: MemoryFleet;
let facts: FactRounds;

beforeEach(() => {
  now = START;
  fleet = memoryFleet(() => now);
  facts = fleet.store.facts;
  for (const cluster of ['east', 'west']) {
    fleet.putCluster(cluster);
    fleet.watchAll(cluster);
  }
});

function claim(...names: readonly string[]): void {
  const put = names.map((name) => ({ ref: refOf(name), id: name, kind: 'Component' }));
  fleet.store.changeClaims({ isWhole: true, put, dropped: [] });
}

function deploy(cluster: string, name: string, parts: CellsByColumn = {}): void {
  const labels = `backstage.io/kubernetes-id=${name}`;
  const cells = { namespace: name, labels, images: `${name}:1`, desired: 2, ready: 2, health: 'Healthy', ...parts };
  fleet.put(cluster, 'Deployment', [liveObject(name, cells)]);
}

/** A whole round, if one is due: refs with the paths that are told of each. */
function round(): Readonly<Record<string, readonly string[]>> {
  const told: ToldEntity[] = [];
  while (facts.begin()) told.push(...facts.step(() => false));
  return Object.fromEntries(told.map(({ ref, facts: own }) => [ref, own.map(({ path }) => path).sort()]));
}

/** As the fleet's clusters confirm what is held, after some time. */
function pass(ms: number): void {
  now += ms;
  for (const cluster of ['east', 'west']) fleet.store.confirm(cluster, 1, now);
}

/** The catalog is there, and everything was told once. */
function begun(...names: readonly string[]): void {
  claim(...names);
  facts.restart();
  round();
  pass(DEBOUNCE_MS);
  round();
}

describe('the first round', () => {
  test('waits for the catalog, and until all workloads are read', () => {
    deploy('east', 'till');
    facts.restart();
    expect(round()).toEqual({});
    fleet.setState('west', { state: 'stale' }, ['Deployment']);
    claim('till');
    expect(round()).toEqual({});
    expect(facts.isWhole).toBe(false);
    fleet.setState('west', { state: 'ok' }, ['Deployment']);
    expect(Object.keys(round())).toEqual([refOf('till')]);
    expect(facts.isWhole).toBe(true);
  });

  test('waits no longer than five minutes', () => {
    deploy('east', 'till');
    fleet.setState('west', { state: 'stale' }, ['Deployment']);
    claim('till');
    facts.restart();
    now += 300_000;
    expect(facts.begin()).toBe(false);
    now += 1;
    expect(facts.begin()).toBe(true);
  });

  test('goes on in steps, and is whole after the last', () => {
    for (const name of ['till', 'lamp', 'door']) deploy('east', name);
    claim('till', 'lamp', 'door');
    facts.restart();
    const steps: (readonly string[])[] = [];
    while (facts.begin()) {
      expect(facts.isWhole).toBe(false);
      steps.push(facts.step(() => true).map(({ ref }) => ref));
    }
    expect(steps.map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(steps.flat().sort()).toEqual(['door', 'lamp', 'till'].map(refOf));
    expect(facts.isWhole).toBe(true);
  });

  test('tells everything of each, and so does the first after a new beginning', () => {
    deploy('east', 'till');
    claim('till');
    facts.restart();
    facts.begin();
    const first = facts.step(() => false);
    expect(first).toMatchObject([{ ref: refOf('till'), isFull: true }]);
    expect(first[0]?.facts).toContainEqual({ path: 'health', value: 'Healthy' });
    claim('till');
    facts.restart();
    facts.begin();
    expect(facts.step(() => false)).toEqual(first);
  });
});

describe('what changes', () => {
  test('is told when it is a while old, and only what differs, of those that it touches', () => {
    for (const name of ['till', 'lamp']) deploy('east', name);
    begun('till', 'lamp');
    deploy('east', 'till', { desired: 3, ready: 3 });
    expect(round()).toEqual({});
    pass(DEBOUNCE_MS);
    expect(round()).toEqual({ [refOf('till')]: ['desired', 'ready', 'replicas'] });
    pass(DEBOUNCE_MS);
    expect(round()).toEqual({});
  });

  test('is not told where it came and went meanwhile', () => {
    deploy('east', 'till');
    begun('till');
    deploy('east', 'till', { ready: 1 });
    pass(DEBOUNCE_MS / 2);
    deploy('east', 'till');
    pass(DEBOUNCE_MS / 2);
    expect(round()).toEqual({});
  });

  test('of pods is told without looking at all else', () => {
    deploy('east', 'till');
    const owner = { namespace: 'till', ownerKind: 'Deployment', ownerName: 'till' };
    fleet.put('east', 'ReplicaSet', [liveObject('till-1', owner)]);
    begun('till');
    const pod = { namespace: 'till', ownerKind: 'ReplicaSet', ownerName: 'till-1', restarts: 2, health: 'Healthy' };
    fleet.put('east', 'Pod', [liveObject('till-1-a', pod)]);
    pass(DEBOUNCE_MS);
    expect(round()).toEqual({ [refOf('till')]: ['pods', 'restarts'] });
  });

  test.each(['Event', 'ConfigMap', 'Node'])('%s is no fact', (kind) => {
    deploy('east', 'till');
    begun('till');
    fleet.put('east', kind, [liveObject('some', { namespace: 'till' })]);
    pass(DEBOUNCE_MS);
    expect(facts.begin()).toBe(false);
  });

  test('where an entity ran and does not any more takes its facts away', () => {
    deploy('east', 'till');
    deploy('west', 'till');
    begun('till');
    fleet.remove('west', 'Deployment', liveObject('till', { namespace: 'till' }));
    pass(DEBOUNCE_MS);
    expect(round()[refOf('till')]).toContain('clusters');
    fleet.remove('east', 'Deployment', liveObject('till', { namespace: 'till' }));
    pass(DEBOUNCE_MS);
    expect(round()[refOf('till')]).toEqual(expect.arrayContaining(['clusters', 'health', 'pods']));
  });

  test('of the catalog is told: who claims nothing any more has no facts', () => {
    for (const name of ['till', 'lamp']) deploy('east', name);
    begun('till', 'lamp');
    claim('lamp');
    pass(DEBOUNCE_MS);
    facts.begin();
    const [gone, ...others] = facts.step(() => false);
    expect(others).toEqual([]);
    expect(gone).toMatchObject({ ref: refOf('till'), isFull: false });
    expect(gone?.facts.every(({ value }) => value === undefined)).toBe(true);
  });

  test('by itself, as ages do, is looked at every hour', () => {
    deploy('east', 'till');
    begun('till');
    pass(HOUR_MS - DEBOUNCE_MS);
    expect(facts.begin()).toBe(false);
    pass(1);
    expect(facts.begin()).toBe(true);
  });
});

describe('what stands around a workload', () => {
  const day = 86_400;
  const template = JSON.stringify({ metadata: { labels: { app: 'till' } }, spec: { containers: [] } });
  const scaler = { namespace: 'till', targetKind: 'Deployment', targetName: 'till', minimum: 1, maximum: 4 };
  const revision = { namespace: 'till', ownerKind: 'Deployment', ownerName: 'till', images: 'till:1' };
  const service = { namespace: 'till', selector: 'app=till', ports: 'web 80/TCP' };

  /** What is told of `till` in the next round, by path. */
  function toldOf(): Readonly<Record<string, unknown>> {
    pass(DEBOUNCE_MS);
    const told: ToldEntity[] = [];
    while (facts.begin()) told.push(...facts.step(() => false));
    return Object.fromEntries(told.flatMap(({ facts: own }) => own.map(({ path, value }) => [path, value])));
  }

  test('is as it is now, whatever it was in the round before', () => {
    deploy('east', 'till', { template });
    fleet.put('east', 'ReplicaSet', [liveObject('till-2', { ...revision, created: START / 1000 - 2 * day })]);
    fleet.put('east', 'HorizontalPodAutoscaler', [liveObject('till', { ...scaler, current: 1, desired: 1 })]);
    fleet.put('east', 'Service', [liveObject('till', { ...service, type: 'ClusterIP' })]);
    fleet.put('east', 'PodDisruptionBudget', [liveObject('till', { namespace: 'till', selector: 'app=till' })]);
    claim('till');
    facts.restart();
    expect(toldOf()).toMatchObject({ imageAgeDays: 2, hpaAtLimit: false, noPdb: false, serviceType: ['ClusterIP'] });

    fleet.put('east', 'ReplicaSet', [liveObject('till-1', { ...revision, created: START / 1000 - 7 * day })]);
    fleet.put('east', 'HorizontalPodAutoscaler', [liveObject('till', { ...scaler, current: 4, desired: 4 })]);
    fleet.put('east', 'Service', [liveObject('till', { ...service, type: 'LoadBalancer' })]);
    fleet.put('east', 'Ingress', [
      liveObject('till', { namespace: 'till', services: 'till', hosts: 'till.example.com' }),
    ]);
    fleet.put('east', 'PodDisruptionBudget', [liveObject('till', { namespace: 'till', selector: 'app=other' })]);
    expect(toldOf()).toMatchObject({
      imageAgeDays: 7,
      hpaAtLimit: true,
      noPdb: true,
      serviceType: ['LoadBalancer'],
      ingressHosts: ['till.example.com'],
    });

    fleet.remove('east', 'HorizontalPodAutoscaler', liveObject('till', { namespace: 'till' }));
    fleet.remove('east', 'Service', liveObject('till', { namespace: 'till' }));
    const told = toldOf();
    expect(told).toMatchObject({ serviceType: [], ingressHosts: [] });
    expect(Object.keys(told)).toEqual(expect.arrayContaining(['hpa', 'hpaAtLimit']));
    expect(told['hpa']).toBeUndefined();
  });

  test('in another namespace, or of another of that name, is not', () => {
    deploy('east', 'till', { template });
    const elsewhere = { namespace: 'other' };
    fleet.put('east', 'ReplicaSet', [liveObject('a', { ...revision, ...elsewhere, created: START / 1000 - 9 * day })]);
    fleet.put('east', 'ReplicaSet', [liveObject('b', { ...revision, images: 'till:0', created: START / 1000 - day })]);
    fleet.put('east', 'HorizontalPodAutoscaler', [
      liveObject('a', { ...scaler, ...elsewhere, current: 4, desired: 4 }),
      liveObject('b', { ...scaler, targetKind: 'StatefulSet', current: 4, desired: 4 }),
    ]);
    fleet.put('east', 'Service', [liveObject('till', { ...service, ...elsewhere, type: 'LoadBalancer' })]);
    claim('till');
    facts.restart();
    const told = toldOf();
    expect(told).toMatchObject({ serviceType: [] });
    expect(told).not.toHaveProperty('imageAgeDays');
    expect(told).not.toHaveProperty('hpa');
  });
});
