import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DemoFleet, openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import type { ApiServer } from '../../demo/fleet/api-server.ts';
import type { Fault } from '../../demo/fleet/faults.ts';
import { FleetStrikes, type Strike } from '../../demo/fleet/faults-strikes.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Slots } from '../../src/base/slots.ts';
import type { ClusterConnection } from '../../src/kube/connection.ts';
import type { ResourcePath } from '../../src/kube/reflection.ts';
import { reflect } from '../../src/kube/reflector.ts';
import { serverTraits } from '../../src/kube/reflector-traits.ts';
import { openTransport } from '../../src/kube/transport.ts';
import { HurriedClock } from '../support/hurried-clock.ts';
import { KubeMirror } from '../support/kube-mirror.ts';

/** Minutes of back-off, pings and patience pass in seconds. */
const clock = new HurriedClock(10);
const POLL = { timeout: 60_000, interval: 50 };
const OBJECTS = 1_200;
const configMaps: ResourcePath = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  isNamespaced: true,
};

const namespaces: ResourcePath = { ...configMaps, plural: 'namespaces', kind: 'Namespace', isNamespaced: false };

/** One server that cannot stream lists, and one that can. */
const versions = ['1.34.2', '1.37.0'] as const;
const fleets = new Map<string, DemoFleet>();
const strikes = new FleetStrikes(() => new Date());
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  for (const version of versions) {
    fleets.set(version, await openDemoFleet({ names: ['prod'], version, hasWireFaults: true, now: () => new Date() }));
    for (let at = 0; at < OBJECTS; at += 1) write(serverOf(version), `config-${at}`, 'first');
  }
});
afterEach(async () => {
  for (const version of versions) await serverOf(version).setFault(undefined);
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  for (const fleet of fleets.values()) await fleet.close();
});

function serverOf(version: string): ApiServer {
  const server = fleets.get(version)?.servers[0];
  if (!server) throw new Error(`No server of version ${version}`);
  return server;
}

/** Creates an object, or changes it. */
function write({ cluster }: ApiServer, name: string, value: string): void {
  const { store } = cluster;
  const resource = cluster.resource('', 'configmaps');
  const stored = store.collection(resource).get(`default/${name}`);
  const object = { metadata: { name, namespace: 'default' }, data: { value } };
  if (stored) store.update(resource, { ...stored.object, data: { value } });
  else store.create(resource, object);
}

function remove({ cluster }: ApiServer, name: string): void {
  const resource = cluster.resource('', 'configmaps');
  const stored = cluster.store.collection(resource).get(`default/${name}`);
  if (stored) cluster.store.remove(resource, stored);
}

/** What the server has, in the form of the mirror. */
function truth({ cluster }: ApiServer, plural: string): ReadonlyMap<string, string> {
  const list = cluster.store.collection(cluster.resource('', plural)).list();
  return new Map(
    list.map(({ object: { metadata } }) => [`${metadata.namespace ?? ''}/${metadata.name}`, metadata.resourceVersion]),
  );
}

let writes = 0;
/** Some of everything that can happen to objects. */
function churn(server: ApiServer): void {
  writes += 1;
  for (let at = 0; at < 30; at += 1) write(server, `config-${(writes * 37 + at) % OBJECTS}`, `value ${writes}`);
  write(server, `new-${writes}`, 'new');
  remove(server, `new-${writes - 2}`);
}

async function follow(version: string, mirror = new KubeMirror(), resource = configMaps): Promise<KubeMirror> {
  const fleet = fleets.get(version)!;
  const server = serverOf(version);
  const certificate = await fleet.issue('reader', ['system:masters']);
  const connection: ClusterConnection = {
    name: 'prod',
    server: server.url,
    authority: fleet.authority,
    isInsecure: false,
    disableCompression: false,
    credential: { type: 'none' },
  };
  const transport = openTransport(
    connection,
    { proof: () => Promise.resolve({ certificate }), refuse: () => false },
    { clock },
  );
  const stop = new AbortController();
  const done = reflect({
    transport,
    resource,
    from: mirror.resourceVersion,
    sink: mirror,
    clock,
    slots: new Slots(2),
    server: serverTraits(`v${version}`),
    signal: stop.signal,
    pageSize: 100,
  });
  closing.push(async () => {
    stop.abort();
    await done;
    await transport.close();
    expect(mirror.mistakes).toEqual([]);
  });
  return mirror;
}

/** Waits until the mirror shows what the server has. */
async function agrees(mirror: KubeMirror, server: ApiServer, plural = 'configmaps'): Promise<void> {
  await expect.poll(() => mirror.outcome, POLL).toBe('ok');
  await expect.poll(() => Object.fromEntries(mirror.held), POLL).toEqual(Object.fromEntries(truth(server, plural)));
}

