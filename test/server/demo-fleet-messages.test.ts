import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiServer } from '../../demo/fleet/api-server.ts';
import { BigCluster } from '../../demo/fleet/big-cluster.ts';
import { planFleet } from '../../demo/fleet/big-plan.ts';
import { BigServer } from '../../demo/fleet/big-server.ts';
import { Authority } from '../../demo/fleet/certificates.ts';
import { type DemoFleet, openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import { BEHAVIOUR } from '../../demo/fleet/kubelet.ts';
import { encodeMessage } from '../../demo/fleet/message-parts.ts';
import { bytesOf, openEnvelope, openFrames, wireFields } from '../support/plain-messages.ts';

// How the servers of the demo answer who asks for protocol buffers.

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const both = `${PROTOBUF},application/json`;
const pods = '/api/v1/namespaces/default/pods';

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly encoding: string | undefined;
  readonly bytes: Buffer;
}

async function ask(
  session: ClientHttp2Session,
  path: string,
  accept: string,
  more: Readonly<Record<string, string>> = {},
  body?: object,
): Promise<Answer> {
  const stream = session.request({ ':path': path, accept, ...more });
  stream.end(body === undefined ? undefined : JSON.stringify(body));
  const [headers] = (await once(stream, 'response')) as [Record<string, string | number>];
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const encoding = headers['content-encoding']?.toString();
  const bytes = Buffer.concat(chunks);
  return {
    status: Number(headers[':status']),
    type: headers['content-type']?.toString(),
    encoding,
    bytes: encoding === 'gzip' ? gunzipSync(bytes) : bytes,
  };
}

interface Watching {
  readonly bytes: () => Buffer;
  readonly type: () => string | undefined;
  readonly isEnded: () => boolean;
}

function watch(session: ClientHttp2Session, path: string, more: Readonly<Record<string, string>> = {}): Watching {
  let bytes = Buffer.alloc(0);
  let isEnded = false;
  let type: string | undefined;
  const stream = session.request({ ':path': path, accept: both, ...more });
  stream.on('response', (headers) => (type = headers['content-type']));
  stream.on('data', (chunk: Buffer) => (bytes = Buffer.concat([bytes, chunk])));
  stream.on('error', () => stream.destroy());
  stream.on('close', () => (isEnded = true));
  return { bytes: () => bytes, type: () => type, isEnded: () => isEnded };
}

/** Name of an object, or of the pod that it is the message of. */
function nameOf(message: Buffer): string | undefined {
  return bytesOf(bytesOf(message, 1)[0] ?? Buffer.alloc(0), 1)[0]?.toString();
}

function told(watching: Watching): readonly string[] {
  const { events } = openFrames(watching.bytes());
  return events.map(({ type, object }) => `${type} ${object.apiVersion} ${object.kind} ${nameOf(object.raw)}`);
}

