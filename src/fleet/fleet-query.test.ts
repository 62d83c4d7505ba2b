import { describe, expect, test } from 'vitest';
import { batchOf, type CellsByColumn, faceOf } from '../../test/support/fleet-batches.ts';
import type { FleetEventPage, FoundObjects, LiveObjectPage } from '../api/fleet.ts';
import { liveKinds } from '../live/kind-table.ts';
import type { LiveScope, ObjectQuery, SearchQuery } from '../live/live-reader.ts';
import { FleetStore } from './fleet-store.ts';

function storeOf(kind: string, ...rows: readonly CellsByColumn[]): FleetStore {
  const store = new FleetStore({ kinds: liveKinds, epoch: 'e', now: () => 0 });
  store.putCluster(faceOf('eu', { labels: { environment: 'prod', region: 'eu' } }));
  store.putCluster(faceOf('us', { labels: { environment: 'prod', region: 'us' } }));
  store.putCluster(faceOf('lab', { labels: { environment: 'test' } }));
  for (const cluster of ['eu', 'us', 'lab']) store.apply(batchOf({ cluster, kind }, rows));
  return store;
}

const objects = (store: FleetStore, query: Partial<ObjectQuery>, scope: LiveScope = 'all'): LiveObjectPage =>
  JSON.parse(Buffer.from(store.objects({ limit: 100, ...query }, scope)).toString()) as LiveObjectPage;

const search = (store: FleetStore, text: string, more: Partial<SearchQuery> = {}, scope: LiveScope = 'all') =>
  JSON.parse(Buffer.from(store.search({ text, limit: 100, ...more }, scope)).toString()) as FoundObjects;

const pod = (name: string, cells: CellsByColumn = {}): CellsByColumn => ({
  namespace: 'shop',
  name,
  uid: name,
  created: 0,
  ...cells,
});

describe('a question', () => {
  const store = storeOf(
    'Pod',
    pod('a', { restarts: 3, started: 60 }),
    pod('b', { restarts: 1, labels: 'app=web' }),
    pod('c'),
  );

  test('leads to the clusters that its selector takes', () => {
    const clustersFor = (clusterSelector: string): string[] => [
      ...new Set(objects(store, { clusterSelector }).items.map(({ cluster }) => cluster)),
    ];
    expect(clustersFor('environment=prod,region in (eu, us)')).toEqual(['eu', 'us']);
    expect(clustersFor('region notin (eu)')).toEqual(['lab', 'us']);
    expect(clustersFor('!region')).toEqual(['lab']);
    expect(clustersFor('environment != test, region')).toEqual(['eu', 'us']);
  });

  test('is sorted by a column, what has no value last in both directions', () => {
    const names = (sort: string): string =>
      objects(store, { sort, clusters: ['eu'] })
        .items.map(({ name }) => name)
        .join('');
    expect(names('restarts')).toBe('bac');
    expect(names('-restarts')).toBe('abc');
    expect(names('-name')).toBe('cba');
  });

  test('is sorted by a column that holds numbers in one kind and words in another, page by page', () => {
    const mixed = storeOf('ConfigMap', pod('m', { version: 7 }), pod('n', { version: 3 }));
    const nodes = [
      { name: 'x', uid: 'x', version: 'v1.34' },
      { name: 'y', uid: 'y', version: 'v1.33' },
    ];
    mixed.apply(batchOf({ cluster: 'eu', kind: 'Node' }, nodes));
    const query = { kinds: ['ConfigMap', 'Node'], clusters: ['eu'], sort: 'version' };
    expect(objects(mixed, query).items.map(({ name }) => name)).toEqual(['n', 'm', 'y', 'x']);
    const paged: string[] = [];
    for (let cursor: string | undefined, page = 0; page < 5; page += 1) {
      const { items, nextCursor } = objects(mixed, { ...query, limit: 1, ...(cursor !== undefined && { cursor }) });
      paged.push(...items.map(({ name }) => name));
      if (nextCursor === undefined) break;
      cursor = nextCursor;
    }
    expect(paged).toEqual(['n', 'm', 'y', 'x']);
  });

  test.each([
    [{ fieldSelector: 'reasn=x' }, 'these kinds have no column reasn; did you mean reason?'],
    [{ kinds: ['Pod'], sort: '-restart' }, 'Pod has no column restart; did you mean restarts?'],
    [{ fieldSelector: 'restarts=many' }, "restarts is a number, not 'many'"],
    [{ fieldSelector: 'created>soon' }, "created is a time, as in 2026-01-31T12:00:00Z, not 'soon'"],
    [{ kinds: ['Deployment'], fieldSelector: 'paused=maybe' }, "paused is true or false, not 'maybe'"],
    [{ fieldSelector: 'restarts' }, "'restarts' of the field selector is no comparison"],
    [{ fieldSelector: 'labels=a' }, 'labels are selected by a label selector'],
    [{ kinds: ['Pods'] }, 'no kind Pods is read of clusters; did you mean Pod?'],
    [{ labelSelector: 'app in web' }, "'(' is expected before 'web'"],
    [{ labelSelector: 'app in (web' }, "')' is expected at the end"],
    [{ labelSelector: 'app=web tier=x' }, "',' is expected before 'tier'"],
    [{ labelSelector: 'app=we$b' }, "'$b' cannot be read"],
    [{ labelSelector: ',' }, 'the key of a label is expected'],
    [{ labelSelector: 'app (' }, 'one of =, ==, !=, in, notin is expected'],
    [{ owner: 'web' }, "an owner is Kind/name, not 'web'"],
    [{ cursor: 'nonsense' }, 'the cursor is none of this list'],
    [{ cursor: Buffer.from('["name",1,2,3,4,5]').toString('base64url') }, 'the cursor is none of this list'],
  ])('that makes no sense is refused with what is wrong: %j', (query, problem) => {
    expect(() => objects(store, query)).toThrow(problem);
  });

  test('goes on behind its cursor though the object there is gone meanwhile', () => {
    const own = storeOf('Pod', pod('a'), pod('b'), pod('c'));
    const first = objects(own, { clusters: ['eu'], limit: 2 });
    own.apply(batchOf({ cluster: 'eu', kind: 'Pod' }, [['delete', pod('b')], pod('aa')]));
    const next = objects(own, { clusters: ['eu'], limit: 2, cursor: first.nextCursor });
    expect(next.items.map(({ name }) => name)).toEqual(['c']);
    expect(next.nextCursor).toBeUndefined();
  });

  test('names in `incomplete` only clusters of its scope', () => {
    const { incomplete } = objects(store, {}, { us: ['shop'] });
    expect(incomplete.map(({ cluster }) => cluster)).toEqual(['us']);
  });

  test('about what stands in no namespace is answered where the whole cluster may be seen', () => {
    const nodes = storeOf('Node', { name: 'node-1', uid: 'n' });
    expect(objects(nodes, {}, { eu: ['shop'], us: true }).items.map(({ cluster }) => cluster)).toEqual(['us']);
  });
});

