import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Policy } from '../../src/access/policy.ts';
import { halfPolicy, isHidden } from '../support/half-policy.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { openSse } from '../support/sse.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    entities: [component('a'), component('b')],
    limits: { heartbeatMs: 50, eventStreams: 8 },
  });
});
afterAll(() => server.close());

const url = (query = ''): string => `${server.url}/api/v1/events${query}`;

async function metric(name: string): Promise<number> {
  const text = await (await server.get('/metrics')).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Waits until a condition holds; a stream's end is noticed a little after its client's. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 200; round++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('It did not come true');
}

describe('a stream', () => {
  test('begins with where it begins, then tells each change with its revision as the id', async () => {
    const stream = await openSse(url());
    try {
      expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(stream.headers.get('cache-control')).toContain('no-transform');
      expect(stream.headers.get('x-content-type-options')).toBe('nosniff');
      const first = await stream.next('bookmark');
      expect(first.data.revision).toBe(server.graph.revision);
      expect(stream.text()).toMatch(/^retry: \d+\n\n/);
      const revision = await server.put(component('c'));
      expect(await stream.nextEntities()).toEqual({
        id: `${await server.store.epoch()}.${revision}`,
        told: ['put component:default/c'],
      });
      await server.remove('component:default/c');
      expect((await stream.nextEntities()).told).toEqual(['delete component:default/c']);
    } finally {
      stream.close();
    }
  });

  test('tells only of entities for which the condition is true', async () => {
    const where = encodeURIComponent('spec.type == "website"');
    const stream = await openSse(url(`?where=${where}`));
    try {
      await stream.next('bookmark');
      await server.put(component('d'));
      await server.put(component('e', { type: 'website' }));
      expect((await stream.nextEntities()).told).toEqual(['put component:default/e']);
      await server.put(component('e', { type: 'service' }));
      expect((await stream.nextEntities()).told).toEqual(['delete component:default/e']);
    } finally {
      stream.close();
    }
  });

  test('resumes after the revision it stopped at, and the header of a reconnecting browser counts more', async () => {
    const epoch = await server.store.epoch();
    const before = server.graph.revision;
    const first = await server.put(component('f'));
    const second = await server.put(component('g'));
    const byQuery = await openSse(url(`?after=${before}`));
    const byHeader = await openSse(url(`?after=${before}`), { 'last-event-id': `${epoch}.${first}` });
    try {
      const told: string[] = [];
      while (!told.includes('put component:default/g')) told.push(...(await byQuery.nextEntities()).told);
      expect(told.sort()).toEqual(['put component:default/f', 'put component:default/g']);
      expect(await byHeader.nextEntities()).toEqual({ id: `${epoch}.${second}`, told: ['put component:default/g'] });
    } finally {
      byQuery.close();
      byHeader.close();
    }
  });

  test('that comes from another database is told to list again, whatever its revision was', async () => {
    const stream = await openSse(url(), { 'last-event-id': `another.${server.graph.revision}` });
    try {
      const relist = await stream.next('relist');
      expect(relist.data.reason).toBe('expired');
      await server.put(component('elsewhere'));
      expect((await stream.nextEntities()).told).toEqual(['put component:default/elsewhere']);
    } finally {
      stream.close();
    }
  });

  test('that asks for a revision of the future is told to list again, and goes on', async () => {
    const stream = await openSse(url('?after=999999999'));
    try {
      const relist = await stream.next('relist');
      expect(relist.data.reason).toBe('expired');
      expect(relist.id).toBe(`${await server.store.epoch()}.${relist.data.revision}`);
      await server.put(component('h'));
      expect((await stream.nextEntities()).told).toEqual(['put component:default/h']);
    } finally {
      stream.close();
    }
  });

  test('is kept alive by comments', async () => {
    const stream = await openSse(url());
    await stream.next('bookmark');
    await new Promise((resolve) => setTimeout(resolve, 120));
    await server.put(component('i'));
    try {
      expect((await stream.nextEntities()).told).toEqual(['put component:default/i']);
      expect(stream.text()).toContain(': alive\n\n');
    } finally {
      stream.close();
    }
  });

  test('is forgotten when its client goes away', async () => {
    await until(async () => (await metric('callboard_event_streams')) === 0);
    const watchers = await metric('callboard_graph_watchers');
    const stream = await openSse(url());
    try {
      await stream.next('bookmark');
      expect(await metric('callboard_event_streams')).toBe(1);
      expect(await metric('callboard_graph_watchers')).toBe(watchers + 1);
    } finally {
      stream.close();
    }
    await until(async () => (await metric('callboard_event_streams')) === 0);
    await until(async () => (await metric('callboard_graph_watchers')) === watchers);
  });
});

