import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchOf, type CellsByColumn, faceOf, kindOf } from '../../test/support/fleet-batches.ts';
import type { LiveObjectPage } from '../api/fleet.ts';
import type { LiveScope, LiveTold, ObjectQuery } from '../live/live-reader.ts';
import type { Batch } from './batch.ts';
import { FleetStore } from './fleet-store.ts';

// Random batches go into a store and into a plain map; then both are asked the same questions.

interface TestObject extends Record<string, string | number | undefined> {
  readonly namespace: string;
  readonly name: string;
}

type Step =
  | { readonly type: 'put' | 'delete'; readonly cluster: string; readonly kind: string; readonly object: TestObject }
  | { readonly type: 'list'; readonly cluster: string; readonly kind: string; readonly objects: readonly TestObject[] }
  | { readonly type: 'absent'; readonly cluster: string; readonly kind: string }
  | { readonly type: 'drop'; readonly cluster: string }
  | { readonly type: 'restore'; readonly cluster: string }
  | { readonly type: 'tick' };

const clusters = ['east', 'north', 'west'];
const kinds = ['Pod', 'Deployment'];
const name = fc.constantFrom(
  'a',
  'web-1',
  'web-7f9bc',
  'web-7f9bc-x2k4t',
  'api-web',
  'wéb',
  'web-1-long-name-of-a-pod',
);
const text = fc.constantFrom('one', 'two', 'Three', 'a/b:1', 'ü');
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 2 });
const object: fc.Arbitrary<TestObject> = fc.record({
  namespace: fc.constantFrom('shop', 'bank', 'mail'),
  name,
  uid: fc.constantFrom('u1', 'u2'),
  created: maybe(fc.integer({ min: 0, max: 100 })),
  ownerKind: fc.constantFrom('ReplicaSet', undefined),
  ownerName: maybe(fc.constantFrom('one', 'web', 'web-7f9bc', 'api', 'Three')),
  labels: maybe(fc.constantFrom('app=web\ntier=front', 'app=web', 'app=api\ntier=back', 'tier=')),
  ready: maybe(fc.integer({ min: -3, max: 3 })),
  restarts: maybe(fc.integer({ min: 0, max: 4 })),
  reason: maybe(text),
  message: maybe(text),
  images: maybe(fc.constantFrom('i:1', 'i:1\nj:2', 'j:2')),
  conditions: maybe(fc.constantFrom('[]', '[{"type":"Ready"}]')),
});
const place = { cluster: fc.constantFrom(...clusters), kind: fc.constantFrom(...kinds) };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('put' as const), ...place, object }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('delete' as const), ...place, object }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('list' as const),
      ...place,
      objects: fc.array(object, { maxLength: 12 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('absent' as const), ...place }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('drop' as const), cluster: place.cluster }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restore' as const), cluster: place.cluster }) },
  { weight: 2, arbitrary: fc.constant({ type: 'tick' as const }) },
);

/** Objects by cluster, kind, namespace and name. */
type Model = Map<string, TestObject>;

const keyOf = (cluster: string, kind: string, { namespace, name: own }: TestObject): string =>
  [cluster, kind, namespace, own].join('\0');

/** Cells that a kind has; the others of an object go nowhere. */
function cellsOf(kind: string, one: TestObject): CellsByColumn {
  const own = new Set(kindOf(kind).columns.map((column) => column.name));
  const common = ['namespace', 'name', 'uid', 'created', 'ownerKind', 'ownerName', 'labels'];
  return Object.fromEntries(Object.entries(one).filter(([column]) => own.has(column) || common.includes(column)));
}

function placeOf({
  cluster,
  kind,
}: {
  readonly cluster: string;
  readonly kind: string;
}): Pick<Batch, 'cluster' | 'kind'> {
  return { cluster, kind };
}

function forget(model: Model, prefix: string): void {
  for (const key of model.keys()) if (key.startsWith(prefix)) model.delete(key);
}

