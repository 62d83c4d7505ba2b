import { beforeEach, describe, expect, test } from 'vitest';
import { batchOf, type CellsByColumn, faceOf } from '../../../test/support/fleet-batches.ts';
import { liveKinds } from '../../live/kind-table.ts';
import type { TimelineWrite } from '../../store/timeline.ts';
import { FleetStore } from '../fleet-store.ts';

const START = 1_764_000_000_000;
let now: number;
let store: FleetStore;
let version: number;

beforeEach(() => {
  now = START;
  version = 1;
  store = new FleetStore({ kinds: liveKinds, epoch: 'test', now: () => now });
  store.changeClaims({
    isWhole: true,
    put: [{ ref: 'component:default/web', kind: 'Component', name: 'web' }],
    dropped: [],
  });
  connect('eu');
  after(30);
});

function connect(cluster: string): void {
  store.putCluster(faceOf(cluster));
  for (const { id } of liveKinds) {
    list(cluster, id, id === 'Deployment' ? [web()] : []);
    store.setKindState(cluster, 1, id, { state: 'ok', at: now });
  }
}

const template = (image: string, limit = '512Mi', more: object = {}): string =>
  JSON.stringify({
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image, resources: { limits: { memory: limit } }, ...more }] },
  });

function web(parts: CellsByColumn = {}): CellsByColumn {
  const replicas = { desired: 3, current: 3, updated: 3, ready: 3, available: 3 };
  return {
    namespace: 'shop',
    name: 'web',
    uid: 'uid-web',
    created: START / 1000 - 1_000,
    generation: 1,
    observedGeneration: 1,
    revision: '1',
    images: 'web:1',
    template: template('web:1'),
    health: 'Healthy',
    ...replicas,
    labels: 'app.kubernetes.io/name=web',
    ...parts,
  };
}

function pod(index: number, parts: CellsByColumn = {}): CellsByColumn {
  return {
    namespace: 'shop',
    name: `web-${index}`,
    uid: `uid-pod-${index}`,
    ownerKind: 'ReplicaSet',
    ownerName: 'web-1',
    restarts: 0,
    health: 'Healthy',
    ...parts,
  };
}

type Rows = Parameters<typeof batchOf>[1];

function list(cluster: string, kind: string, rows: Rows): void {
  store.apply(
    batchOf(
      { cluster, kind, step: 'listed', isFirst: true, resourceVersion: String(version++), receivedAt: now },
      rows,
    ),
  );
}

function change(kind: string, ...rows: Rows): void {
  store.apply(batchOf({ cluster: 'eu', kind, resourceVersion: String(version++), receivedAt: now }, rows));
}

/** What is told within so many seconds, second by second. */
function after(seconds = 1): readonly TimelineWrite[] {
  const told: TimelineWrite[] = [];
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000;
    told.push(...store.chronicle.take(now));
  }
  return told;
}

const titles = (told: readonly TimelineWrite[]): string[] =>
  told.map((write) => (write.op === 'end' ? `end of ${write.id}` : write.entry.title));

