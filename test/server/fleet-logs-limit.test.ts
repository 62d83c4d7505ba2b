import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogItem } from '../../src/api/logs.ts';
import { MOST_OF_CLUSTER } from '../../src/fleet/logs/log-seats.ts';
import { type LogReader, type LogStage, openLogStage } from '../support/log-stage.ts';
import { signIn } from '../support/signed-in.ts';

// Many who follow the logs of many pods of one cluster: where it ends, and that nothing else suffers.

let stage: LogStage;
const readers: LogReader[] = [];

beforeAll(async () => {
  stage = await openLogStage({ 'prod-north': true, 'prod-south': true });
}, 60_000);
afterAll(async () => {
  for (const reader of readers) reader.close();
  await stage.close();
}, 60_000);

/** Pods of the workload in each cluster. */
const PODS = 4;
const office = 'namespace=ticketing&kind=Deployment&name=ticket-office&tail=1';
const north = `${office}&cluster=prod-north`;

const openOf = (items: readonly LogItem[]): number =>
  items.filter((item) => item.type === 'pod' && item.state === 'open').length;
const problemsOf = (items: readonly LogItem[]) => items.filter((item) => item.type === 'problem');

async function follow(pods: number): Promise<readonly LogItem[]> {
  const reader = await stage.follow(`${north}&follow=true`);
  readers.push(reader);
  return reader.until((items) => openOf(items) + problemsOf(items).length >= pods);
}

test('as many logs as one cluster has room for are followed at once; of those beyond it is said why', async () => {
  const counts = stage.demo.servers.find(({ cluster }) => cluster.name === 'prod-north')?.counts;
  const before = counts?.counted.connections ?? 0;
  const whole = Math.floor(MOST_OF_CLUSTER / PODS);
  const followed = await Promise.all(Array.from({ length: whole }, () => follow(PODS)));
  expect(followed.map((items) => [openOf(items), problemsOf(items).length])).toEqual(
    Array.from({ length: whole }, () => [PODS, 0]),
  );
  const left = MOST_OF_CLUSTER - whole * PODS;
  const last = await follow(PODS);
  expect([openOf(last), problemsOf(last).length]).toEqual([left, PODS - left]);
  expect(problemsOf(last)[0]).toMatchObject({
    cluster: 'prod-north',
    code: 'TooManyLogs',
    message: expect.stringContaining(`${MOST_OF_CLUSTER} logs of this cluster`) as string,
  });
  // A cluster, or what stands before it, may allow as few as these on one connection.
  expect((counts?.counted.connections ?? 0) - before).toBe(Math.ceil(MOST_OF_CLUSTER / 25));
}, 60_000);

test('who comes then is refused with the limit; another cluster is read', async () => {
  for (const query of [north, `${north}&follow=true`, `${north}&download=true`]) {
    const { status, items } = await stage.read(query);
    expect([query, status]).toEqual([query, 503]);
    expect(items[0]).toMatchObject({
      code: 'LOGS_FULL',
      detail: expect.stringMatching(new RegExp(`prod-north.*${MOST_OF_CLUSTER}`)) as string,
    });
  }
  const { status, items } = await stage.read(office);
  expect(status).toBe(200);
  const lines = items.filter((item) => item.type === 'line');
  expect(new Set(lines.map(({ cluster }) => cluster))).toEqual(new Set(['prod-south']));
  expect(problemsOf(items).map(({ cluster, code }) => `${cluster ?? ''} ${code}`)).toEqual(
    Array.from({ length: PODS }, () => 'prod-north TooManyLogs'),
  );
});

test('what else is asked of the cluster does not wait for them', async () => {
  const { headers } = await signIn(stage.server);
  // Pods come and go: one that is there now.
  const query = 'kind=Pod&cluster=prod-north&namespace=ticketing';
  const found = await stage.server.get(`/api/v1/fleet/objects?${query}`, { headers });
  const { items } = (await found.json()) as { readonly items: readonly { readonly name: string }[] };
  const path = `/api/v1/fleet/clusters/prod-north/objects/Pod/ticketing/${items[0]?.name ?? ''}`;
  const answers = await Promise.all(Array.from({ length: 20 }, () => stage.server.get(path, { headers })));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
}, 10_000);

test('what is left is room for others', async () => {
  for (const reader of readers.splice(0, 2)) reader.close();
  await expect.poll(async () => (await stage.read(north)).status, { timeout: 10_000 }).toBe(200);
  await expect.poll(async () => problemsOf((await stage.read(north)).items), { timeout: 10_000 }).toEqual([]);
});
