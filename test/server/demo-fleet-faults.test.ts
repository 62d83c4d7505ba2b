import { once } from 'node:events';
import { connect, type ClientHttp2Session } from 'node:http2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiServer } from '../../demo/fleet/api-server.ts';
import type { KeyPair } from '../../demo/fleet/certificates.ts';
import { type DemoFleet, openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import { openFaultAdmin } from '../../demo/fleet/faults-admin.ts';
import { FleetStrikes } from '../../demo/fleet/faults-strikes.ts';

const pods = '/api/v1/pods';
const namespaces = '/api/v1/namespaces';

let fleet: DemoFleet;
let server: ApiServer;
let user: KeyPair;
let strikes: FleetStrikes;
let session: ClientHttp2Session;

beforeEach(async () => {
  const now = (): Date => new Date();
  fleet = await openDemoFleet({ names: ['one'], version: '1.34.2', hasWireFaults: true, now });
  strikes = new FleetStrikes(now);
  const [only] = fleet.servers;
  if (!only) throw new Error('no cluster');
  server = only;
  user = await fleet.issue('admin', ['system:masters']);
  session = await connected();
});

afterEach(async () => {
  session.destroy();
  await fleet.close();
});

async function connected(authority = server.authority, pair = user): Promise<ClientHttp2Session> {
  const opened = connect(server.url, { ca: authority, cert: pair.certificate, key: pair.key });
  await once(opened, 'connect');
  // A connection that breaks is what these tests are about.
  opened.on('error', () => opened.destroy());
  return opened;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** Undefined where the connection breaks before the answer is whole. */
async function ask(path: string, on = session): Promise<Answer | undefined> {
  const stream = on.request({ ':path': path });
  try {
    const [headers] = (await once(stream, 'response')) as [Record<string, string | number>];
    let text = '';
    for await (const chunk of stream as AsyncIterable<Buffer>) text += chunk.toString();
    return { status: Number(headers[':status']), retryAfter: headers['retry-after']?.toString(), text };
  } catch {
    return undefined;
  }
}

interface Watching {
  readonly lines: () => readonly string[];
  readonly isEnded: () => boolean;
}

function watch(path: string): Watching {
  let text = '';
  let isEnded = false;
  const stream = session.request({ ':path': path });
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  stream.on('error', () => stream.destroy());
  stream.on('close', () => (isEnded = true));
  return { lines: () => text.split('\n').filter((line) => line !== ''), isEnded: () => isEnded };
}

function addMap(name: string): void {
  server.cluster.store.create(server.cluster.resource('', 'configmaps'), { metadata: { name, namespace: 'default' } });
}

const versionNow = (): string => String(server.cluster.store.resourceVersion);
const settled = (path: string): Promise<string> =>
  Promise.race([
    ask(path).then((answer) => (answer ? 'answered' : 'broken')),
    new Promise<string>((resolve) => setTimeout(() => resolve('waits'), 300)),
  ]);

describe('a cluster that is made to fail', () => {
  test('refuses connections at its port, and takes them again at the same', async () => {
    const { url } = server;
    await server.setFault({ type: 'refuse' });
    await expect.poll(() => session.destroyed).toBe(true);
    await expect(connected()).rejects.toThrow('ECONNREFUSED');
    await server.setFault(undefined);
    expect(server.url).toBe(url);
    session = await connected();
    expect((await ask(namespaces))?.status).toBe(200);
  });

  test('takes requests and never answers, and cuts them when it goes on', async () => {
    await server.setFault({ type: 'hang', resources: ['pods'] });
    expect(await settled(namespaces)).toBe('answered');
    const hung = ask(pods);
    expect(await settled(pods)).toBe('waits');
    await server.setFault(undefined);
    expect(await hung).toBeUndefined();
    expect((await ask(pods))?.status).toBe(200);
  });

  test('says nothing at all: not even pings come back', async () => {
    await server.setFault({ type: 'freeze' });
    expect(await settled(namespaces)).toBe('waits');
    let isBack = false;
    session.ping(() => (isBack = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isBack).toBe(false);
    await server.setFault(undefined);
    await expect.poll(() => isBack).toBe(true);
  });

  test('is slow, and is cut after so many bytes', async () => {
    await server.setFault({ type: 'slow', bytesPerSecond: 2_000 });
    expect(await settled(namespaces)).toBe('waits');
    await server.setFault(undefined);
    for (let at = 0; at < 100; at += 1) addMap(`map-${at}`);
    // More than the handshake, less than the list.
    await server.setFault({ type: 'cut', afterBytes: 12_000 });
    session = await connected();
    expect(await ask('/api/v1/configmaps')).toBeUndefined();
  });

  test('refuses with a Status, some resources or all', async () => {
    await server.setFault({ type: 'answer', reason: 'TooManyRequests', retryAfterSeconds: 7 });
    expect(await ask('/version')).toMatchObject({ status: 429, retryAfter: '7' });
    await server.setFault({ type: 'answer', reason: 'Forbidden', resources: ['pods'] });
    expect((await ask(pods))?.status).toBe(403);
    expect((await ask(namespaces))?.status).toBe(200);
    await server.setFault({ type: 'answer', reason: 'InternalError' });
    expect((await ask(namespaces))?.status).toBe(500);
  });

  test('lies about its past and about bookmarks', async () => {
    const path = `/api/v1/configmaps?watch=1&allowWatchBookmarks=true&resourceVersion=${versionNow()}`;
    await server.setFault({ type: 'expired' });
    const old = watch(path);
    await expect.poll(() => old.lines()[0]).toContain('"code":410');
    await server.setFault({ type: 'bookmarks', everyMs: 20, behind: 500 });
    const behind = watch(path);
    await expect.poll(() => behind.lines()[0]).toContain('BOOKMARK');
    const told = JSON.parse(behind.lines()[0] ?? '') as { object: { metadata: { resourceVersion: string } } };
    expect(Number(told.object.metadata.resourceVersion)).toBeLessThan(Number(versionNow()) - 400);
  });

  test('sends half a line, a line twice, and what is no object', async () => {
    const path = (): string => `/api/v1/configmaps?watch=1&resourceVersion=${versionNow()}`;
    await server.setFault({ type: 'truncated', everyLines: 2 });
    const half = watch(path());
    await expect.poll(() => server.counts.counted.open['configmaps']).toBe(1);
    for (const name of ['a', 'b']) addMap(name);
    await expect.poll(() => half.isEnded()).toBe(true);
    expect(() => JSON.parse(half.lines()[1] ?? '') as unknown).toThrow();
    await server.setFault({ type: 'repeated' });
    const twice = watch(path());
    await expect.poll(() => server.counts.counted.open['configmaps']).toBe(1);
    addMap('c');
    await expect.poll(() => twice.lines().length).toBe(2);
    await server.setFault({ type: 'wrongTypes', everyObjects: 1 });
    const { items } = JSON.parse((await ask('/api/v1/configmaps'))?.text ?? '') as { items: unknown[] };
    expect(items).toHaveLength(3);
    expect(JSON.stringify(items)).not.toContain('"name":"b"');
    await server.setFault({ type: 'huge', bytes: 100_000, resources: ['configmaps'] });
    expect((await ask('/api/v1/configmaps'))?.text.length).toBeGreaterThan(300_000);
    expect((await ask(namespaces))?.text.length).toBeLessThan(10_000);
  });
});

describe('a cluster that is struck', () => {
  test('loses its watches, its connections or its past', async () => {
    const watched = watch(`${pods}?watch=1&resourceVersion=${versionNow()}`);
    await expect.poll(() => server.counts.counted.open['pods']).toBe(1);
    await strikes.strike(server, { type: 'cutWatches' });
    await expect.poll(() => watched.isEnded()).toBe(true);
    const before = versionNow();
    addMap('late');
    await strikes.strike(server, { type: 'forgetHistory' });
    const old = watch(`/api/v1/configmaps?watch=1&resourceVersion=${before}`);
    await expect.poll(() => old.lines()[0]).toContain('Expired');
    await strikes.strike(server, { type: 'restart', downMs: 50 });
    await expect.poll(() => session.destroyed).toBe(true);
    session = await connected();
    expect((await ask(namespaces))?.status).toBe(200);
  });

  test('asks for another connection, while what is under way goes on', async () => {
    const watched = watch(`/api/v1/configmaps?watch=1&resourceVersion=${versionNow()}`);
    await expect.poll(() => server.counts.counted.open['configmaps']).toBe(1);
    const goaway = once(session, 'goaway');
    await strikes.strike(server, { type: 'goAway' });
    await goaway;
    addMap('later');
    await expect.poll(() => watched.lines().length).toBe(1);
  });

  test('is rebuilt: other uids, another authority, resourceVersions from the start', async () => {
    for (let at = 0; at < 50; at += 1) addMap(`map-${at}`);
    const uidOf = async (on: ClientHttp2Session): Promise<string | undefined> =>
      /"uid":"([^"]+)"/.exec((await ask(`${namespaces}/kube-system`, on))?.text ?? '')?.[1];
    const before = { authority: server.authority, uid: await uidOf(session), version: Number(versionNow()) };
    server.cluster.store.remove(
      server.cluster.resource('', 'configmaps'),
      server.cluster.store.get(server.cluster.resource('', 'configmaps'), 'default', 'map-7'),
    );
    await strikes.strike(server, { type: 'rebuild' });
    await expect(connected(before.authority)).rejects.toThrow(/self-signed|signature/);
    expect((await ask(namespaces, await connected()))?.status).toBe(401);
    session = await connected(server.authority, await strikes.issue(server, 'admin', ['system:masters']));
    expect(await uidOf(session)).not.toBe(before.uid);
    expect(Number(versionNow())).toBeLessThan(before.version);
  });

  test('renews its certificate, and refuses who was believed before', async () => {
    const before = server.authority;
    await strikes.strike(server, { type: 'changeAuthority' });
    await expect(connected(before)).rejects.toThrow(/self-signed|signature/);
    session = await connected();
    expect((await ask(namespaces))?.status).toBe(200);
    await strikes.strike(server, { type: 'revoke' });
    session = await connected();
    expect((await ask(namespaces))?.status).toBe(401);
    session = await connected(server.authority, await strikes.issue(server, 'admin', ['system:masters']));
    expect((await ask(namespaces))?.status).toBe(200);
  });
});

test('the port for faults counts, sets and strikes', async () => {
  const admin = await openFaultAdmin(fleet.servers, strikes);
  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(`${admin.url}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  try {
    await ask(`${pods}?limit=500`);
    expect(await call('GET', '/clusters')).toMatchObject({ body: [{ name: 'one', counts: { lists: { pods: 1 } } }] });
    expect(await call('PUT', '/clusters/one/fault', { type: 'answer', reason: 'Forbidden' })).toMatchObject({
      status: 200,
      body: { fault: { type: 'answer' } },
    });
    expect((await ask(pods))?.status).toBe(403);
    expect(await call('DELETE', '/clusters/one/fault')).toMatchObject({ body: { counts: { refused: { 403: 1 } } } });
    await call('POST', '/clusters/one/strike', { type: 'namespaces', count: 100 });
    expect((JSON.parse((await ask(namespaces))?.text ?? '') as { items: unknown[] }).items).toHaveLength(102);
    expect(await call('DELETE', '/clusters/one/counts')).toMatchObject({ body: { counts: { requests: 0 } } });
    expect((await call('PUT', '/clusters/one/fault', {})).status).toBe(400);
    expect((await call('GET', '/clusters/two')).status).toBe(404);
  } finally {
    await admin.close();
  }
});