describe('rollouts', () => {
  test('another image is one entry, that ends when all pods have it; its revision is none of its own', () => {
    change('Deployment', web({ generation: 2, images: 'web:2', template: template('web:2') }));
    const [begun] = after();
    expect(begun).toEqual({
      op: 'add',
      entry: {
        id: 'rollout uid-web 2',
        at: now - 1_000,
        since: undefined,
        kind: 'image',
        title: 'Image of web: 1 → 2',
        source: 'kubernetes',
        cluster: 'eu',
        namespace: 'shop',
        entityRef: 'component:default/web',
        data: {
          workload: { kind: 'Deployment', name: 'web' },
          from: '1',
          to: '2',
          changes: [],
          isRolling: true,
          updated: 3,
          desired: 3,
        },
      },
    });
    const next = { generation: 2, images: 'web:2', template: template('web:2') };
    change('Deployment', web({ ...next, revision: '2' }));
    change('Deployment', web({ ...next, revision: '2', observedGeneration: 2, updated: 1, current: 4 }));
    expect(after(60)).toEqual([]);
    change('Deployment', web({ ...next, revision: '2', observedGeneration: 2 }));
    expect(after()).toEqual([
      {
        op: 'end',
        id: 'rollout uid-web 2',
        until: now - 1_000,
        data: { isRolling: false, updated: 3, desired: 3 },
      },
    ]);
  });

  test('a template says what changed in it, with values only where they cannot be secrets', () => {
    const env = [{ name: 'TOKEN', value: '(hidden)' }];
    change('Deployment', web({ generation: 2, template: template('web:1', '256Mi', { env, args: ['--key=1'] }) }));
    const [write] = after();
    expect(write).toMatchObject({
      entry: {
        kind: 'rollout',
        title: 'Rollout of web: memory limit of web 512Mi → 256Mi, variable TOKEN of web, args of web',
      },
    });
    expect(JSON.stringify(write)).not.toContain('--key');
  });

  test('a checksum of configuration is a change of configuration; a restart is a rollout', () => {
    const plain = JSON.parse(template('web:1')) as { metadata: object };
    const summed = JSON.stringify({
      ...plain,
      metadata: { ...plain.metadata, annotations: { 'checksum/config': 'a' } },
    });
    change('Deployment', web({ generation: 2, template: summed, revision: '2' }));
    change('Deployment', web({ generation: 3, template: summed, revision: '3' }));
    expect(titles(after()).slice(0, 2)).toEqual([
      'Configuration of web: annotation checksum/config',
      'Rollout of web: restarted, or values that are not shown changed',
    ]);
  });

  test('pauses and suspensions are told, and their ends', () => {
    list('eu', 'CronJob', [{ ...web(), name: 'nightly', uid: 'uid-cron' }]);
    after();
    change('Deployment', web({ generation: 2, paused: 1 }));
    change('CronJob', { ...web(), name: 'nightly', uid: 'uid-cron', suspended: 1 });
    change('Deployment', web({ generation: 3, paused: 0 }));
    expect(titles(after())).toEqual(['Rollout of web paused', 'CronJob nightly suspended', 'Rollout of web resumed']);
  });
});

describe('replicas', () => {
  test('a scaling says from where to where, and which autoscaler has it in hand', () => {
    change('Deployment', web({ generation: 2, desired: 5 }));
    list('eu', 'HorizontalPodAutoscaler', [
      {
        namespace: 'shop',
        name: 'web-load',
        uid: 'uid-hpa',
        targetKind: 'Deployment',
        targetName: 'web',
        minimum: 2,
        maximum: 9,
      },
    ]);
    change('Deployment', web({ generation: 3, desired: 4 }));
    const told = after().filter(({ op }) => op === 'add');
    expect(titles(told)).toEqual(['web scaled 3 → 5', 'web scaled 5 → 4']);
    expect(told.map((write) => (write.op === 'add' ? write.entry.actor : ''))).toEqual([
      undefined,
      'HorizontalPodAutoscaler web-load',
    ]);
  });

  test('limits of an autoscaler are told as of what it scales', () => {
    const autoscaler = {
      namespace: 'shop',
      name: 'web-load',
      uid: 'uid-hpa',
      targetKind: 'Deployment',
      targetName: 'web',
    };
    list('eu', 'HorizontalPodAutoscaler', [{ ...autoscaler, minimum: 2, maximum: 9 }]);
    change('HorizontalPodAutoscaler', { ...autoscaler, minimum: 2, maximum: 4, current: 4 });
    expect(after()).toMatchObject([
      { entry: { title: 'Autoscaler of web: 2–9 → 2–4 replicas', entityRef: 'component:default/web' } },
    ]);
  });

  test('what changes all the time is told some times, then not before it is calm', () => {
    for (let generation = 2; generation < 100; generation += 1) {
      change('Deployment', web({ generation, desired: generation }));
      now += 1_000;
    }
    const told = store.chronicle.take(now).filter(({ op }) => op === 'add');
    expect(told.length).toBe(12);
    expect(told.at(-1)).toMatchObject({ entry: { data: { isFrequent: true } } });
    expect(store.chronicle.leftOut).toBe(86);
    now += 700_000;
    change('Deployment', web({ generation: 101, desired: 1 }));
    expect(titles(after())).toContain('web scaled 99 → 1');
  });
});

