import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogItem, LogLine } from '../../src/api/logs.ts';
import { openLogStage, type LogStage } from '../support/log-stage.ts';
import { auditRecords, signIn } from '../support/signed-in.ts';

// Logs over real HTTP from the API servers of the demo, asked as the person who reads.

let stage: LogStage;

beforeAll(async () => {
  stage = await openLogStage({ 'prod-north': true, 'prod-south': true });
}, 60_000);
afterAll(() => stage.close(), 60_000);

const office = 'namespace=ticketing&kind=Deployment&name=ticket-office';
const linesOf = (items: readonly LogItem[]): readonly LogLine[] => items.filter((item) => item.type === 'line');
const north = (): LogStage['demo']['servers'][number] => {
  const server = stage.demo.servers.find(({ cluster }) => cluster.name === 'prod-north');
  if (server === undefined) throw new Error('No prod-north');
  return server;
};

/** Numbers of lines by pod, in the order in which they came. */
function sequences(items: readonly LogItem[]): ReadonlyMap<string, readonly number[]> {
  const byPod = Map.groupBy(linesOf(items), ({ cluster, pod }) => `${cluster}/${pod}`);
  return new Map(
    Array.from(byPod, ([pod, lines]) => [pod, lines.map(({ text }) => Number(/seq=(\d+)/.exec(text)?.[1]))] as const),
  );
}

function expectUnbroken(items: readonly LogItem[]): void {
  for (const numbers of sequences(items).values()) {
    const [first = 0] = numbers;
    expect(numbers).toEqual(numbers.map((_, at) => first + at));
  }
}

describe('logs of a workload', () => {
  test('are those of all its pods in all clusters, thousands of lines in order of time', async () => {
    const { status, items } = await stage.read(`${office}&tail=500`);
    expect(status).toBe(200);
    const lines = linesOf(items);
    expect(lines).toHaveLength(8 * 500);
    expect(new Set(lines.map(({ cluster }) => cluster))).toEqual(new Set(['prod-north', 'prod-south']));
    const times = lines.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((left, right) => left - right));
    expectUnbroken(items);
    expect(items.filter((item) => item.type === 'pod' && item.state === 'ended')).toHaveLength(8);
    expect(items.at(-1)).toEqual({ type: 'end', reason: 'whole' });
  });

  test('can be narrowed by cluster, by time, by number and by what they say', async () => {
    const last = linesOf((await stage.read(`${office}&cluster=prod-north&tail=3`)).items);
    expect(last).toHaveLength(4 * 3);
    expect(new Set(last.map(({ cluster }) => cluster))).toEqual(new Set(['prod-north']));
    const recent = linesOf((await stage.read(`${office}&since=21`)).items);
    expect(recent.length).toBeGreaterThanOrEqual(8 * 9);
    expect(recent.length).toBeLessThanOrEqual(8 * 11);
    const found = linesOf((await stage.read(`${office}&tail=100&q=${encodeURIComponent('/cache|Queue/')}`)).items);
    expect(found.every(({ text, marks }) => text.includes('cache') && marks?.length === 1)).toBe(true);
    expect(found.length).toBeGreaterThan(100);
    const none = await stage.read(`${office}&tail=100&q=nothing+like+it`);
    expect(linesOf(none.items)).toEqual([]);
  });

  test('of named pods, and as a file', async () => {
    const [{ pod } = { pod: '' }] = linesOf((await stage.read(`${office}&cluster=prod-north&tail=1`)).items);
    const own = await stage.read(`namespace=ticketing&cluster=prod-north&pod=${pod}&tail=2`);
    expect(linesOf(own.items).map((line) => line.pod)).toEqual([pod, pod]);
    const { headers } = await signIn(stage.server);
    const file = await stage.server.get(
      `/api/v1/fleet/logs?namespace=ticketing&cluster=prod-north&pod=${pod}&tail=2&download=true`,
      { headers },
    );
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="pods.log"');
    expect(file.headers.get('content-type')).toContain('text/plain');
    const text = await file.text();
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toMatch(new RegExp(`^\\S+Z prod-north/${pod} level=info `));
  });

  test('go on where they stopped when connections are cut, again and again: no line is lost or told twice', async () => {
    const reader = await stage.follow(`${office}&follow=true&tail=5`);
    await reader.until((items) => linesOf(items).length >= 8 * 5);
    for (let round = 1; round <= 3; round += 1) {
      for (const server of stage.demo.servers) server.cutConnections();
      await reader.until((items) => [...sequences(items).values()].every((numbers) => numbers.length >= 5 + round));
    }
    const items = await reader.until((all) => linesOf(all).length >= 8 * 9);
    expect(sequences(items).size).toBe(8);
    expectUnbroken(items);
    reader.close();
  }, 60_000);

  test('follow pods that come, and say which are gone', async () => {
    const reader = await stage.follow(`${office}&follow=true&tail=1&cluster=prod-north`);
    const before = await reader.until((items) => linesOf(items).length >= 4);
    const [gone = ''] = linesOf(before).map(({ pod }) => pod);
    const { cluster } = north();
    const pods = cluster.resource('', 'pods');
    cluster.store.remove(pods, cluster.store.get(pods, 'ticketing', gone));
    const items = await reader.until((all) => {
      const opened = all.filter((item) => item.type === 'pod' && item.state === 'open');
      const isGone = all.some((item) => item.type === 'pod' && item.pod === gone && item.state === 'gone');
      return isGone && opened.length >= 5 && sequences(all).size === 5;
    });
    expectUnbroken(items);
    reader.close();
  }, 60_000);
});

