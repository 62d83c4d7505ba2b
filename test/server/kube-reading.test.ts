import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Slots } from '../../src/base/slots.ts';
import type { ClusterConnection } from '../../src/kube/connection.ts';
import type { Proof } from '../../src/kube/credential.ts';
import { discover } from '../../src/kube/discovery.ts';
import { protobufForms } from '../../src/fleet/reduce/protobuf-forms.ts';
import { reduceObject } from '../../src/fleet/reduce/reduce.ts';
import type { KubeObject, ReflectionSink, ResourcePath } from '../../src/kube/reflection.ts';
import { poll, reflect, type ReflectOptions } from '../../src/kube/reflector.ts';
import { type ClusterTransport, openTransport } from '../../src/kube/transport.ts';
import type { LiveRecord } from '../../src/live/column.ts';
import { liveKinds } from '../../src/live/kind-table.ts';
import { KubeMirror } from '../support/kube-mirror.ts';
import { realAssets, startRealApiServer, untilReady } from '../support/real-api-server.ts';

/** An API server that the suite runs against. */
interface Subject {
  readonly connection: Pick<ClusterConnection, 'server' | 'authority' | 'isInsecure'>;
  readonly proof: Proof;
  close(): Promise<void>;
}

async function demo(version: string): Promise<Subject> {
  const fleet = await openDemoFleet({ names: ['demo'], version, now: () => new Date() });
  const certificate = await fleet.issue('admin', ['system:masters']);
  const server = fleet.servers[0]?.url ?? '';
  return {
    connection: { server, authority: fleet.authority, isInsecure: false },
    proof: { certificate },
    close: fleet.close,
  };
}

async function real(assets: string): Promise<Subject> {
  const { url, token, close } = await startRealApiServer(assets);
  return { connection: { server: url, isInsecure: true }, proof: { authorization: `Bearer ${token}` }, close };
}

const subjects: [string, () => Promise<Subject>][] = [
  ['a demo server of 1.33', () => demo('1.33.4')],
  ['a demo server of 1.34', () => demo('1.34.2')],
];
const assets = realAssets();
if (assets !== undefined) subjects.push(['a real kube-apiserver', () => real(assets)]);
else
  console.warn(
    'NOT RUN against a real kube-apiserver: KUBEBUILDER_ASSETS names no folder with etcd and kube-apiserver',
  );

const configMaps: ResourcePath = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  isNamespaced: true,
};
const COUNT = 40;

function unknownKind(): never {
  throw new Error('There is no kind Pod');
}

function isPairOfEquals([one, other]: readonly unknown[]): boolean {
  return isDeepStrictEqual(one, other);
}

