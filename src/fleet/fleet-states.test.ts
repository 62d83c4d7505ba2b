import { describe, expect, test } from 'vitest';
import { batchOf, faceOf, kindOf } from '../../test/support/fleet-batches.ts';
import type { Cluster, ClusterList, LiveObjectPage } from '../api/fleet.ts';
import type { LiveTold } from '../live/live-reader.ts';
import { FleetStore } from './fleet-store.ts';

const START = Date.UTC(2026, 0, 1);
const kinds = ['Pod', 'Deployment', 'Node'].map(kindOf);

class Fleet {
  now = START;
  readonly store = new FleetStore({ kinds, epoch: 'e', now: () => this.now });

  constructor() {
    this.store.putCluster(faceOf('prod'));
  }

  get cluster(): Cluster {
    const list = JSON.parse(Buffer.from(this.store.clusters('all', true)).toString()) as ClusterList;
    const [cluster] = list.items;
    if (cluster === undefined) throw new Error('There is no cluster');
    return cluster;
  }

  get incomplete(): LiveObjectPage['incomplete'] {
    const page = JSON.parse(Buffer.from(this.store.objects({ limit: 1 }, 'all')).toString()) as LiveObjectPage;
    return page.incomplete;
  }

  list(kind: string, ...names: readonly string[]): void {
    const place = { cluster: 'prod', kind, receivedAt: this.now, resourceVersion: '5' };
    const rows = names.map((name) => ({ namespace: 'shop', name, uid: name, created: 0 }));
    this.store.apply(batchOf({ ...place, step: 'page', isFirst: true }, rows));
    this.store.apply(batchOf({ ...place, step: 'listed' }, []));
  }

  tell(kind: string, state: 'ok' | 'denied' | 'unreachable' | 'stale' | 'absent', code?: string): void {
    const reason = code === undefined ? undefined : { code, message: `It is ${code}.` };
    this.store.setKindState('prod', 1, kind, { state, reason, at: this.now });
  }

  read(): void {
    for (const { id } of kinds) {
      this.list(id, 'a');
      this.tell(id, 'ok');
    }
  }
}