describe('events', () => {
  test('come the newest first, with what they are about', () => {
    const event = (name: string, last: number): CellsByColumn => ({
      ...pod(name),
      reason: 'BackOff',
      message: `of ${name}`,
      objectKind: 'Pod',
      objectName: name,
      last,
      count: 2,
    });
    const store = storeOf('Event', event('old', 60), event('new', 120), { ...pod('bare'), created: 1 });
    const page = JSON.parse(
      Buffer.from(store.events({ limit: 4, clusters: ['eu'] }, 'all')).toString(),
    ) as FleetEventPage;
    expect(page.items).toMatchObject([
      {
        cluster: 'eu',
        reason: 'BackOff',
        object: { kind: 'Pod', name: 'new' },
        count: 2,
        lastAt: '1970-01-01T00:02:00.000Z',
      },
      { message: 'of old' },
      { reason: '', count: 1, lastAt: '1970-01-01T00:00:01.000Z' },
    ]);
  });
});

describe('a search', () => {
  const store = storeOf(
    'Pod',
    pod('web'),
    pod('web-1', { images: 'shop/front:1.4.2' }),
    pod('the-web', { node: 'node-7', labels: 'team=Blue' }),
    pod('other', { images: 'proxy:2\nweb:1', reason: 'CrashLoopBackOff', failing: 'main OOMKilled' }),
  );
  const found = (text: string): string[] =>
    search(store, text, { clusters: ['eu'] }).items.map(
      ({ name, matched, text: where }) => `${name} ${matched} ${where}`,
    );

  test('finds the name itself first, then names that begin with it, hold it, and images', () => {
    expect(found('web')).toEqual(['web name web', 'web-1 name web-1', 'the-web name the-web', 'other image web:1']);
  });

  test('finds in images, nodes, labels, reasons and namespaces, in either case', () => {
    expect(found('1.4')).toEqual(['web-1 image shop/front:1.4.2']);
    expect(found('NODE-7')).toEqual(['the-web node node-7']);
    expect(found('team=blue')).toEqual(['the-web label team=Blue']);
    expect(found('crashloop')).toEqual(['other reason CrashLoopBackOff']);
    expect(found('oomkilled')).toEqual(['other reason main OOMKilled']);
    expect(found('shop')).toHaveLength(4);
  });

  test('takes several words, all of which an object must hold', () => {
    expect(found('web node-7')).toEqual(['the-web name the-web']);
    expect(found('oom  crash')).toEqual(['other reason main OOMKilled']);
    expect(found('web nowhere')).toEqual([]);
  });

  test('counts all and answers with the best', () => {
    expect(search(store, 'w', { limit: 1 })).toMatchObject({ total: 12, items: [{ name: 'web' }] });
  });

  test('finds nothing outside its scope', () => {
    expect(search(store, 'web', {}, { us: ['bank'] }).total).toBe(0);
    expect(search(store, 'web', {}, { us: ['shop'] }).total).toBe(4);
    expect(search(store, 'web', {}, {}).total).toBe(0);
  });

  test.each(['', '  ', 'a b c d e f g h i', 'x'.repeat(251)])('for %j is refused', (text) => {
    expect(() => search(store, text)).toThrow(/search has/);
  });
});
