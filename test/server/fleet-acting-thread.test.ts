import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoFleet, openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import { put } from '../../demo/fleet/world.ts';
import { systemClock } from '../../src/base/clock.ts';
import { ActingLink } from '../../src/fleet/acting/acting-link.ts';
import type { ActingRequest } from '../../src/fleet/acting/acting.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { entryOf, TestClusters } from '../support/fleet-clusters.ts';
import { type TruthCluster, truthOf } from '../support/fleet-truth.ts';

// The acting thread over real connections: who asks, in which time, and what is left when a cluster or a reader goes away.

let demo: DemoFleet;
let clusters: TestClusters;
let truth: readonly TruthCluster[];
let acting: ActingLink;

const log = createLog({ level: 'fatal', format: 'json' });
const anna = { user: 'anna', groups: ['callboard:group:default/crew'], extra: {} };
const pods: ActingRequest = { path: '/api/v1/namespaces/default/pods' };

beforeAll(async () => {
  demo = await openDemoFleet({ names: ['one', 'two', 'slow'], version: '1.34.2', now: () => new Date() });
  truth = await truthOf(demo);
  clusters = new TestClusters(truth.map((cluster) => entryOf(cluster)));
  acting = new ActingLink({ clusters, clock: systemClock, log });
  for (const { cluster } of demo.servers) {
    const data = { large: 'x'.repeat(900_000) };
    put(cluster, {
      group: '',
      plural: 'configmaps',
      object: { metadata: { namespace: 'default', name: 'big' }, data },
    });
  }
}, 60_000);
afterAll(async () => {
  await acting.close();
  await demo.close();
}, 30_000);

function serverOf(name: string): DemoFleet['servers'][number] {
  const server = demo.servers.find(({ cluster }) => cluster.name === name);
  if (server === undefined) throw new Error(`No server ${name}`);
  return server;
}