describe('the state of a cluster', () => {
  test('is stale until every kind that it has was read, whatever is said of it', () => {
    const fleet = new Fleet();
    expect(fleet.cluster).toMatchObject({ state: 'stale', reason: { code: 'Reading' } });
    expect(fleet.cluster.asOf).toBeUndefined();
    for (const { id } of kinds) fleet.tell(id, 'ok');
    expect(fleet.cluster.state).toBe('stale');
    fleet.list('Pod', 'a', 'b');
    fleet.list('Deployment', 'a');
    expect(fleet.cluster.state).toBe('stale');
    expect(fleet.incomplete).toMatchObject([{ cluster: 'prod', kind: 'Node', state: 'stale' }]);
    fleet.list('Node');
    expect(fleet.cluster).toMatchObject({
      state: 'ok',
      asOf: '2026-01-01T00:00:00.000Z',
      objects: 3,
      pods: 2,
      nodes: { ready: 0, total: 0 },
    });
    expect(fleet.incomplete).toEqual([]);
  });

  test('is ok with a warning where a single kind is denied, and denied where all are', () => {
    const fleet = new Fleet();
    fleet.read();
    fleet.tell('Node', 'denied', 'Forbidden');
    expect(fleet.cluster).toMatchObject({ state: 'ok', warnings: ['nodes are not shown: It is Forbidden.'] });
    expect(fleet.incomplete).toMatchObject([{ kind: 'Node', state: 'denied', reason: { code: 'Forbidden' } }]);
    for (const { id } of kinds) fleet.tell(id, 'denied', 'Forbidden');
    expect(fleet.cluster).toMatchObject({ state: 'denied', reason: { code: 'Forbidden' } });
    expect(fleet.incomplete).toHaveLength(1);
  });

  test('is denied as soon as its credentials are refused', () => {
    const fleet = new Fleet();
    fleet.read();
    fleet.tell('Pod', 'denied', 'Unauthorized');
    expect(fleet.cluster).toMatchObject({ state: 'denied', reason: { code: 'Unauthorized' } });
  });

  test('is unreachable where all its kinds are, stale where some are', () => {
    const fleet = new Fleet();
    fleet.read();
    fleet.tell('Pod', 'unreachable', 'ConnectionRefused');
    expect(fleet.cluster).toMatchObject({ state: 'stale', reason: { code: 'ConnectionRefused' } });
    fleet.now += 1_000;
    fleet.tell('Deployment', 'unreachable', 'ConnectionRefused');
    fleet.tell('Node', 'absent');
    expect(fleet.cluster).toMatchObject({ state: 'unreachable', since: '2026-01-01T00:00:01.000Z' });
    expect(fleet.incomplete).toMatchObject([{ cluster: 'prod', state: 'unreachable' }]);
    expect(fleet.cluster.objects).toBe(2);
  });

  test('is as of when its kinds were read, whatever was denied when it was last heard of', () => {
    const fleet = new Fleet();
    for (const { id } of kinds.filter((kind) => kind.id !== 'Node')) {
      fleet.list(id, 'a');
      fleet.tell(id, 'ok');
    }
    fleet.tell('Node', 'denied', 'Forbidden');
    for (const { id } of kinds) fleet.tell(id, 'unreachable', 'Timeout');
    expect(fleet.cluster).toMatchObject({ state: 'unreachable', asOf: '2026-01-01T00:00:00.000Z' });
    fleet.now += 1_000;
    fleet.store.putCluster(faceOf('prod', { generation: 2 }));
    expect(fleet.cluster).toMatchObject({ state: 'stale', asOf: '2026-01-01T00:00:00.000Z' });
  });

  test('is as of no time while a kind was never read for another reason than that it is denied', () => {
    const fleet = new Fleet();
    for (const id of ['Pod', 'Deployment']) fleet.list(id, 'a');
    for (const { id } of kinds) fleet.tell(id, 'unreachable', 'Timeout');
    expect(fleet.cluster.state).toBe('unreachable');
    expect(fleet.cluster.asOf).toBeUndefined();
    fleet.tell('Node', 'denied', 'Forbidden');
    fleet.tell('Node', 'ok');
    fleet.tell('Node', 'unreachable', 'Timeout');
    expect(fleet.cluster.asOf).toBeUndefined();
  });

  test('turns stale when nothing confirms it for a minute, polled kinds a poll later; and is ok again when something does', () => {
    const fleet = new Fleet();
    fleet.read();
    fleet.now += 60_000;
    fleet.store.tick();
    expect(fleet.cluster.state).toBe('ok');
    fleet.now += 1;
    fleet.store.tick();
    expect(fleet.cluster).toMatchObject({
      state: 'stale',
      reason: { code: 'Silent' },
      since: '2026-01-01T00:01:00.001Z',
    });
    expect(fleet.incomplete.map(({ kind }) => kind)).toEqual(['Deployment', 'Pod']);
    fleet.store.confirm('prod', 1, fleet.now, ['Pod', 'Deployment']);
    expect(fleet.cluster.state).toBe('ok');
    fleet.now += 60_000;
    fleet.store.confirm('prod', 1, fleet.now, ['Pod', 'Deployment', 'Node']);
    fleet.store.tick();
    expect(fleet.incomplete).toMatchObject([{ kind: 'Node', reason: { code: 'Silent' } }]);
  });

  test('is stale when the clock was set back, until something confirms it in the new time', () => {
    const fleet = new Fleet();
    fleet.read();
    fleet.now -= 3_600_000;
    fleet.store.tick();
    expect(fleet.cluster).toMatchObject({ state: 'stale', reason: { code: 'Silent' } });
    fleet.read();
    expect(fleet.cluster).toMatchObject({ state: 'ok', asOf: '2025-12-31T23:00:00.000Z' });
  });

  test('is never ok by changes of what was not listed, or by the end of a list whose beginning is gone', () => {
    const fleet = new Fleet();
    for (const { id } of kinds) {
      fleet.tell(id, 'ok');
      fleet.store.apply(batchOf({ cluster: 'prod', kind: id, receivedAt: START }, [{ name: 'a', uid: 'a' }]));
      fleet.store.apply(
        batchOf({ cluster: 'prod', kind: id, step: 'page', receivedAt: START }, [{ name: 'b', uid: 'b' }]),
      );
      fleet.store.apply(
        batchOf({ cluster: 'prod', kind: id, step: 'listed', resourceVersion: '9', receivedAt: START }, []),
      );
    }
    expect(fleet.cluster).toMatchObject({ state: 'stale', objects: 3 });
    expect(fleet.store.resourceVersions('prod')).toEqual({});
    expect(fleet.store.stats().droppedRows).toBe(3);
  });

  test('is told to who follows, once for each change', () => {
    const fleet = new Fleet();
    const told: LiveTold[] = [];
    fleet.read();
    fleet.store.follow(undefined, 'all', (one) => told.push(one));
    fleet.tell('Pod', 'ok');
    fleet.store.confirm('prod', 1, fleet.now + 1);
    fleet.store.tick();
    expect(told).toEqual([]);
    fleet.tell('Pod', 'unreachable', 'Timeout');
    fleet.tell('Pod', 'unreachable', 'Timeout');
    expect(told).toMatchObject([{ objects: [], clusters: ['prod'] }]);
  });
});