describe('what comes and goes', () => {
  test('workloads are told with the time that their cluster knows; jobs and what others own are not', () => {
    change('Deployment', { ...web(), name: 'new', uid: 'uid-new', created: START / 1000 - 3, labels: undefined });
    change('Job', { ...web(), name: 'nightly-1', uid: 'uid-job' });
    change('Deployment', { ...web(), name: 'owned', uid: 'uid-owned', ownerKind: 'StatefulSet', ownerName: 'x' });
    change('Deployment', ['delete', web()]);
    expect(after().map((write) => (write.op === 'add' ? write.entry : undefined))).toMatchObject([
      { id: 'created uid-new', at: START - 3_000, title: 'Deployment new created' },
      { id: 'deleted uid-web', kind: 'deleted', entityRef: 'component:default/web' },
    ]);
  });

  test('what is found after an absence happened since the last look; what is first listed is no news', () => {
    const asOf = START;
    expect(after(120)).toEqual([]);
    store.putCluster(faceOf('eu', { generation: 2 }));
    now += 3_600_000;
    store.apply({
      ...batchOf({ cluster: 'eu', kind: 'Deployment', step: 'listed', isFirst: true, receivedAt: now }, [
        web({ generation: 4, desired: 7, images: 'web:3' }),
      ]),
      generation: 2,
    });
    const told = after().flatMap((write) => (write.op === 'add' ? write.entry : []));
    expect(told.map(({ kind, at, since }) => [kind, at, since])).toEqual([
      ['image', now - 1_000, asOf],
      ['scale', now - 1_000, asOf],
    ]);
  });
});

describe('configuration', () => {
  test('a ConfigMap that changed names the workloads that use it, and the entity of the first', () => {
    const configMap = { namespace: 'shop', name: 'web.config', uid: 'uid-config', version: 10 };
    list('eu', 'ConfigMap', [configMap]);
    const volumes = { envFrom: [{ configMapRef: { name: 'web.config' } }] };
    change('Deployment', web({ template: template('web:1', '512Mi', volumes) }));
    change('Deployment', { ...web(), name: 'web.config', uid: 'uid-same-name', template: template('web.config') });
    after();
    change('ConfigMap', { ...configMap, version: 11 });
    expect(after()).toMatchObject([
      {
        entry: {
          id: 'config uid-config 11',
          kind: 'config',
          title: 'ConfigMap web.config changed, used by web',
          entityRef: 'component:default/web',
          data: { workloads: [{ kind: 'Deployment', name: 'web' }] },
        },
      },
    ]);
  });
});

describe('restarts', () => {
  const restarted = (index: number, restarts: number): CellsByColumn =>
    pod(index, { restarts, restarted: Math.floor(now / 1000), lastExit: 'web OOMKilled 137' });

  beforeEach(() => {
    const owner = { namespace: 'shop', name: 'web-1', uid: 'uid-rs', ownerKind: 'Deployment', ownerName: 'web' };
    list('eu', 'ReplicaSet', [owner]);
    list(
      'eu',
      'Pod',
      [0, 1, 2, 3].map((index) => pod(index)),
    );
  });

  test('several pods of one workload within minutes are one entry that grows; one pod is none', () => {
    change('Pod', restarted(0, 1));
    expect(after(20)).toEqual([]);
    change('Pod', restarted(1, 1), restarted(2, 1));
    const [first] = after();
    expect(first).toMatchObject({
      op: 'add',
      entry: {
        kind: 'restarts',
        title: '3 of 3 pods of web restarted: OOMKilled',
        entityRef: 'component:default/web',
        data: { pods: 3, restarts: 3, of: 3, reasons: { OOMKilled: 3 } },
      },
    });
    for (let round = 2; round < 30; round += 1) {
      change('Pod', restarted(0, round), restarted(1, round), restarted(2, round), restarted(3, round));
      after(2);
    }
    const grown = after(30).filter(({ op }) => op === 'add');
    expect(grown.length).toBeLessThanOrEqual(3);
    const ids = new Set([first, ...grown].map((write) => (write?.op === 'add' ? write.entry.id : '')));
    expect(ids.size).toBe(1);
    expect(grown.at(-1)).toMatchObject({ entry: { data: { pods: 4 } } });
  });

  test('one that goes on for an hour is written ever more seldom, and each half of it with all its restarts', () => {
    const told: TimelineWrite[] = [];
    for (let round = 1; round <= 360; round += 1) {
      change('Pod', restarted(0, round), restarted(1, round), restarted(2, round));
      told.push(...after(10));
    }
    told.push(...after(400));
    const storms = told.filter((write) => write.op === 'add');
    expect(storms.length).toBeLessThan(60);
    const last = new Map(storms.map(({ entry }) => [entry.id, Number(entry.data['restarts'])]));
    expect(last.size).toBeGreaterThan(1);
    expect([...last.values()].reduce((sum, restarts) => sum + restarts)).toBe(3 * 360);
  });

  test('restarts that are found hours later are no storm of now', () => {
    const then = Math.floor(now / 1000) - 7_200;
    change('Pod', ...[0, 1, 2].map((index) => pod(index, { restarts: 5, restarted: then })));
    expect(after(30)).toEqual([]);
  });
});