describe('a cluster of the demo that is asked for protocol buffers', () => {
  let fleet: DemoFleet;
  let server: ApiServer;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    fleet = await openDemoFleet({ names: ['one'], version: '1.34.2', now: () => new Date() });
    server = fleet.servers[0]!;
    const { certificate: cert, key } = await fleet.issue('admin', ['system:masters']);
    session = connect(server.url, { ca: server.authority, cert, key });
    for (const name of ['a', 'b']) expect((await create(name)).status).toBe(201);
    // They stay as they are from here on.
    const isTold = async (): Promise<boolean> => {
      const { bytes } = await ask(session, pods, 'application/json');
      return bytes.toString().split('"Unschedulable"').length === 3;
    };
    await vi.waitUntil(isTold, { timeout: 10_000 });
  });
  afterEach(() => server.setFault(undefined));
  afterAll(async () => {
    session.destroy();
    await fleet.close();
  });

  async function create(name: string): Promise<Answer> {
    const more = { ':method': 'POST', 'content-type': 'application/json' };
    return ask(session, pods, both, more, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, annotations: { long: 'x'.repeat(100_000), [BEHAVIOUR]: 'unschedulable' } },
      spec: { containers: [{ name: 'app', image: `registry.example/${name}` }] },
    });
  }

  test('sends objects and lists in envelopes, large ones compressed, page by page', async () => {
    const { status, type, bytes } = await ask(session, `${pods}/a`, both);
    expect([status, type]).toEqual([200, PROTOBUF]);
    const { apiVersion, kind, raw } = openEnvelope(bytes);
    expect([apiVersion, kind]).toEqual(['v1', 'Pod']);
    const json = await ask(session, `${pods}/a`, 'application/json');
    expect(raw.equals(encodeMessage('Pod', JSON.parse(json.bytes.toString())))).toBe(true);

    const before = server.counts.counted.bytes;
    const list = await ask(session, pods, both, { 'accept-encoding': 'gzip' });
    expect([list.status, list.type, list.encoding]).toEqual([200, PROTOBUF, 'gzip']);
    expect(server.counts.counted.bytes - before).toBeLessThan(list.bytes.length);
    const opened = openEnvelope(list.bytes);
    expect([opened.apiVersion, opened.kind]).toEqual(['v1', 'PodList']);
    expect(bytesOf(opened.raw, 2).map(nameOf)).toEqual(['a', 'b']);
    const page = openEnvelope((await ask(session, `${pods}?limit=1`, both)).bytes).raw;
    const meta = wireFields(bytesOf(page, 1)[0]!);
    expect(meta.map(([number]) => number)).toEqual([1, 2, 3, 4]);
    expect(meta[3]).toEqual([4, 1n]);
    const rest = await ask(session, `${pods}?limit=1&continue=${String(meta[2]![1])}`, both);
    expect(bytesOf(openEnvelope(rest.bytes).raw, 2).map(nameOf)).toEqual(['b']);
    for (const [path, kindOfList] of [
      ['/api/v1/events', 'EventList'],
      ['/apis/apps/v1/replicasets', 'ReplicaSetList'],
    ] as const)
      expect(openEnvelope((await ask(session, path, both)).bytes).kind).toBe(kindOfList);
  });

  test('sends other kinds and forms as the next offer says, and nothing where there is none', async () => {
    for (const path of ['/apis/apps/v1/deployments', '/api/v1/nodes', '/api/v1/namespaces/default']) {
      const { status, type, bytes } = await ask(session, path, both);
      expect([status, type, bytes.subarray(0, 1).toString()]).toEqual([200, 'application/json', '{']);
      const refused = await ask(session, path, PROTOBUF);
      expect([refused.status, refused.type]).toEqual([406, PROTOBUF]);
      expect(openEnvelope(refused.bytes).kind).toBe('Status');
    }
    const first = await ask(session, pods, `application/json,${PROTOBUF}`);
    expect(first.type).toBe('application/json');
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { bytes } = await ask(session, pods, `${PROTOBUF};as=Table;v=v1;g=meta.k8s.io,${table}`);
    expect(JSON.parse(bytes.toString())).toMatchObject({ kind: 'Table' });
  });

  test('refuses with a Status in an envelope, whatever was asked for', async () => {
    for (const path of [`${pods}/missing`, '/apis/apps/v1/namespaces/default/deployments/missing', '/apis/none/v1/x']) {
      const { status, type, bytes } = await ask(session, path, both);
      expect([status, type]).toEqual([404, PROTOBUF]);
      const { apiVersion, kind, raw } = openEnvelope(bytes);
      expect([apiVersion, kind]).toEqual(['v1', 'Status']);
      const texts = [2, 4].map((number) => bytesOf(raw, number)[0]?.toString());
      expect(texts).toEqual(['Failure', 'NotFound']);
      expect(wireFields(raw).at(-1)).toEqual([6, 404n]);
    }
    const json = await ask(session, `${pods}/missing`, 'application/json');
    expect(JSON.parse(json.bytes.toString())).toMatchObject({ kind: 'Status', code: 404 });
  });

  test('watches in frames: what is there, bookmarks, changes, and that the past is gone', async () => {
    const query = 'watch=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
    const watching = watch(session, `${pods}?${query}`);
    const start = ['ADDED v1 Pod a', 'ADDED v1 Pod b', 'BOOKMARK v1 Pod '];
    await expect.poll(() => told(watching)).toEqual(start);
    expect(watching.type()).toBe(`${PROTOBUF};stream=watch`);
    const [, , bookmark] = openFrames(watching.bytes()).events;
    const meta = bytesOf(bookmark!.object.raw, 1)[0]!;
    expect(bytesOf(meta, 12).map((entry) => bytesOf(entry, 1).toString())).toEqual(['k8s.io/initial-events-end']);
    expect(bytesOf(meta, 8)).toEqual([Buffer.alloc(0)]);
    expect((await create('c')).type).toBe(PROTOBUF);
    await ask(session, `${pods}/c?gracePeriodSeconds=0`, both, { ':method': 'DELETE' });
    await expect.poll(() => told(watching).at(-1)).toBe('DELETED v1 Pod c');
    expect(openFrames(watching.bytes()).left).toBe(0);

    await server.setFault({ type: 'expired' });
    const old = watch(session, `${pods}?watch=1&resourceVersion=1`);
    await expect.poll(() => old.isEnded()).toBe(true);
    const [error] = openFrames(old.bytes()).events;
    expect([error?.type, error?.object.kind]).toEqual(['ERROR', 'Status']);
    expect(wireFields(error!.object.raw).at(-1)).toEqual([6, 410n]);
  });

  test('breaks frames off, sends them twice, and lies as far as messages can', async () => {
    await server.setFault({ type: 'truncated', everyLines: 2 });
    const cut = watch(session, `${pods}?watch=1`);
    await expect.poll(() => cut.isEnded()).toBe(true);
    expect(told(cut)).toEqual(['ADDED v1 Pod a']);
    expect(openFrames(cut.bytes()).left).toBeGreaterThan(40_000);
    const half = await ask(session, pods, both);
    expect(() => openEnvelope(half.bytes)).toThrow('cut off');

    await server.setFault({ type: 'repeated' });
    const twice = watch(session, `${pods}?watch=1`);
    const names = ['a', 'a', 'b', 'b'].map((name) => `ADDED v1 Pod ${name}`);
    await expect.poll(() => told(twice)).toEqual(names);

    await server.setFault({ type: 'wrongTypes', everyObjects: 1 });
    const liars = bytesOf(openEnvelope((await ask(session, pods, both)).bytes).raw, 2);
    // A name that is a number, and no metadata at all.
    expect(liars.map(nameOf)).toEqual(['', '']);
  });
});