describe('what is held of a cluster', () => {
  test('stays unconfirmed when it is connected to anew, and is gone with another server', () => {
    const fleet = new Fleet();
    fleet.read();
    fleet.store.putCluster(faceOf('prod', { generation: 2 }));
    expect(fleet.cluster).toMatchObject({ state: 'stale', objects: 3, reason: { code: 'Reading' } });
    fleet.tell('Pod', 'ok');
    fleet.list('Pod', 'x');
    expect(fleet.cluster).toMatchObject({ state: 'stale', objects: 3 });
    expect(fleet.store.stats().droppedRows).toBe(1);
    fleet.store.putCluster(faceOf('prod', { generation: 3, server: 'https://elsewhere.example.com' }));
    expect(fleet.cluster.objects).toBe(0);
    expect(fleet.cluster.asOf).toBeUndefined();
  });

  test('is gone when its identity turns out to be another one', () => {
    const fleet = new Fleet();
    fleet.store.setConnection('prod', 1, { version: 'v1.34.0', identity: 'one' });
    fleet.read();
    fleet.store.setConnection('prod', 1, { version: 'v1.35.0', identity: 'one' });
    expect(fleet.cluster).toMatchObject({ objects: 3, version: 'v1.35.0', state: 'ok' });
    fleet.store.setConnection('prod', 1, { version: 'v1.35.0', identity: 'two' });
    expect(fleet.cluster).toMatchObject({ objects: 0, state: 'stale' });
    expect(fleet.store.resourceVersions('prod')).toEqual({});
  });

  test('is told as deletes when the cluster goes, or a kind of it', () => {
    const fleet = new Fleet();
    fleet.read();
    const told: LiveTold[] = [];
    fleet.store.follow(undefined, 'all', (one) => told.push(one));
    fleet.tell('Pod', 'absent');
    fleet.store.dropCluster('prod');
    expect(told).toMatchObject([
      { objects: [{ type: 'delete', kind: 'Pod' }], clusters: ['prod'] },
      { objects: [{ kind: 'Deployment' }, { kind: 'Node' }], clusters: ['prod'] },
    ]);
    expect(fleet.store.stats().objects).toEqual({});
  });

  test('that was saved is shown as such, until its kinds are confirmed', () => {
    const fleet = new Fleet();
    fleet.store.setConnection('prod', 1, { version: 'v1.34.0', identity: 'one' });
    fleet.read();
    const saved = fleet.store.snapshot('prod');
    if (saved === undefined) throw new Error('Nothing was saved');
    const later = new Fleet();
    later.now += 3_600_000;
    expect(later.store.restore('prod', saved)).toEqual({ Pod: '5', Deployment: '5', Node: '5' });
    expect(later.cluster).toMatchObject({
      state: 'stale',
      reason: { code: 'Snapshot' },
      asOf: '2026-01-01T00:00:00.000Z',
      version: 'v1.34.0',
      objects: 3,
    });
    later.tell('Pod', 'unreachable', 'Timeout');
    later.tell('Pod', 'ok');
    later.store.tick();
    expect(later.incomplete.map(({ kind }) => kind)).toEqual(['Deployment', 'Node']);
    later.store.setConnection('prod', 1, { identity: 'two' });
    expect(later.cluster.objects).toBe(0);
  });
});
