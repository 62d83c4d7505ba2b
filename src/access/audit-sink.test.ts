import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { MemoryAccessStore } from '../../test/support/memory-access-store.ts';
import type { AuditItem } from '../api/audit.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { openAccessState } from './access-state.ts';
import { AuditLog } from './audit-log.ts';
import { publishAudit } from './audit-metrics.ts';
import { AuditSink, type AuditSinkOptions } from './audit-sink.ts';

const log = pino({ level: 'silent' });
const cleanup: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

interface Delivery {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver that answers as told. */
async function receiver(): Promise<{
  url: string;
  deliveries: Delivery[];
  answer: { status: number; location?: string };
}> {
  const deliveries: Delivery[] = [];
  const answer: { status: number; location?: string } = { status: 204 };
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      deliveries.push({ headers: request.headers, body });
      response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.push(
    () => server.closeAllConnections(),
    () => void server.close(),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`, deliveries, answer };
}

async function openSink(
  url: string,
  parts: { store: MemoryAccessStore; clock: ManualClock } & Partial<
    Pick<AuditSinkOptions['sink'], 'format' | 'headers'>
  >,
): Promise<AuditSink> {
  const { store, clock, format = 'jsonl', headers = {} } = parts;
  const state = await openAccessState({ store, clock, log });
  const secrets = { value: (name: string) => `value of ${name}` };
  const baseUrl = 'https://callboard.example';
  const sink = new AuditSink({ sink: { url, format, headers }, store, state, secrets, baseUrl, clock, log });
  cleanup.push(async () => {
    await sink.close();
    await state.close();
  });
  return sink;
}

async function write(store: MemoryAccessStore, count: number, action = 'a.b.c'): Promise<void> {
  const entries = Array.from({ length: count }, (_, n) => ({
    at: 1_000 + n,
    actor: 'user:default/a',
    action,
    target: 'x:y',
    outcome: 'success' as const,
    data: { via: 'session okta', more: n },
  }));
  await store.commit([], entries);
}

const sequencesOf = (deliveries: readonly Delivery[]): number[] =>
  deliveries.flatMap(({ body }) =>
    body
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as AuditItem).sequence),
  );

test('every record arrives once and in order, as lines, with what the headers say', async () => {
  const { url, deliveries } = await receiver();
  const [store, clock] = [new MemoryAccessStore(), new ManualClock()];
  await write(store, 450);
  const sink = await openSink(url, { store, clock, headers: { authorization: { secret: 'siem' }, 'x-team': 'ours' } });
  sink.start();
  await expect.poll(() => sink.state.delivered).toBe(450);
  expect(sequencesOf(deliveries)).toEqual(Array.from({ length: 450 }, (_, n) => n + 1));
  expect(deliveries).toHaveLength(3);
  expect(deliveries[0]?.headers).toMatchObject({
    authorization: 'value of siem',
    'x-team': 'ours',
    'content-type': 'application/x-ndjson',
  });
  expect(JSON.parse(deliveries[0]?.body.split('\n')[0] ?? '')).toMatchObject({
    sequence: 1,
    at: '1970-01-01T00:00:01.000Z',
    via: 'session okta',
    data: { more: 0 },
  });
  await write(store, 1);
  await expect.poll(() => (clock.advance(1_000), sink.state.delivered)).toBe(451);
});

test('CloudEvents have a source and an id by which one that comes twice is known', async () => {
  const { url, deliveries } = await receiver();
  const [store, clock] = [new MemoryAccessStore(), new ManualClock()];
  await write(store, 2, 'access.token.create');
  (await openSink(url, { store, clock, format: 'cloudevents' })).start();
  await expect.poll(() => deliveries.length).toBe(1);
  expect(deliveries[0]?.headers['content-type']).toBe('application/cloudevents-batch+json');
  const [first, second] = JSON.parse(deliveries[0]?.body ?? '') as Record<string, unknown>[];
  expect(first).toEqual({
    specversion: '1.0',
    id: '1',
    source: 'https://callboard.example/api/v1/audit',
    type: 'callboard.audit.access.token.create',
    time: '1970-01-01T00:00:01.000Z',
    subject: 'x:y',
    datacontenttype: 'application/json',
    data: expect.objectContaining({ sequence: 1, actor: 'user:default/a' }),
  });
  expect(second?.['id']).toBe('2');
});

test('what a receiver refuses is sent again until it takes it, with growing waits', async () => {
  const { url, deliveries, answer } = await receiver();
  const [store, clock] = [new MemoryAccessStore(), new ManualClock()];
  const audit = new AuditLog({ store, clock, log });
  await write(store, 3);
  answer.status = 503;
  const sink = await openSink(url, { store, clock });
  const metrics = createMetrics();
  publishAudit(metrics, audit, [sink]);
  sink.start();
  await expect.poll(() => sink.state.failures).toBe(1);
  expect(sink.state).toMatchObject({ delivered: 0, error: 'it answered 503', target: url.replace('/in', '') });
  expect(await metrics.registry.metrics()).toContain('callboard_audit_sinks_failing 1');
  await expect.poll(() => (clock.advance(1_000), sink.state.failures)).toBe(2);
  answer.status = 200;
  await expect.poll(() => (clock.advance(1_000), sink.state.delivered)).toBe(3);
  expect(sink.state).toMatchObject({ failures: 0, error: undefined });
  expect(sequencesOf(deliveries.slice(-1))).toEqual([1, 2, 3]);
});

test('a receiver that sends elsewhere, or is not there, has failed', async () => {
  const [there, elsewhere] = [await receiver(), await receiver()];
  const [store, clock] = [new MemoryAccessStore(), new ManualClock()];
  await write(store, 1);
  there.answer.status = 307;
  there.answer.location = elsewhere.url;
  const redirected = await openSink(there.url, { store, clock });
  const away = await openSink('http://127.0.0.1:1/', { store, clock });
  redirected.start();
  away.start();
  await expect.poll(() => [redirected.state.failures, away.state.failures]).toEqual([1, 1]);
  expect(elsewhere.deliveries).toEqual([]);
});

test('of two servers one delivers; the other takes over when it stops for half a minute', async () => {
  const { url, deliveries } = await receiver();
  const [store, clock] = [new MemoryAccessStore(), new ManualClock()];
  const [first, second] = [await openSink(url, { store, clock }), await openSink(url, { store, clock })];
  await write(store, 2);
  first.start();
  await expect.poll(() => first.state.delivered).toBe(2);
  second.start();
  await write(store, 1);
  await expect.poll(() => (clock.advance(1_000), second.state.delivered)).toBe(3);
  await first.close();
  await write(store, 1);
  clock.advance(31_000);
  await expect.poll(() => (clock.advance(1_000), second.state.delivered)).toBe(4);
  expect(sequencesOf(deliveries)).toEqual([1, 2, 3, 4]);
});

test('a restart goes on where the last one came to; nothing new, nothing written', async () => {
  const { url, deliveries } = await receiver();
  const [store, clock] = [new MemoryAccessStore(), new ManualClock()];
  await write(store, 2);
  const first = await openSink(url, { store, clock });
  first.start();
  await expect.poll(() => first.state.delivered).toBe(2);
  await first.close();
  clock.advance(60_000);
  const { commits } = store;
  const again = await openSink(url, { store, clock });
  again.start();
  for (let n = 0; n < 5; n += 1) {
    await expect.poll(() => clock.timers).toBeGreaterThan(0);
    clock.advance(1_000);
  }
  expect(store.commits).toBe(commits);
  expect(sequencesOf(deliveries)).toEqual([1, 2]);
});