describe('health', () => {
  const failing = { health: 'Degraded', healthReason: 'CrashLoopBackOff' };

  beforeEach(() => {
    const owner = { namespace: 'shop', name: 'web-1', uid: 'uid-rs', ownerKind: 'Deployment', ownerName: 'web' };
    list('eu', 'ReplicaSet', [owner]);
    list('eu', 'Pod', [pod(0), pod(1)]);
    after();
  });

  test('a workload that fails is told once it held, and that it is well again', () => {
    change('Deployment', web({ health: 'Degraded', healthReason: 'ProgressDeadlineExceeded' }));
    expect(after(10)).toEqual([]);
    const [told] = after(20);
    expect(told).toMatchObject({
      op: 'state',
      isQuiet: false,
      entry: {
        id: 'health eu/Deployment/shop/web',
        title: 'web is degraded: ProgressDeadlineExceeded',
        data: { from: 'Healthy', to: 'Degraded' },
      },
    });
    change('Deployment', web());
    expect(after(30)).toMatchObject([
      { op: 'state', entry: { title: 'web is healthy again', data: { to: 'Healthy' } } },
    ]);
    expect(after(120)).toEqual([]);
  });

  test('what is well again before it was told is not told', () => {
    change('Deployment', web({ health: 'Degraded' }));
    after(5);
    change('Deployment', web());
    expect(after(60).filter((write) => write.op === 'state' && !write.isQuiet)).toEqual([]);
  });

  test('a rollout whose pods fail, fails', () => {
    change('Deployment', web({ health: 'Progressing' }));
    change('Pod', pod(0, failing));
    expect(titles(after(40))).toEqual(['web is degraded: CrashLoopBackOff']);
  });
});

describe('clusters', () => {
  test('one that does not answer is told once that held; that it answers is news only after that', () => {
    after(30);
    const lost = { code: 'ConnectionRefused', message: 'refused' };
    for (const { id } of liveKinds) store.setKindState('eu', 1, id, { state: 'unreachable', reason: lost, at: now });
    expect(after(10)).toEqual([]);
    expect(after(20)).toMatchObject([
      {
        op: 'state',
        entry: {
          kind: 'cluster',
          title: 'eu is unreachable',
          data: { to: 'unreachable', reason: 'ConnectionRefused' },
        },
      },
    ]);
    for (const { id } of liveKinds) store.setKindState('eu', 1, id, { state: 'ok', at: now });
    expect(after(10)).toMatchObject([{ op: 'state', isQuiet: true, entry: { title: 'eu answers again' } }]);
  });

  test('another version is told; the first is none', () => {
    store.setConnection('eu', 1, { version: 'v1.32.1', identity: 'a' });
    after(10);
    store.setConnection('eu', 1, { version: 'v1.33.0', identity: 'a' });
    expect(titles(after(10))).toContain('Kubernetes of eu: v1.32.1 → v1.33.0');
  });
});
