import { connect, type AddressInfo, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { guestsMay } from '../../test/support/access.ts';
import type { Access } from '../access/access.ts';
import { GUEST } from '../access/authenticator.ts';
import { systemClock } from '../base/clock.ts';
import { defineErrors } from '../base/errors.ts';
import type { Visibility, WatchBatch, WatchRequest } from '../graph/view.ts';
import type { DomainContext } from '../manifest/manifest.ts';
import { createLog } from '../telemetry/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createAnswer } from './answer.ts';
import { eventStreamRoute } from './event-stream.ts';
import { createStreamSeats } from './stream-seats.ts';

const failure = defineErrors({
  REVISION_EXPIRED: { status: 410, message: 'expired' },
  WATCH_OVERFLOW: { status: 410, message: 'overflow' },
});

type Watch = (request: WatchRequest) => AsyncIterable<WatchBatch>;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The route over real HTTP, with a graph whose watch is the test's. */
async function start(
  watch: Watch,
): Promise<{ app: FastifyInstance; port: number; lines: () => string; closing: AbortController }> {
  const visibility: Visibility = { kind: 'all', key: 'all', principal: { ref: GUEST.ref, claims: new Set() } };
  const access = guestsMay({
    viewOf: () => ({ visibility, revision: 100, watch }) as unknown as ReturnType<Access['viewOf']>,
  });
  let lines = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines += chunk.toString();
      done();
    },
  });
  const log = createLog({ level: 'error', format: 'json', destination });
  const closing = new AbortController();
  const metrics = createMetrics();
  const options = {
    access,
    clock: systemClock,
    seats: createStreamSeats(100, metrics),
    heartbeatMs: 20,
    epoch: 'e',
    closing: closing.signal,
    revisions: { onRevision: () => () => undefined },
  };
  const route = eventStreamRoute(options);
  const app = fastify();
  const context = { graph: { revision: 5 }, log } as unknown as DomainContext;
  const answer = {
    access,
    clock: systemClock,
    running: new Set<never>(),
    intents: { begin: async () => '' },
    handlerMs: 30,
  };
  app.get('/events', createAnswer({ route, origin: { manifest: { id: 'test', title: 'Test' } } }, context, answer));
  await app.listen({ port: 0, host: '127.0.0.1' });
  cleanups.push(async () => {
    closing.abort();
    app.server.closeAllConnections();
    await app.close();
  });
  return { app, port: (app.server.address() as AddressInfo).port, lines: () => lines, closing };
}

interface Client {
  readonly socket: Socket;
  text(): string;
}

function request(port: number, query = ''): Client {
  let text = '';
  const socket = connect(port, '127.0.0.1', () => {
    socket.write(`GET /events${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  });
  socket.on('data', (data: Buffer) => (text += data.toString()));
  socket.on('error', () => undefined);
  cleanups.push(() => socket.destroy());
  return { socket, text: () => text };
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 500 && !condition(); round++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

const batch = (revision: number, size = 0): WatchBatch => ({
  revision,
  changes: Array.from({ length: size }, (_, at) => ({
    type: 'put',
    ref: `component:default/n${at}`,
    parts: ['entity'],
  })),
  sources: false,
});

const forever = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('a reader that does not read', () => {
  test('is not pulled for: batches wait where they are until its socket drains', async () => {
    let pulled = 0;
    const { port } = await start(async function* ({ signal }) {
      while (!signal.aborted) yield batch(++pulled, 1000);
    });
    const client = request(port);
    client.socket.pause();
    let before = -1;
    while (before !== pulled || pulled === 0) {
      before = pulled;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const stoppedAt = pulled;
    // Heartbeats went by meanwhile; they do not pile up either.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(pulled).toBe(stoppedAt);
    client.socket.resume();
    await until(() => pulled > stoppedAt + 5);
  });

  test('that goes away ends the watch', async () => {
    let ended = false;
    const { port } = await start(async function* ({ signal }) {
      try {
        while (!signal.aborted) yield batch(1, 1000);
      } finally {
        ended = true;
      }
    });
    const client = request(port);
    client.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 100));
    client.socket.destroy();
    await until(() => ended);
  });
});

describe('a watch that cannot go on', () => {
  test.each([
    ['REVISION_EXPIRED', 'expired'],
    ['WATCH_OVERFLOW', 'overflow'],
  ] as const)('for %s makes the reader list again and goes on from there', async (code, reason) => {
    const asked: (number | undefined)[] = [];
    const { port } = await start(async function* ({ after, signal }) {
      asked.push(after);
      if (asked.length === 1) throw failure(code);
      yield batch(101, 1);
      await forever(signal);
    });
    const client = request(port, '?after=3');
    await until(() => client.text().includes('event: change'));
    expect(client.text()).toContain(`id: e.100\nevent: relist\ndata: {"revision":100,"reason":"${reason}"}\n\n`);
    expect(asked.map(Number)).toEqual([3, 100]);
  });

  test('for another reason ends the stream, which the log explains', async () => {
    const { port, lines } = await start(async function* () {
      yield batch(6, 1);
      throw new Error('broken index');
    });
    const client = request(port);
    await until(() => client.text().endsWith('0\r\n\r\n'));
    expect(client.text()).not.toContain('broken index');
    expect(lines()).toContain('event stream failed');
    expect(lines()).toContain('broken index');
  });

  test('and simply ends, ends the stream', async () => {
    const { port } = await start(async function* () {
      yield batch(6, 1);
    });
    const client = request(port);
    await until(() => client.text().endsWith('0\r\n\r\n'));
  });
});

test('a quiet stream outlives the time that a handler may take, and is kept alive by comments', async () => {
  const { port } = await start(async function* ({ signal }) {
    await forever(signal);
    yield batch(6);
  });
  const client = request(port);
  await until(() => client.text().split(': alive').length > 4);
  expect(client.socket.destroyed).toBe(false);
});

test('closing ends every stream with a hint when to come again', async () => {
  const { port, closing } = await start(async function* ({ signal }) {
    await forever(signal);
    yield batch(6);
  });
  const clients = [request(port), request(port)];
  await until(() => clients.every((client) => client.text().includes('bookmark')));
  closing.abort();
  await until(() => clients.every((client) => /retry: 2000\n: the server closes\n\n/.test(client.text())));
});