function apply(store: FleetStore, model: Model, one: Step): void {
  switch (one.type) {
    case 'put':
      store.apply(batchOf(placeOf(one), [cellsOf(one.kind, one.object)]));
      model.set(keyOf(one.cluster, one.kind, one.object), one.object);
      return;
    case 'delete':
      store.apply(batchOf(placeOf(one), [['delete', { namespace: one.object.namespace, name: one.object.name }]]));
      model.delete(keyOf(one.cluster, one.kind, one.object));
      return;
    case 'list': {
      const half = one.objects.length >>> 1;
      const cells = one.objects.map((listed) => cellsOf(one.kind, listed));
      store.apply(batchOf({ ...placeOf(one), step: 'page', isFirst: true }, cells.slice(0, half)));
      store.tick();
      store.apply(batchOf({ ...placeOf(one), step: 'page' }, cells.slice(half)));
      store.apply(batchOf({ ...placeOf(one), step: 'listed' }, []));
      forget(model, `${one.cluster}\0${one.kind}\0`);
      for (const listed of one.objects) model.set(keyOf(one.cluster, one.kind, listed), listed);
      return;
    }
    case 'absent':
      store.setKindState(one.cluster, 1, one.kind, { state: 'absent', at: 0 });
      store.apply(batchOf({ ...placeOf(one), step: 'listed', isFirst: true }, []));
      forget(model, `${one.cluster}\0${one.kind}\0`);
      return;
    case 'drop':
      store.dropCluster(one.cluster);
      connect(store, one.cluster);
      forget(model, `${one.cluster}\0`);
      return;
    case 'restore': {
      const saved = store.snapshot(one.cluster);
      store.dropCluster(one.cluster);
      store.putCluster(faceOf(one.cluster));
      if (saved !== undefined) store.restore(one.cluster, saved);
      return;
    }
    case 'tick':
      store.tick();
  }
}

function sortedKeys(model: Model): string[] {
  return [...model.keys()].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}

function page(store: FleetStore, query: Partial<ObjectQuery>, scope: LiveScope): LiveObjectPage {
  return JSON.parse(Buffer.from(store.objects({ limit: 1000, ...query }, scope)).toString()) as LiveObjectPage;
}

function keysOf({ items }: LiveObjectPage): string[] {
  return items.map((item) => [item.cluster, item.kind, item.namespace, item.name].join('\0'));
}

function newStore(): FleetStore {
  const store = new FleetStore({ kinds: kinds.map(kindOf), epoch: 'e', now: () => 0 });
  for (const cluster of clusters) connect(store, cluster);
  return store;
}

/** A cluster in which there is nothing yet. */
function connect(store: FleetStore, cluster: string): void {
  store.putCluster(faceOf(cluster));
  for (const kind of kinds) store.apply(batchOf({ cluster, kind, step: 'listed', isFirst: true }, []));
}

interface Question {
  readonly query: Partial<ObjectQuery>;
  readonly test: (one: TestObject, key: string) => boolean;
}

const questions: readonly Question[] = [
  { query: {}, test: () => true },
  { query: { namespaces: ['shop', 'none'] }, test: ({ namespace }) => namespace === 'shop' },
  { query: { clusters: ['west', 'none'] }, test: (_, key) => key.startsWith('west') },
  { query: { kinds: ['Pod'] }, test: (_, key) => key.includes('\0Pod\0') },
  { query: { name: 'web-1' }, test: (one) => one.name === 'web-1' },
  { query: { labelSelector: 'app=web' }, test: ({ labels }) => /^app=web$/m.test(String(labels)) },
  { query: { labelSelector: 'app!=web' }, test: ({ labels }) => !/^app=web$/m.test(String(labels)) },
  { query: { labelSelector: 'tier,app in (web,api)' }, test: ({ labels }) => /app=.*\ntier/.test(String(labels)) },
  { query: { labelSelector: '!app' }, test: ({ labels }) => !/^app=/m.test(String(labels)) },
  {
    query: { labelSelector: 'tier notin (front),app' },
    test: ({ labels }) => /app/.test(String(labels)) && !/front/.test(String(labels)),
  },
  {
    query: { owner: 'ReplicaSet/one' },
    test: ({ ownerKind, ownerName }) => ownerKind === 'ReplicaSet' && ownerName === 'one',
  },
  { query: { fieldSelector: 'ready>0' }, test: ({ ready }) => ready !== undefined && Number(ready) > 0 },
  { query: { fieldSelector: 'ready<=-1' }, test: ({ ready }) => ready !== undefined && Number(ready) <= -1 },
  {
    query: { kinds: ['Pod'], fieldSelector: 'reason!=Three' },
    test: (one, key) => key.includes('\0Pod\0') && one['reason'] !== 'Three',
  },
  {
    query: { kinds: ['Pod'], fieldSelector: 'message=ü,restarts=' },
    test: (one, key) => key.includes('\0Pod\0') && one['message'] === 'ü' && one['restarts'] === undefined,
  },
  { query: { fieldSelector: 'images=j:2' }, test: ({ images }) => String(images).split('\n').includes('j:2') },
  { query: { fieldSelector: 'created>=1970-01-01T00:00:50Z' }, test: ({ created }) => Number(created ?? -1) >= 50 },
];

const searches = [
  'web',
  'WEB-7',
  'b-7f',
  'k4',
  '-x2k4t',
  'a',
  'api',
  'one',
  'e',
  'thr',
  'ü',
  ':2',
  'tier=',
  'shop',
  'web shop',
  'nothing',
];

