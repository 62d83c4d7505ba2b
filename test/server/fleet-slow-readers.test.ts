import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogItem } from '../../src/api/logs.ts';
import { type LogReader, type LogStage, openLogStage } from '../support/log-stage.ts';
import { signIn } from '../support/signed-in.ts';
import { readSlowly, type SlowReader } from '../support/slow-reader.ts';

// Pods that print two megabytes a second, readers that take a kilobyte of it a second, and others beside them.

const SLOW_READERS = 4;
const PODS = 4;
const LINES_A_SECOND = 500;
const LINE_BYTES = 1_000;
/** What would wait for the slow readers after so long, if it did. */
const waitingAfter = (seconds: number): number => SLOW_READERS * PODS * LINES_A_SECOND * LINE_BYTES * seconds;

const office = 'namespace=ticketing&kind=Deployment&name=ticket-office&follow=true&tail=1';
let stage: LogStage;
let slow: readonly SlowReader[];

beforeAll(async () => {
  stage = await openLogStage({ 'prod-north': true, 'prod-south': true });
  const north = stage.demo.servers.find(({ cluster }) => cluster.name === 'prod-north');
  if (north === undefined) throw new Error('No prod-north');
  north.cluster.printing = { everyMs: 1_000 / LINES_A_SECOND, kept: 50_000, filling: ' '.repeat(LINE_BYTES) };
  const { headers } = await signIn(stage.server);
  const url = `${stage.server.url}/api/v1/fleet/logs?${office}&cluster=prod-north`;
  slow = await Promise.all(Array.from({ length: SLOW_READERS }, () => readSlowly(url, headers)));
}, 60_000);
afterAll(async () => {
  for (const reader of slow) reader.close();
  await stage.close();
}, 60_000);

/** Memory of the process but the heap of this thread, in which the test itself and the clusters of the demo have their garbage, bytes. */
function memoryBeside(): number {
  const { rss, heapTotal, external } = process.memoryUsage();
  return rss - heapTotal - external;
}

const sequenceOf = (text: string): number => Number(/seq=(\d+)/.exec(text)?.[1]);

/** Reads on until the last of one pod's lines is so many after the first. */
async function untilPrinted(reader: LogReader, lines: number): Promise<readonly number[]> {
  const numbers = (items: readonly LogItem[]): readonly number[] =>
    items.flatMap((item) => (item.type === 'line' ? sequenceOf(item.text) : []));
  const items = await reader.until((all) => {
    const [first = 0] = numbers(all.slice(0, 10));
    const last = all.at(-1);
    return last?.type === 'line' && sequenceOf(last.text) - first >= lines;
  });
  return numbers(items);
}

test('who reads slowly takes no memory for it, delays nobody, and is told what was left out', async () => {
  const calm = await stage.follow(`${office}&cluster=prod-south`);
  const [pod] = stage.demo.servers
    .flatMap(({ cluster }) => (cluster.name === 'prod-north' ? (cluster.store.named('pods')?.list() ?? []) : []))
    .filter(({ object }) => object.metadata.name.startsWith('ticket-office-'));
  const one = await stage.follow(
    `namespace=ticketing&cluster=prod-north&pod=${pod?.object.metadata.name ?? ''}&follow=true&tail=1`,
  );
  // By then what may wait for the slow readers does.
  await untilPrinted(one, 8 * LINES_A_SECOND);
  const before = memoryBeside();
  const numbers = await untilPrinted(one, 28 * LINES_A_SECOND);
  const growth = memoryBeside() - before;

  expect(slow.every(({ taken }) => taken > 1_000 && taken < 100_000)).toBe(true);
  expect(growth).toBeLessThan(waitingAfter(20) / 2);
  const [first = 0] = numbers;
  expect(numbers).toEqual(numbers.map((_, at) => first + at));
  const items = await calm.until((all) => all.filter(({ type }) => type === 'line').length >= PODS * 5);
  expect(items.some(({ type }) => type === 'gap')).toBe(false);
  one.close();
  calm.close();

  const [reader] = slow;
  const text = (await reader?.hurry((all) => isUpToDate(all))) ?? '';
  expectAllAccountedFor(text);
}, 120_000);

/** Whether lines came after lines that were left out. */
function isUpToDate(text: string): boolean {
  const gap = text.lastIndexOf('"type":"gap"');
  return gap >= 0 && text.slice(gap).split('"type":"line"').length > 2 * PODS * LINES_A_SECOND;
}

/** Each line of each pod was told, or is among those that are said to be left out. */
function expectAllAccountedFor(text: string): void {
  const items = text
    .slice(0, text.lastIndexOf('\n'))
    .split('\n')
    .map((line) => JSON.parse(line) as LogItem)
    .filter((item) => item.type === 'line' || item.type === 'gap');
  const byPod = Map.groupBy(items, ({ pod }) => pod);
  expect(byPod.size).toBe(PODS);
  for (const own of byPod.values()) {
    let next: number | undefined;
    for (const item of own) {
      if (item.type === 'line') {
        next ??= sequenceOf(item.text);
        expect(sequenceOf(item.text)).toBe(next);
      }
      next = (next ?? 0) + (item.type === 'gap' ? item.lines : 1);
    }
    expect(own.some(({ type }) => type === 'gap')).toBe(true);
  }
}