describe('one that cannot be read', () => {
  test('says so, and the others go on', async () => {
    const lines = linesOf((await stage.read(`${office}&cluster=prod-north&tail=2`)).items);
    // One that just began may have printed less.
    const pod = lines.find((line, at) => lines.slice(0, at).some((other) => other.pod === line.pod))?.pod ?? '';
    const query = `namespace=ticketing&cluster=prod-north&pod=${pod}&pod=nobody-1&tail=2`;
    const { items } = await stage.read(query);
    expect(linesOf(items)).toHaveLength(2);
    expect(items).toContainEqual(
      expect.objectContaining({ type: 'problem', cluster: 'prod-north', pod: 'nobody-1', code: 'NotFound' }),
    );
    const before = await stage.read(`namespace=ticketing&cluster=prod-north&pod=${pod}&previous=true`);
    expect(before.items).toContainEqual(expect.objectContaining({ type: 'problem', code: 'BadRequest' }));
  });

  test('is told once where the cluster does not let who asks', async () => {
    const { access } = north().cluster;
    const grants = access.grants;
    access.grants = grants.filter(({ to }) => !to.includes('ada'));
    const { items } = await stage.read(`${office}&tail=1`);
    access.grants = grants;
    const refusals = items.filter((item) => item.type === 'problem');
    expect(refusals).toHaveLength(4);
    expect(refusals[0]).toMatchObject({ cluster: 'prod-north', code: 'Forbidden' });
    expect(JSON.stringify(refusals[0])).toContain('callboard:user:default/ada');
    expect(linesOf(items)).toHaveLength(4);
  });

  test('is no reason to ask anything that makes no sense', async () => {
    for (const query of [
      'namespace=ticketing',
      'namespace=ticketing&kind=Deployment',
      `${office}&pod=x`,
      `${office}&q=${encodeURIComponent('/(/')}`,
      `${office}&follow=true&previous=true`,
      `${office}&follow=true&download=true`,
    ]) {
      const { status, items } = await stage.read(query);
      expect([query, status]).toEqual([query, 400]);
      expect(items[0]).toMatchObject({ code: 'LOG_QUERY_INVALID' });
    }
    const nothing = await stage.read('namespace=ticketing&kind=Deployment&name=nothing');
    expect([nothing.status, nothing.items[0]]).toEqual([404, expect.objectContaining({ code: 'LOG_SOURCE_UNKNOWN' })]);
  });
});

describe('who reads', () => {
  test('needs the permission, and is recorded with what was read', async () => {
    expect((await stage.read(office, 'eve')).status).toBe(403);
    await stage.read(`${office}&tail=1`);
    const records = await auditRecords(stage.server, (all) => all.some(({ action }) => action === 'fleet.log.read'));
    expect(records.findLast(({ action }) => action === 'fleet.log.read')).toMatchObject({
      actor: 'user:default/ada',
      target: 'Deployment ticketing/ticket-office',
      outcome: 'success',
      data: { clusters: expect.arrayContaining(['prod-north', 'prod-south']), pods: 8 },
    });
  });

  test('who is signed out meanwhile is told no more', async () => {
    const { id, headers } = await signIn(stage.server);
    const response = await stage.server.get(`/api/v1/fleet/logs?${office}&follow=true&tail=1`, { headers });
    await stage.server.access.sessions.end(id, { at: 1, actor: 'x', action: 'a.b.c', outcome: 'success' });
    expect((await response.text()).trimEnd().split('\n').at(-1)).toBe('{"type":"end","reason":"signed-out"}');
  });
});
