import { expect, test } from 'vitest';
import type { Collector, Manifest, Route } from '../../src/manifest/manifest.ts';
import { component, startTestServer } from '../support/server.ts';
import { openSse } from '../support/sse.ts';

function routeOf(name: string, handle: Route['handle']): Route {
  return {
    contract: {
      method: 'GET',
      path: `/api/v1/test/${name}`,
      summary: name,
      tag: 'Test',
      permission: 'test.thing.read',
      response: { type: 'object', properties: { done: { type: 'boolean' } } },
    },
    handle,
  };
}

function manifestOf(parts: Partial<Manifest>): Manifest {
  return { id: 'test', title: 'Test', ...parts };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a request that runs is answered, streams end with a hint, and nothing new is accepted', async () => {
  const slow = routeOf('slow', async () => {
    await sleep(300);
    return { done: true };
  });
  const server = await startTestServer({ manifests: [manifestOf({ routes: [slow] })], entities: [component('a')] });
  const stream = await openSse(`${server.url}/api/v1/events`);
  await stream.next('bookmark');
  const answer = server.get('/api/v1/test/slow');
  await sleep(100);
  const closed = server.close();
  expect(await stream.ended()).toMatch(/retry: \d+\n: the server closes\n\n$/);
  const response = await answer;
  expect(await response.json()).toEqual({ done: true });
  await closed;
  await expect(server.get('/healthz')).rejects.toThrow();
});

test('closing again waits for the same end', async () => {
  const server = await startTestServer();
  const [first, second] = [server.close(), server.close()];
  await Promise.all([first, second]);
  await server.close();
});

test('what does not end is cut off, told by its signal, and the store is closed all the same', async () => {
  const reasons: string[] = [];
  const stuck = routeOf('stuck', ({ signal }) => {
    signal.addEventListener('abort', () => reasons.push((signal.reason as Error).message));
    return new Promise(() => undefined);
  });
  const deaf: Collector = {
    id: 'deaf',
    description: 'Heeds nothing',
    facts: [],
    run: () => new Promise(() => undefined),
  };
  const server = await startTestServer({
    manifests: [manifestOf({ routes: [stuck], collectors: [deaf] })],
    limits: { drainMs: 150 },
  });
  const answer = server.get('/api/v1/test/stuck').then(
    () => 'answered',
    () => 'cut off',
  );
  await sleep(50);
  await server.close();
  expect(await answer).toBe('cut off');
  expect(reasons).toEqual(['The server closes']);
  await expect(server.store.revision()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
});

test('a client that reads nothing does not keep the server open', async () => {
  const big = routeOf('big', ({ reply }) => reply.type('text/plain').send('x'.repeat(50_000_000)));
  const server = await startTestServer({ manifests: [manifestOf({ routes: [big] })], limits: { drainMs: 150 } });
  const response = await server.get('/api/v1/test/big');
  await server.close();
  await expect(response.text()).rejects.toThrow();
});

test('collectors are told to stop', async () => {
  const events: string[] = [];
  const collector: Collector = {
    id: 'polite',
    description: 'Stops when told',
    facts: [],
    run: (_context, signal) =>
      new Promise((resolve) => {
        events.push('started');
        signal.addEventListener('abort', () => {
          events.push('stopped');
          resolve();
        });
      }),
  };
  const server = await startTestServer({ manifests: [manifestOf({ collectors: [collector] })] });
  await server.close();
  expect(events).toEqual(['started', 'stopped']);
});