describe('a cluster of the big fleet that is asked for protocol buffers', () => {
  const [plan] = planFleet({ clusters: 1, services: 4, pods: 60 }).clusters;
  const cluster = new BigCluster(plan!, Date.now());
  let server: BigServer;
  let session: ClientHttp2Session;
  const authorization = 'Bearer secret';

  beforeAll(async () => {
    const authority = await Authority.make('big', new Date());
    server = await BigServer.open(cluster, 'secret', await authority.server(new Date()));
    session = connect(server.url, { ca: authority.certificate });
  });
  afterAll(async () => {
    session.destroy();
    await server.close();
  });

  test('sends pages, objects, frames and refusals', async () => {
    const more = { authorization, 'accept-encoding': 'gzip' };
    for (const _again of [1, 2]) {
      const { type, bytes, encoding } = await ask(session, '/api/v1/pods', both, more);
      expect([type, encoding]).toEqual([PROTOBUF, 'gzip']);
      const items = bytesOf(openEnvelope(bytes).raw, 2);
      const objects = cluster.objects('Pod');
      expect(items.map((item) => item.equals(encodeMessage('Pod', objects[items.indexOf(item)]!.object)))).toEqual(
        objects.map(() => true),
      );
    }
    const json = await ask(session, '/api/v1/pods', 'application/json', more);
    expect([json.type, JSON.parse(json.bytes.toString()).items.length]).toEqual([
      'application/json',
      cluster.objects('Pod').length,
    ]);
    const [pod] = cluster.objects('Pod');
    const { namespace, name } = pod!.parts;
    const one = openEnvelope((await ask(session, `/api/v1/namespaces/${namespace}/pods/${name}`, both, more)).bytes);
    expect(one.raw.equals(encodeMessage('Pod', pod!.object))).toBe(true);
    const other = await ask(session, '/apis/apps/v1/deployments', both, more);
    expect(other.type).toBe('application/json');
    const refused = await ask(session, '/api/v1/pods', both);
    expect([refused.status, openEnvelope(refused.bytes).kind]).toEqual([401, 'Status']);

    const version = cluster.resourceVersion;
    const watching = watch(session, `/api/v1/pods?watch=1&resourceVersion=${version}`, { authorization });
    await expect.poll(() => watching.type()).toBe(`${PROTOBUF};stream=watch`);
    const changed = cluster.put('Pod', name, { ...pod!.parts, number: 7, touched: Date.now() });
    await expect.poll(() => told(watching)).toEqual([`MODIFIED v1 Pod ${name}`]);
    const [event] = openFrames(watching.bytes()).events;
    expect(event!.object.raw.equals(encodeMessage('Pod', changed.object))).toBe(true);
  });
});
