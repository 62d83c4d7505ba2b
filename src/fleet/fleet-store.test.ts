import { describe, expect, test } from 'vitest';
import { batchOf, faceOf } from '../../test/support/fleet-batches.ts';
import type { LiveObjectPage } from '../api/fleet.ts';
import { liveKinds } from '../live/kind-table.ts';
import type { LiveScope, LiveTold, ObjectQuery } from '../live/live-reader.ts';
import { FleetStore } from './fleet-store.ts';

const START = Date.UTC(2026, 0, 1);

function storeWith(...clusters: readonly string[]): FleetStore {
  const store = new FleetStore({ kinds: liveKinds, epoch: 'e', now: () => START });
  for (const name of clusters) store.putCluster(faceOf(name));
  return store;
}

function read(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}

function objects(store: FleetStore, query: Partial<ObjectQuery> = {}, scope: LiveScope = 'all'): LiveObjectPage {
  return read(store.objects({ limit: 100, ...query }, scope)) as LiveObjectPage;
}

const pod = (name: string, cells: Readonly<Record<string, string | number>> = {}) => ({
  namespace: 'shop',
  name,
  uid: `uid-${name}`,
  created: START / 1000,
  ...cells,
});

describe('objects', () => {
  test('are shown with their cells in the form of their columns', () => {
    const store = storeWith('prod');
    const cells = { labels: 'app=web\ntier=front', images: 'web:1\nproxy:2', restarts: 3, node: 'node-1', started: 60 };
    store.apply(batchOf({ cluster: 'prod', kind: 'Pod' }, [pod('web-1', cells)]));
    expect(objects(store)).toMatchObject({
      total: 1,
      items: [
        {
          cluster: 'prod',
          kind: 'Pod',
          group: '',
          namespace: 'shop',
          name: 'web-1',
          uid: 'uid-web-1',
          createdAt: '2026-01-01T00:00:00.000Z',
          labels: { app: 'web', tier: 'front' },
          annotations: {},
          fields: { images: ['web:1', 'proxy:2'], restarts: 3, node: 'node-1', started: '1970-01-01T00:01:00.000Z' },
        },
      ],
      position: { epoch: 'e', sequence: 2 },
    });
  });

  test('a label that is not kept cannot be asked for: nothing found would look as if there were nothing', () => {
    const store = storeWith('prod');
    expect(() => objects(store, { labelSelector: 'app=web,pod-template-hash=7f9' })).toThrow('ask by owner instead');
  });

  test('show the pod template of a workload where it is asked for', () => {
    const store = storeWith('prod');
    const deployment = { ...pod('web'), template: '{"spec":{}}', desired: 2 };
    store.apply(batchOf({ cluster: 'prod', kind: 'Deployment' }, [deployment]));
    expect(objects(store).items[0]?.fields).toEqual({ desired: 2 });
    expect(objects(store, { templates: true }).items[0]?.fields).toEqual({ desired: 2, template: { spec: {} } });
  });

  test('a list takes the place of what was held, and tells what came, changed and went', () => {
    const store = storeWith('prod');
    const told: LiveTold[] = [];
    store.apply(batchOf({ cluster: 'prod', kind: 'Pod' }, [pod('a'), pod('b'), pod('c')]));
    store.follow(undefined, 'all', (one) => told.push(one));
    store.apply(
      batchOf({ cluster: 'prod', kind: 'Pod', step: 'page', isFirst: true }, [pod('a'), pod('b', { ready: 1 })]),
    );
    expect(objects(store).total).toBe(3);
    store.apply(batchOf({ cluster: 'prod', kind: 'Pod', step: 'page' }, [pod('d')]));
    store.apply(batchOf({ cluster: 'prod', kind: 'Pod', step: 'listed' }, []));
    expect(objects(store).items.map(({ name }) => name)).toEqual(['a', 'b', 'd']);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      objects: [
        { type: 'put', name: 'b' },
        { type: 'put', name: 'd' },
        { type: 'delete', name: 'c' },
      ],
    });
  });
});