describe('a call', () => {
  test('is answered with status, headers and bytes, whatever the status is', async () => {
    const answer = await acting.call('one', pods);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(JSON.parse(Buffer.from(answer.body).toString())).toMatchObject({ kind: 'PodList' });
    expect((await acting.call('one', { path: '/api/v1/nothing' })).status).toBe(404);
    const query = { labelSelector: 'app=a' };
    expect((await acting.call('one', { ...pods, query })).status).toBe(200);
    expect((await acting.call('one', { ...pods, query: 'labelSelector=app%3Da&limit=1' })).status).toBe(200);
  }, 30_000);

  test('is made as whom it names, with all groups', async () => {
    const whoAmI: ActingRequest = {
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: '{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1"}',
      as: anna,
    };
    const { body } = await acting.call('one', whoAmI);
    const { status } = JSON.parse(Buffer.from(body).toString()) as { status: unknown };
    expect(status).toEqual({
      userInfo: { username: 'anna', groups: ['callboard:group:default/crew', 'system:authenticated'] },
    });
    expect((await acting.call('one', { ...pods, as: anna })).status).toBe(403);
  });

  test('takes the place of whom the connection names, groups and all', async () => {
    const [first] = truth;
    if (first === undefined) throw new Error('There is no cluster');
    const entry = entryOf(first);
    const impersonation = { user: 'boss', groups: ['system:masters'], extra: {} };
    clusters.put({ ...entry, name: 'as-boss', connection: { ...entry.connection, name: 'as-boss', impersonation } });
    expect((await acting.call('as-boss', pods)).status).toBe(200);
    expect((await acting.call('as-boss', { ...pods, as: anna })).status).toBe(403);
  });

  test('that changes something is never made with the account that reads', async () => {
    const method = 'DELETE';
    const path = '/api/v1/namespaces/default/configmaps/big';
    await expect(acting.call('one', { method, path })).rejects.toMatchObject({ code: 'ACTING_REQUEST_INVALID' });
    expect((await acting.call('one', { path })).status).toBe(200);
  });

  test.each(['api/v1/pods', '/api/../v1', '/api/v1/pods?x=1', '/api/v1/a b', '/api/v1/.', '/x\r\nHost: y'])(
    'goes to no path such as %j',
    async (path) => {
      await expect(acting.call('one', { path })).rejects.toMatchObject({ code: 'ACTING_REQUEST_INVALID' });
    },
  );

  test('ends where the answer is larger than is wanted, and where nobody wants it', async () => {
    const path = '/api/v1/namespaces/default/configmaps/big';
    const large = acting.call('one', { path, maxBytes: 100_000 });
    await expect(large).rejects.toMatchObject({ code: 'KUBE_UNREACHABLE', details: { code: 'TooLarge' } });
    const leaving = new AbortController();
    const left = acting.call('one', { path }, leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await expect(acting.call('one', { path }, leaving.signal)).rejects.toThrow('gone');
  });

  test('to a cluster that hangs ends in time, and delays no other', async () => {
    await serverOf('slow').setFault({ type: 'hang' });
    const slow = expect(acting.call('slow', { ...pods, timeoutMs: 400 })).rejects.toMatchObject({
      code: 'KUBE_UNREACHABLE',
      details: { code: 'Timeout' },
    });
    expect((await acting.call('two', pods)).status).toBe(200);
    await slow;
    await serverOf('slow').setFault(undefined);
    expect((await acting.call('slow', pods)).status).toBe(200);
  }, 30_000);

  test('to one that is down is refused, and the next one after it is up is answered', async () => {
    await serverOf('slow').setFault({ type: 'refuse' });
    await expect(acting.call('slow', { ...pods, timeoutMs: 5_000 })).rejects.toMatchObject({
      code: 'KUBE_UNREACHABLE',
    });
    await serverOf('slow').setFault(undefined);
    expect((await acting.call('slow', pods)).status).toBe(200);
  }, 30_000);

  test('to one that is not there, or no longer, says so', async () => {
    await expect(acting.call('nowhere', pods)).rejects.toMatchObject({ code: 'CLUSTER_UNKNOWN' });
    const gone = entryOf(truth[1] as TruthCluster, { name: 'leaving' });
    clusters.put({ ...gone, connection: { ...gone.connection, name: 'leaving' } });
    expect((await acting.call('leaving', pods)).status).toBe(200);
    clusters.remove('leaving');
    await expect(acting.call('leaving', pods)).rejects.toMatchObject({ code: 'CLUSTER_UNKNOWN' });
  });
});

describe('a stream', () => {
  const watch: ActingRequest = { path: '/api/v1/namespaces/default/configmaps', query: { watch: 'true' } };

  test('brings what comes until its reader leaves', async () => {
    const { status, chunks } = await acting.stream('one', watch);
    expect(status).toBe(200);
    let text = '';
    for await (const chunk of chunks) {
      text += Buffer.from(chunk).toString();
      if (text.length > 100_000) break;
    }
    expect(text).toContain('"ADDED"');
  });

  test('holds back a cluster whose reader is slow', async () => {
    const path = '/api/v1/namespaces/default/configmaps/big';
    const { chunks } = await acting.stream('one', { path });
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes < 100_000) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(bytes).toBeGreaterThan(900_000);
  });

  test('ends with its signal, and with its cluster', async () => {
    const leaving = new AbortController();
    const { chunks } = await acting.stream('one', watch, leaving.signal);
    const reading = readAll(chunks);
    leaving.abort(new Error('gone'));
    await expect(reading).rejects.toThrow('gone');

    const entry = entryOf(truth[1] as TruthCluster, { name: 'leaving' });
    clusters.put({ ...entry, connection: { ...entry.connection, name: 'leaving' } });
    const other = await acting.stream('leaving', watch);
    const ending = readAll(other.chunks);
    clusters.remove('leaving');
    await expect(ending).rejects.toMatchObject({ code: 'KUBE_UNREACHABLE' });
  });

  test('has its status before its bytes', async () => {
    const { status, chunks } = await acting.stream('one', { ...watch, as: anna });
    expect(status).toBe(403);
    expect(await readAll(chunks)).toContain('forbidden');
  });
});

test('what is under way ends when the server closes', async () => {
  const other = new ActingLink({ clusters, clock: systemClock, log });
  const { chunks } = await other.stream('one', { path: '/api/v1/nodes', query: { watch: 'true' } });
  const reading = readAll(chunks);
  await other.close();
  await expect(reading).rejects.toMatchObject({ code: 'ACTING_UNAVAILABLE' });
  await expect(other.call('one', pods)).rejects.toMatchObject({ code: 'ACTING_UNAVAILABLE' });
});

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}