describe('refusals come before the stream begins', () => {
  test('an expression that is none', async () => {
    const response = await server.get('/api/v1/events?where=spec.type%20==');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'EXPRESSION_INVALID' });
  });

  test('an unknown parameter, and a revision that is no number', async () => {
    for (const query of ['?since=3', '?after=x', '?after=-1']) {
      const response = await server.get(`/api/v1/events${query}`);
      expect(await response.json(), query).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    }
  });

  test('one stream more than allowed', async () => {
    const streams = await Promise.all(Array.from({ length: 8 }, () => openSse(url())));
    const response = await server.get('/api/v1/events');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ code: 'EVENT_STREAMS_FULL' });
    for (const stream of streams) stream.close();
    await until(async () => (await metric('callboard_event_streams')) === 0);
  });
});

describe('what a reader may see', () => {
  test('is all it is told of', async () => {
    const half = await startTestServer({ policy: halfPolicy });
    const stream = await openSse(`${half.url}/api/v1/events`);
    try {
      await stream.next('bookmark');
      const names = Array.from({ length: 20 }, (_, at) => `n${at}`);
      await half.put(...names.map((name) => component(name)));
      const refs = names.map((name) => `component:default/${name}`);
      const told = new Set<string>();
      const visible = refs.filter((ref) => !isHidden(ref));
      while (told.size < visible.length) {
        for (const { ref } of (await stream.next('change')).data.changes ?? []) told.add(ref);
      }
      expect([...told].sort()).toEqual(visible.sort());
      for (const ref of refs.filter(isHidden)) expect(stream.text()).not.toContain(`"${ref}"`);
    } finally {
      stream.close();
      await half.close();
    }
  });

  test('is looked at anew with each batch: when it changed, the reader must list again', async () => {
    let key = 'before';
    const policy: Policy = {
      decide: (_principal, permission) =>
        permission === 'catalog.entity.read'
          ? { result: 'condition', key, condition: { op: 'constant', value: key === 'before' } }
          : { result: 'allow' },
    };
    const changing = await startTestServer({ policy });
    const stream = await openSse(`${changing.url}/api/v1/events`);
    try {
      await stream.next('bookmark');
      await changing.put(component('seen'));
      expect((await stream.nextEntities()).told).toEqual(['put component:default/seen']);
      key = 'after';
      await changing.put(component('unseen'));
      expect((await stream.next('relist', 'change')).data.reason).toBe('permission');
      await changing.put(component('unseen-too'));
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(stream.text()).not.toContain('unseen');
    } finally {
      stream.close();
      await changing.close();
    }
  });
});

describe('a slow reader', () => {
  test('delays nobody, and is told to list again when too much waits for it', async () => {
    const many = Array.from({ length: 200 }, (_, at) => `slow-${at}-${'x'.repeat(40)}`);
    const deaf = await openDeaf();
    try {
      const quick = await openSse(url());
      await quick.next('bookmark');
      let told = 0;
      for (let round = 0; round < 15; round++) {
        await server.put(...many.map((name) => component(`${name}`, { round })));
        const { data } = await quick.next('change');
        told += data.changes?.length ?? 0;
      }
      expect(told).toBeGreaterThan(0);
      quick.close();
      expect((await server.get('/healthz')).status).toBe(200);
      const text = await deaf.readOn(
        () => /event: (relist|change)/.test(deaf.text()) && deaf.text().includes(`"revision":${server.graph.revision}`),
      );
      expect(text).toContain(`"revision":${server.graph.revision}`);
    } finally {
      deaf.socket.destroy();
    }
  });
});

/** A client that asks for the stream and then does not read until told. */
async function openDeaf(): Promise<{
  socket: Socket;
  text(): string;
  readOn(enough: () => boolean): Promise<string>;
}> {
  const socket = connect(server.address.port, '127.0.0.1');
  socket.write('GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
  let text = '';
  await new Promise<void>((resolve) =>
    socket.once('data', (data: Buffer) => {
      text += data.toString();
      resolve();
    }),
  );
  socket.pause();
  return {
    socket,
    text: () => text,
    async readOn(enough) {
      socket.on('data', (data: Buffer) => (text += data.toString()));
      socket.resume();
      for (let round = 0; round < 500 && !enough(); round++) await new Promise((resolve) => setTimeout(resolve, 10));
      return text;
    },
  };
}
