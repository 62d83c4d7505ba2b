// Questions pass by clusters in which nothing that they ask for stands: whatever comes to stand there later must be found.
import { beforeEach, describe, expect, test } from 'vitest';
import { liveObject, memoryFleet, type MemoryFleet } from '../../test/support/memory-fleet.ts';
import type { FoundObjects, LiveObjectPage } from '../api/fleet.ts';
import type { ObjectQuery } from '../live/live-reader.ts';

const CLUSTERS = 70;
const nameOf = (cluster: number): string => `c${String(cluster).padStart(2, '0')}`;
const last = nameOf(CLUSTERS - 1);
const inShop = (name: string, cells: Record<string, string | number> = {}) =>
  liveObject(name, { namespace: 'shop', ...cells });

let fleet: MemoryFleet;

beforeEach(() => {
  fleet = memoryFleet(() => Date.UTC(2026, 2, 1));
  for (let cluster = 0; cluster < CLUSTERS; cluster += 1) {
    fleet.putCluster(nameOf(cluster));
    fleet.watchAll(nameOf(cluster));
    fleet.put(nameOf(cluster), 'Pod', [inShop(`idle-${cluster}`, { labels: 'app=idle', reason: 'Waiting' })]);
  }
});

const found = (query: Partial<ObjectQuery>): readonly string[] =>
  (
    JSON.parse(Buffer.from(fleet.store.objects({ limit: 100, ...query }, 'all')).toString()) as LiveObjectPage
  ).items.map(({ cluster, name }) => `${cluster}/${name}`);

const searched = (text: string): FoundObjects =>
  JSON.parse(Buffer.from(fleet.store.search({ text, limit: 100 }, 'all')).toString()) as FoundObjects;

describe.each<[string, string, Record<string, string | number>, Partial<ObjectQuery>]>([
  ['a label', 'Pod', { labels: 'app=till\ntier=x' }, { labelSelector: 'app=till' }],
  ['one of some labels', 'Pod', { labels: 'app=till' }, { labelSelector: 'app in (till, desk)' }],
  ['a field', 'Pod', { reason: 'CrashLoopBackOff' }, { fieldSelector: 'reason=CrashLoopBackOff' }],
  ['an owner', 'Pod', { ownerKind: 'ReplicaSet', ownerName: 'till-1' }, { owner: 'ReplicaSet/till-1' }],
])('an object asked for by %s', (_, kind, cells, query) => {
  test('is found as soon as it is there, also by who asked before', () => {
    expect(found(query)).toEqual([]);
    fleet.put(last, kind, [inShop('new', cells)]);
    expect(found(query)).toEqual([`${last}/new`]);
    fleet.put(nameOf(3), kind, [inShop('idle-3', cells)]);
    expect(found(query)).toEqual([`${nameOf(3)}/idle-3`, `${last}/new`]);
    fleet.remove(last, kind, inShop('new', cells));
    expect(found(query)).toEqual([`${nameOf(3)}/idle-3`]);
  });
});

describe('a search', () => {
  test.each<[string, string, string, Record<string, string | number>, string]>([
    ['an image with capital letters', 'Deployment', 'x', { images: 'registry.example.com/Till:V2' }, 'till:v2'],
    ['a label with capital letters', 'Pod', 'x', { labels: 'team=Lamp' }, 'team=lamp'],
    ['a node', 'Pod', 'x', { node: 'node-77' }, 'node-77'],
    ['a name alone', 'ConfigMap', 'lamp-settings', {}, 'settings'],
    ['a name after its owner', 'Pod', 'lamp-7c9', { ownerKind: 'ReplicaSet', ownerName: 'lamp' }, 'lamp'],
    ['two letters', 'Pod', 'qq', {}, 'qq'],
  ])('finds %s, in a cluster that it passed by before', (_, kind, name, cells, text) => {
    expect(searched(text).total).toBe(0);
    fleet.put(last, kind, [inShop(name, cells)]);
    const { items, kinds } = searched(text);
    expect(items).toMatchObject([{ cluster: last, kind, name }]);
    expect(kinds).toEqual({ [kind]: 1 });
    fleet.remove(last, kind, inShop(name, cells));
    expect(searched(text).total).toBe(0);
  });

  test('finds names after their owners come, change owners and go', () => {
    const owned = (name: string, ownerName: string) => inShop(name, { ownerKind: 'ReplicaSet', ownerName });
    fleet.put(
      last,
      'Pod',
      ['b', 'c', 'd', 'f'].map((tail) => owned(`lamp-${tail}`, 'lamp')),
    );
    expect(searched('lamp').total).toBe(4);
    fleet.put(last, 'Pod', [owned('lamp-b', 'desk'), owned('lamp-g', 'lamp')]);
    expect(searched('lamp').total).toBe(5);
    fleet.remove(last, 'Pod', owned('lamp-c', 'lamp'));
    fleet.put(last, 'Pod', [owned('desk-h', 'desk')]);
    expect(searched('lamp').total).toBe(4);
    expect(searched('desk').items.map(({ name }) => name)).toEqual(['desk-h']);
  });

  test('finds what a cluster holds that came after another one went', () => {
    fleet.put(nameOf(5), 'Pod', [inShop('lamp-one', { labels: 'app=lamp' })]);
    expect(searched('lamp').total).toBe(1);
    fleet.store.dropCluster(nameOf(5));
    expect([searched('lamp').total, found({ labelSelector: 'app=lamp' })]).toEqual([0, []]);
    fleet.putCluster('newcomer');
    fleet.watchAll('newcomer');
    fleet.put('newcomer', 'Pod', [inShop('lamp-two', { labels: 'app=lamp' })]);
    expect(searched('lamp').items.map(({ cluster }) => cluster)).toEqual(['newcomer']);
    expect(found({ labelSelector: 'app=lamp' })).toEqual(['newcomer/lamp-two']);
  });
});

test('what a cluster is called and labelled counts as soon as it is said', () => {
  const pods = { kinds: ['Pod'], clusterSelector: 'tier=gold' };
  expect(found(pods)).toEqual([]);
  fleet.putCluster(nameOf(4), { labels: { tier: 'gold' } });
  expect(found(pods)).toEqual([`${nameOf(4)}/idle-4`]);
});