/** Whether a text, in any case, is in what is searched of an object. */
function holdsText(one: TestObject, kind: string, sought: string): boolean {
  const lines = [one.name, one.namespace, one['images'], one['labels'], ...(kind === 'Pod' ? [one['reason']] : [])];
  return lines.some((line) =>
    String(line ?? '')
      .toLowerCase()
      .includes(sought.toLowerCase()),
  );
}

test('a search finds what a look at every object finds, whatever batches came', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const store = newStore();
      const model: Model = new Map();
      for (const one of steps) {
        apply(store, model, one);
        // What is found in between must not be remembered wrongly.
        store.search({ text: 'web', limit: 10 }, 'all');
      }
      for (const text of searches) {
        const expected = sortedKeys(model).filter((key) =>
          text.split(' ').every((word) => holdsText(model.get(key) as TestObject, key.split('\0')[1] ?? '', word)),
        );
        const bytes = store.search({ text, limit: 1_000 }, 'all');
        const answer = JSON.parse(Buffer.from(bytes).toString()) as LiveObjectPage;
        expect(keysOf(answer).sort(), text).toEqual([...expected].sort());
        expect(answer.total).toBe(expected.length);
      }
    }),
    { numRuns: 150 },
  );
});

test('a store holds what a plain map holds, whatever batches come, and answers questions as a look at every object does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const store = newStore();
      const model: Model = new Map();
      for (const one of steps) apply(store, model, one);
      for (const { query, test: isAsked } of questions) {
        const expected = sortedKeys(model).filter((key) => isAsked(model.get(key) as TestObject, key));
        const answer = page(store, query, 'all');
        expect(keysOf(answer), JSON.stringify(query)).toEqual(expected);
        expect(answer.total).toBe(expected.length);
      }
      for (const item of page(store, {}, 'all').items) {
        const held = model.get([item.cluster, item.kind, item.namespace, item.name].join('\0'));
        expect(item.uid).toBe(held?.['uid']);
        expect(
          Object.entries(item.labels)
            .map((pair) => pair.join('='))
            .join('\n'),
        ).toBe(held?.['labels'] ?? '');
        if (item.kind === 'Pod') expect(item.fields['message']).toBe(held?.['message']);
        expect(item.fields['ready']).toBe(held?.['ready']);
      }
    }),
    { numRuns: 150 },
  );
});

test('a scope lets through what stands in its namespaces of its clusters, and nothing else', () => {
  const scope = { east: ['shop', 'mail'], west: true as const };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const store = newStore();
      const model: Model = new Map();
      for (const one of steps) apply(store, model, one);
      const seen = sortedKeys(model).filter((key) => /^(west\0|east\0[^\0]*\0(shop|mail)\0)/.test(key));
      expect(keysOf(page(store, {}, scope))).toEqual(seen);
      expect(page(store, { namespaces: ['bank'], clusters: ['east'] }, scope).total).toBe(0);
      expect(page(store, {}, {}).total).toBe(0);
      expect(store.namespacesOf('west')).toEqual(
        new Set(
          sortedKeys(model)
            .filter((key) => key.startsWith('west\0'))
            .map((key) => key.split('\0')[2]),
        ),
      );
    }),
    { numRuns: 100 },
  );
});

test('pages one after the other hold each object once, in every order', () => {
  const sorts = [undefined, 'restarts', '-restarts', 'reason', '-reason', 'message', '-message', 'name', '-created'];
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 30 }),
      fc.constantFrom(...sorts),
      fc.integer({ min: 1, max: 4 }),
      (steps, sort, limit) => {
        const store = newStore();
        for (const one of steps) apply(store, new Map(), one);
        const whole = keysOf(page(store, { sort }, 'all'));
        const parts: string[] = [];
        let cursor: string | undefined;
        do {
          const part = page(store, { sort, limit, cursor }, 'all');
          parts.push(...keysOf(part));
          expect(part.total).toBe(whole.length);
          cursor = part.nextCursor;
        } while (cursor !== undefined);
        expect(parts).toEqual(whole);
      },
    ),
    { numRuns: 200 },
  );
});

test('who follows from any position has what is held, once everything told is done', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.array(step, { maxLength: 20 }), (before, after) => {
      const store = newStore();
      const model: Model = new Map();
      for (const one of before) apply(store, model, one);
      const followed = new Set(keysOf(page(store, {}, 'all')));
      const from = store.position;
      for (const one of after) apply(store, model, one);
      const told: LiveTold[] = [];
      store.follow(from, 'all', (one) => told.push(one));
      if (told.some(({ type }) => type === 'relist')) return;
      for (const one of told) {
        if (one.type !== 'changes') continue;
        for (const change of one.objects) {
          const key = [change.cluster, change.kind, change.namespace, change.name].join('\0');
          if (change.type === 'put') followed.add(key);
          else followed.delete(key);
        }
      }
      expect([...followed].sort()).toEqual(sortedKeys(model).sort());
    }),
    { numRuns: 200 },
  );
});