describe.each(versions)('a reader of a cluster of %s', (version) => {
  /** What is told of while a fault lasts, by a reader that was there before, and by one that comes then. */
  const faults: readonly (readonly [Fault, string | undefined, string | undefined])[] = [
    [{ type: 'refuse' }, 'unreachable ConnectionRefused', 'unreachable ConnectionRefused'],
    [{ type: 'freeze' }, 'unreachable Timeout', 'unreachable Timeout'],
    [{ type: 'slow', bytesPerSecond: 300_000 }, undefined, undefined],
    [{ type: 'cut', afterBytes: 30_000 }, undefined, 'unreachable ConnectionLost'],
    [{ type: 'hang' }, undefined, 'unreachable Timeout'],
    [{ type: 'answer', reason: 'Unauthorized' }, 'denied Unauthorized', 'denied Unauthorized'],
    [{ type: 'answer', reason: 'Forbidden' }, 'denied Forbidden', 'denied Forbidden'],
    [{ type: 'answer', reason: 'TooManyRequests', retryAfterSeconds: 1 }, 'reading Throttled', 'reading Throttled'],
    [{ type: 'answer', reason: 'InternalError' }, 'unreachable ServerError', 'unreachable ServerError'],
    [{ type: 'answer', reason: 'ServiceUnavailable' }, 'unreachable ServerError', 'unreachable ServerError'],
    [{ type: 'answer', reason: 'Timeout' }, 'unreachable ServerError', 'unreachable ServerError'],
    [{ type: 'expired' }, 'reading', 'reading'],
    [{ type: 'bookmarks', everyMs: 20, behind: 40, isShuffled: true }, undefined, undefined],
    [{ type: 'truncated', everyLines: 7 }, 'unreachable ProtocolError', undefined],
    [{ type: 'wrongTypes', everyObjects: 9 }, undefined, undefined],
    [{ type: 'repeated' }, undefined, undefined],
  ];

  test.each(faults.map(([fault, ...told]) => [JSON.stringify(fault), fault, ...told] as const))(
    'shows what the cluster has after %s',
    async (_title, fault, told, toldLate) => {
      const server = serverOf(version);
      const mirror = await follow(version);
      await agrees(mirror, server);
      mirror.states.splice(0, mirror.states.length - 1);
      await server.setFault(fault);
      // Watches that are there already tell the truth to their end.
      if (fault.type === 'wrongTypes') await strikes.strike(server, { type: 'cutWatches' });
      const late = await follow(version);
      for (let at = 0; at < 10; at += 1) {
        churn(server);
        await systemClock.sleep(50);
      }
      if (told !== undefined) await expect.poll(() => mirror.told, POLL).toContain(told);
      if (toldLate !== undefined) await expect.poll(() => late.told, POLL).toContain(toldLate);
      await server.setFault(undefined);
      if (fault.type === 'wrongTypes') {
        // What was told wrongly stays unread until it is told again.
        expect(late.unreadable).toBeGreaterThan(0);
        await strikes.strike(server, { type: 'cutWatches' });
        churn(server);
        await strikes.strike(server, { type: 'forgetHistory' });
      }
      churn(server);
      await agrees(mirror, server);
      await agrees(late, server);
    },
  );

  test('lists again where a line is too long to be taken', async () => {
    const server = serverOf(version);
    const mirror = await follow(version, new KubeMirror(), namespaces);
    await agrees(mirror, server, 'namespaces');
    await server.setFault({ type: 'huge', bytes: 9_000_000, resources: ['namespaces'] });
    await strikes.strike(server, { type: 'cutWatches' });
    await strikes.strike(server, { type: 'namespaces', count: 1 });
    await expect.poll(() => mirror.told, POLL).toContain('unreachable ProtocolError');
    await expect.poll(() => mirror.lists, POLL).toBeGreaterThan(1);
    await agrees(mirror, server, 'namespaces');
  });

  const struck: readonly (readonly [Strike, number])[] = [
    [{ type: 'cutWatches' }, 0],
    [{ type: 'cutConnections' }, 0],
    [{ type: 'goAway' }, 0],
    [{ type: 'restart', downMs: 300 }, 0],
    [{ type: 'forgetHistory' }, 0],
  ];

  test.each(struck.map(([strike, lists]) => [strike.type, strike, lists] as const))(
    'goes on without a list after %s',
    async (_title, strike, lists) => {
      const server = serverOf(version);
      const mirror = await follow(version);
      await agrees(mirror, server);
      const before = mirror.lists;
      for (let at = 0; at < 4; at += 1) {
        churn(server);
        await strikes.strike(server, strike);
        churn(server);
      }
      await agrees(mirror, server);
      expect(mirror.lists - before).toBe(lists);
    },
  );

  test('goes on from what it held without a list, and with one where the past is forgotten', async () => {
    const server = serverOf(version);
    const first = await follow(version);
    await agrees(first, server);
    await closing.pop()?.();
    churn(server);
    const second = await follow(version, first);
    await agrees(second, server);
    expect(second.lists).toBe(1);
    await closing.pop()?.();
    churn(server);
    server.cluster.store.compact();
    churn(server);
    const third = await follow(version, second);
    await agrees(third, server);
    expect(third.lists).toBe(2);
  });

  test('calls what is denied so all the time, however often it asks again', async () => {
    const server = serverOf(version);
    await server.setFault({ type: 'answer', reason: 'Forbidden' });
    const mirror = await follow(version);
    await expect.poll(() => server.counts.counted.refused['403'] ?? 0, { timeout: 30_000 }).toBeGreaterThan(2);
    expect(mirror.told).toEqual(['reading', 'denied Forbidden']);
    await server.setFault(undefined);
    await agrees(mirror, server);
  });

  test('tells what goes wrong', async () => {
    const server = serverOf(version);
    const mirror = await follow(version);
    await agrees(mirror, server);
    await server.setFault({ type: 'refuse' });
    await expect.poll(() => mirror.told.at(-1), POLL).toBe('unreachable ConnectionRefused');
    await server.setFault({ type: 'answer', reason: 'Forbidden' });
    await expect.poll(() => mirror.told.at(-1), POLL).toBe('denied Forbidden');
    await server.setFault({ type: 'answer', reason: 'InternalError' });
    await expect.poll(() => mirror.told.at(-1), POLL).toBe('unreachable ServerError');
    await server.setFault(undefined);
    await agrees(mirror, server);
  });
});