describe.each(subjects)('%s', (_title, open) => {
  let subject: Subject;
  let transport: ClusterTransport;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    subject = await open();
    transport = openTransport(
      { name: 'subject', disableCompression: false, credential: { type: 'none' }, ...subject.connection },
      { proof: () => Promise.resolve(subject.proof), refuse: () => false },
      { clock: systemClock },
    );
    const { signal } = new AbortController();
    await untilReady(async () => {
      const found = await transport
        .request({ path: '/api/v1/namespaces/default' })
        .catch(() => transport.retry(signal));
      return found !== undefined && 'status' in found && found.status === 200;
    });
    for (let at = 0; at < COUNT; at += 1)
      await write('POST', '', { metadata: { name: `config-${at}` }, data: { at: `${at}` } });
  }, 120_000);
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(async () => {
    await transport?.close();
    await subject?.close();
  });

  async function write(method: string, name: string, body?: object): Promise<void> {
    const path = `/api/v1/namespaces/default/configmaps${name === '' ? '' : `/${name}`}`;
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const { status, body: answer } = await transport.request({
      method,
      path,
      ...(body && {
        body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', ...body }),
        headers: { 'content-type': type },
      }),
    });
    expect(status, answer.toString()).toBeLessThan(300);
  }

  /** What the server has, in one answer. */
  async function truth(query: Record<string, string> = {}): Promise<Readonly<Record<string, string>>> {
    const { body } = await transport.request({ path: '/api/v1/configmaps', query });
    const { items } = JSON.parse(body.toString()) as { readonly items: readonly KubeObject[] };
    return Object.fromEntries(
      items.map(({ metadata }) => [`${metadata.namespace}/${metadata.name}`, metadata.resourceVersion]),
    );
  }

  function start(
    read: (options: ReflectOptions) => Promise<void>,
    options: Partial<ReflectOptions> = {},
    mirror = new KubeMirror(),
  ): KubeMirror {
    const stop = new AbortController();
    const done = read({
      transport,
      resource: configMaps,
      sink: mirror,
      clock: systemClock,
      slots: new Slots(1),
      signal: stop.signal,
      from: mirror.resourceVersion,
      ...options,
    });
    closing.push(async () => {
      stop.abort();
      await done;
      expect(mirror.mistakes).toEqual([]);
    });
    return mirror;
  }

  async function agrees(mirror: KubeMirror, query?: Record<string, string>): Promise<void> {
    const wanted = await truth(query);
    await expect.poll(() => Object.fromEntries(mirror.held), { timeout: 20_000 }).toEqual(wanted);
  }

  test('tells what it is and has', async () => {
    const { version, identity, resources, incomplete } = await discover(transport);
    expect(version).toMatch(/^v1\.\d+\.\d+/);
    // Where no controllers run there may be no kube-system.
    if (identity !== undefined) expect(identity).toMatch(/^[0-9a-f-]{36}$/);
    expect(incomplete).toEqual([]);
    for (const [group, plural, isNamespaced] of [
      ['', 'pods', true],
      ['', 'nodes', false],
      ['apps', 'deployments', true],
      ['batch', 'cronjobs', true],
    ] as const) {
      const found = resources.find((each) => each.group === group && each.plural === plural);
      expect(found).toMatchObject({ isNamespaced, verbs: expect.arrayContaining(['list', 'watch']) as string[] });
    }
  });

  test('is listed in pages, and followed', async () => {
    const mirror = start(reflect, { pageSize: 7 });
    await agrees(mirror);
    expect(mirror.pages).toBeGreaterThanOrEqual(Math.floor(COUNT / 7));
    await write('POST', '', { metadata: { name: 'comes' }, data: {} });
    await write('PATCH', 'config-3', { data: { at: 'changed' } });
    await write('DELETE', 'config-4');
    await agrees(mirror);
    expect(mirror.held.has('default/comes')).toBe(true);
    expect(mirror.held.has('default/config-4')).toBe(false);
    await write('DELETE', 'comes');
    await agrees(mirror);
    expect(mirror.lists).toBe(1);
    expect(mirror.told).toEqual(['reading', 'ok']);
  });

  test('is listed as the beginning of a watch where it can, else in pages from then on', async () => {
    const server = { streamsLists: true };
    const mirror = start(reflect, { server });
    await agrees(mirror);
    await write('PATCH', 'config-5', { data: { at: String(mirror.resourceVersion) } });
    await agrees(mirror);
    const { version } = await discover(transport);
    expect(server.streamsLists).toBe(Number(version.split('.')[1]) >= 34);
    expect(mirror.lists).toBe(1);
  });

  test('is gone on with from where it was left', async () => {
    const mirror = start(reflect);
    await agrees(mirror);
    await closing.pop()?.();
    await write('PATCH', 'config-6', { data: { at: `after ${mirror.resourceVersion}` } });
    start(reflect, {}, mirror);
    await agrees(mirror);
    expect(mirror.lists).toBe(1);
  });

  test('is listed again where it has forgotten the past', async () => {
    const mirror = new KubeMirror('1');
    start(reflect, {}, mirror);
    await agrees(mirror);
  });

  test('gives only what is chosen, and only metadata where that is enough', async () => {
    const chosen = start(reflect, { fieldSelector: 'metadata.name=config-9' });
    await agrees(chosen, { fieldSelector: 'metadata.name=config-9' });
    expect([...chosen.held.keys()]).toEqual(['default/config-9']);
    const seen: KubeObject[] = [];
    const mirror = new KubeMirror();
    const sink = {
      listing: () => mirror.listing(),
      page: (objects: readonly KubeObject[]) => {
        seen.push(...objects);
        mirror.page(objects);
      },
      listed: (version: string) => mirror.listed(version),
      changed: (...told: Parameters<KubeMirror['changed']>) => {
        seen.push(...told[0].map(({ object }) => object));
        mirror.changed(...told);
      },
      state: (state: Parameters<KubeMirror['state']>[0]) => mirror.state(state),
    };
    start(reflect, { metadataOnly: true, sink });
    await agrees(mirror);
    await write('PATCH', 'config-10', { data: { secret: 'not to be seen' } });
    await agrees(mirror);
    expect(seen.length).toBeGreaterThan(COUNT - 3);
    expect(seen.filter((object) => 'data' in object)).toEqual([]);
  });

  test('sends pods as protocol buffers, which say the same as JSON', async () => {
    const pods: ResourcePath = { ...configMaps, plural: 'pods', kind: 'Pod' };
    const path = '/api/v1/namespaces/default/pods';
    const podKind = liveKinds.find(({ id }) => id === 'Pod');
    const send = async (method: string, at: string, type: string, body?: object): Promise<void> => {
      const { status, body: answer } = await transport.request({
        method,
        path: `${path}${at}`,
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': type } }),
      });
      expect(status, answer.toString()).toBeLessThan(300);
    };
    const create = (name: string): Promise<void> =>
      send('POST', '', 'application/json', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels: { app: 'web', empty: '' }, annotations: { note: 'größer – 日本' } },
        spec: { containers: [{ name: 'app', image: `registry.example/web:${name}` }], nodeName: 'node-1' },
      });
    for (const name of ['one', 'two', 'three']) await create(name);

    const types = new Set<string | undefined>();
    const listening: ClusterTransport = {
      ...transport,
      open: async (ask) => {
        const stream = await transport.open(ask);
        types.add(stream.headers['content-type']);
        return stream;
      },
      retry: (signal) => transport.retry(signal),
    };
    const held = new Map<string, LiveRecord>();
    const records = (objects: readonly KubeObject[]): [string, LiveRecord][] =>
      objects.map((object) => [object.metadata.name, reduceObject(podKind ?? unknownKind(), object)]);
    const mirror = new KubeMirror();
    const sink: ReflectionSink = {
      listing: () => mirror.listing(),
      page: (objects) => {
        for (const [name, record] of records(objects)) held.set(name, record);
        return mirror.page(objects);
      },
      listed: (version) => mirror.listed(version),
      changed: (changes, version) => {
        for (const { type, object } of changes) {
          if (type === 'DELETED') held.delete(object.metadata.name);
          else for (const [name, record] of records([object])) held.set(name, record);
        }
        return mirror.changed(changes, version);
      },
      state: (state) => mirror.state(state),
    };
    const truthful = async (): Promise<Readonly<Record<string, LiveRecord>>> => {
      const { body } = await transport.request({ path: '/api/v1/pods' });
      const { items } = JSON.parse(body.toString()) as { readonly items: readonly KubeObject[] };
      return Object.fromEntries(records(items));
    };
    start(reflect, { transport: listening, resource: pods, sink, protobuf: protobufForms['Pod'] });
    await expect.poll(async () => [Object.fromEntries(held), await truthful()]).toSatisfy(isPairOfEquals);
    await send('PATCH', '/two', 'application/merge-patch+json', { metadata: { labels: { app: 'other' } } });
    await send('DELETE', '/three?gracePeriodSeconds=0', 'application/json');
    await create('four');
    await expect.poll(() => [...held.keys()].sort()).toEqual(['four', 'one', 'two']);
    await expect.poll(async () => [Object.fromEntries(held), await truthful()]).toSatisfy(isPairOfEquals);
    expect(types).toEqual(
      new Set(['application/vnd.kubernetes.protobuf', 'application/vnd.kubernetes.protobuf;stream=watch']),
    );
  });

  test('is asked again and again where a resource is not to be watched', async () => {
    const mirror = start((options) => poll({ ...options, pollMs: 200 }));
    await agrees(mirror);
    await write('PATCH', 'config-11', { data: { at: 'polled' } });
    await agrees(mirror);
    expect(mirror.lists).toBeGreaterThan(1);
    expect(mirror.told).toEqual(['reading', 'ok']);
  });

  test('says that a resource is not there', async () => {
    const mirror = start(reflect, { resource: { ...configMaps, group: 'nowhere.example', plural: 'things' } });
    await expect.poll(() => mirror.told).toEqual(['reading', 'absent NotFound']);
  });
});
