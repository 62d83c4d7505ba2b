import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import { ClientError, createClient, type ClientEvent } from './client.ts';
import type { RenderedEntity } from './model/entity.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return `http://127.0.0.1:${address.port}`;
}

function json(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type });
  response.end(JSON.stringify(body));
}

async function failure(call: Promise<unknown>): Promise<ClientError> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof ClientError)) throw new Error(`expected a ClientError, got ${String(error)}`);
  return error;
}

describe('a call', () => {
  test('fills the path, repeats lists, leaves out what is undefined, and sends the token', async () => {
    const seen: (string | undefined)[] = [];
    const baseUrl = await serve((request, response) => {
      seen.push(`${request.method} ${request.url}`, request.headers.authorization);
      json(response, 200, { revision: 3 });
    });
    const client = createClient({ baseUrl: `${baseUrl}/`, token: 'secret' });
    const params = { kind: 'component', namespace: 'default', name: 'a/b' };
    await client.call('GET /api/v1/entities/:kind/:namespace/:name/relations', {
      params,
      query: { type: ['ownedBy', 'partOf'], limit: 0, cursor: undefined },
    });
    expect(seen).toEqual([
      'GET /api/v1/entities/component/default/a%2Fb/relations?type=ownedBy&type=partOf&limit=0',
      'Bearer secret',
    ]);
  });

  test('sends a body as JSON and answers what the server says', async () => {
    const baseUrl = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => json(response, 200, { got: JSON.parse(body), type: request.headers['content-type'] }));
    });
    const answer = await createClient({ baseUrl }).call('POST /api/v1/query', { body: { where: 'true' } });
    expect(answer).toEqual({ got: { where: 'true' }, type: 'application/json' });
  });

  test('answers the empty text where the server sends no content', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(204);
      response.end();
    });
    const ended = createClient({ baseUrl }).call('DELETE /api/v1/account/sessions/:id', { params: { id: 'a' } });
    expect(await ended).toBe('');
  });

  test('is typed from the contracts', () => {
    const client = createClient({ baseUrl: '' });
    const list = (): unknown => client.call('GET /api/v1/entities');
    expectTypeOf(list).toBeFunction();
    expectTypeOf<Awaited<ReturnType<typeof client.call<'GET /api/v1/entities'>>>['items']>().toEqualTypeOf<
      RenderedEntity[]
    >();
    // @ts-expect-error the path's parameters are required
    expectTypeOf(() => client.call('GET /api/v1/entities/:kind/:namespace/:name')).toBeFunction();
    // @ts-expect-error no such query parameter
    expectTypeOf(() => client.call('GET /api/v1/entities', { query: { nonsense: 1 } })).toBeFunction();
  });

  test('throws the problem that the server tells', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'No entity x',
      code: 'ENTITY_NOT_FOUND',
      instance: '/',
    };
    const baseUrl = await serve((_, response) => json(response, 404, problem, 'application/problem+json'));
    const error = await failure(createClient({ baseUrl }).call('GET /api/v1/sources'));
    expect(error).toMatchObject({ code: 'ENTITY_NOT_FOUND', status: 404, message: 'No entity x', problem });
  });

  test('throws by status where the answer is no problem, and says when none came', async () => {
    const html = await serve((_, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>proxy</h1>'),
    );
    expect(await failure(createClient({ baseUrl: html }).call('GET /api/v1/ui'))).toMatchObject({
      code: 'ANSWER_UNREADABLE',
      status: 502,
      problem: undefined,
    });
    const torn = await serve((_, response) => json(response, 200, undefined));
    expect(await failure(createClient({ baseUrl: torn }).call('GET /api/v1/ui'))).toMatchObject({
      code: 'ANSWER_UNREADABLE',
    });
    const gone = await failure(createClient({ baseUrl: 'http://127.0.0.1:9' }).call('GET /api/v1/ui'));
    expect(gone).toMatchObject({ code: 'NO_ANSWER', status: 0 });
  });

  test('gives up with the signal', async () => {
    const baseUrl = await serve(() => undefined);
    const controller = new AbortController();
    const call = createClient({ baseUrl }).call('GET /api/v1/ui', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });
});

describe('the event stream', () => {
  const change = (revision: number): string =>
    `id: ${revision}\nevent: change\ndata: ${JSON.stringify({ revision, changes: [], sources: false })}\n\n`;

  async function take(events: AsyncGenerator<ClientEvent>, count: number): Promise<ClientEvent[]> {
    const taken: ClientEvent[] = [];
    for await (const event of events) {
      taken.push(event);
      if (taken.length === count) break;
    }
    return taken;
  }

  test('resumes after a lost connection from the last id it heard', async () => {
    const asked: (string | undefined)[] = [];
    const baseUrl = await serve((request, response) => {
      asked.push(request.url, request.headers['last-event-id']?.toString());
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (asked.length === 2) response.end(`${change(5)}${change(6)}`);
      else response.write(change(7));
    });
    const controller = new AbortController();
    const events = createClient({ baseUrl }).events({ where: 'true', after: 4, signal: controller.signal, retryMs: 1 });
    const types = (await take(events, 6)).map((event) => ('data' in event ? event.data.revision : event.type));
    expect(types).toEqual(['open', 5, 6, 'lost', 'open', 7]);
    expect(asked).toEqual(['/api/v1/events?where=true&after=4', undefined, '/api/v1/events?where=true', '6']);
    controller.abort();
  });

  test('counts silence as a lost connection', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
    });
    const controller = new AbortController();
    const events = createClient({ baseUrl }).events({ signal: controller.signal, retryMs: 1, silenceMs: 1_000 });
    expect((await take(events, 3)).map((event) => event.type)).toEqual(['open', 'lost', 'open']);
    controller.abort();
  });

  test('tries again while the server is away, and throws when it refuses the question', async () => {
    const answers = [503, 400];
    const baseUrl = await serve((_, response) => {
      const status = answers.shift() ?? 500;
      json(response, status, { code: `S${status}`, detail: 'no' }, 'application/problem+json');
    });
    const events = createClient({ baseUrl }).events({ signal: new AbortController().signal, retryMs: 1 });
    expect((await events.next()).value).toMatchObject({ type: 'lost', error: { code: 'S503' } });
    await expect(events.next()).rejects.toMatchObject({ code: 'S400', status: 400 });
  });

  test('throws when the server tells that the sign-in ended, and does not come back', async () => {
    let asked = 0;
    const baseUrl = await serve((_, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('id: 7\nevent: ended\ndata: {"revision":7,"reason":"signed-out"}\n\n');
    });
    const signal = new AbortController().signal;
    const stream = createClient({ baseUrl }).events({ signal, retryMs: 10 });
    expect((await stream.next()).value).toEqual({ type: 'open' });
    expect(await failure(stream.next())).toMatchObject({ code: 'SIGNED_OUT', status: 401 });
    expect(asked).toBe(1);
  });

  test('ends without an error when the signal aborts', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(change(1));
    });
    const controller = new AbortController();
    const events = createClient({ baseUrl }).events({ signal: controller.signal });
    expect((await events.next()).value).toEqual({ type: 'open' });
    expect((await events.next()).value).toMatchObject({ type: 'change' });
    const waiting = events.next();
    controller.abort();
    expect((await waiting).done).toBe(true);
  });
});
