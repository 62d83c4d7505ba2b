import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Type } from 'typebox';
import { afterEach, describe, expect, test } from 'vitest';
import { guestsMay } from '../../test/support/access.ts';
import { createOriginCheck } from '../access/request-origin.ts';
import type { RouteContract } from '../api/route.ts';
import { systemClock } from '../base/clock.ts';
import { CallboardError } from '../base/errors.ts';
import { joinJsonValues } from '../base/json-bytes.ts';
import type { DomainContext, Route, RouteRequest } from '../manifest/manifest.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { composeManifests, type ManifestOrigin } from './compose.ts';
import { chooseDialect, ownDialect, type ApiDialect } from './error-format.ts';
import { createHttpServer } from './http-server.ts';
import { defaultLimits } from './limits.ts';
import { registerRoutes } from './register-routes.ts';
import type { RunningScopes } from './request-scope.ts';
import { auditHook } from './request-audit.ts';
import { createSerializers } from './serializers.ts';
import { createValidators } from './validator.ts';

const shouting: ApiDialect = {
  prefix: '/api/shout',
  contentType: 'application/json',
  unknownQuery: 'ignore',
  format: (failure) => ({ SHOUT: failure.code }),
};

const access = guestsMay({
  authorize(_principal, permission) {
    if (permission === 'things.thing.forbid') throw new CallboardError('PERMISSION_DENIED', 403, 'no');
  },
  viewOf: () => ({ revision: 7 }) as RouteRequest['view'],
});

const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

interface Made {
  readonly app: FastifyInstance;
  readonly running: RunningScopes;
  readonly lines: () => string;
  readonly metrics: ReturnType<typeof createMetrics>;
}

function make(routes: readonly Route[], plugin?: string): Made {
  let lines = '';
  const log = pino({ level: 'error' }, { write: (line: string) => void (lines += line) });
  const limits = { ...defaultLimits, bodyBytes: 1000, handlerMs: 50 };
  const dialectOf = chooseDialect([shouting, ownDialect]);
  const validators = createValidators();
  const serializers = createSerializers();
  const metrics = createMetrics();
  const checkOrigin = createOriginCheck({ host: '127.0.0.1', baseUrl: 'http://localhost:7007' });
  const app = createHttpServer({
    serializers,
    access,
    checkOrigin,
    clearedCookie: 'callboard-session=; Max-Age=0',
    audit: auditHook({ record: () => Promise.resolve() }, systemClock),
    dialectOf,
    validators,
    limits,
    metrics,
    log,
    requestPrefix: 'r',
  });
  apps.push(app);
  const running: RunningScopes = new Set();
  const origin: ManifestOrigin = { manifest: { id: 'things', title: 'Things', routes }, plugin };
  registerRoutes(app, composeManifests([origin]).routes, {
    validators,
    serializers,
    dialectOf,
    answer: { access, clock: systemClock, running, intents: { begin: async () => 'key' }, handlerMs: limits.handlerMs },
    contextOf: () => ({ log }) as unknown as DomainContext,
  });
  return { app, running, lines: () => lines, metrics };
}

function route(handle: Route['handle'], parts: Partial<RouteContract> = {}): Route {
  const contract: RouteContract = {
    method: 'GET',
    path: '/api/v1/things',
    summary: 'Things',
    tag: 'Things',
    permission: 'things.thing.read',
    response: Type.Object({ name: Type.String() }),
    ...parts,
  };
  return { contract, handle };
}

const post = { method: 'POST', body: Type.Object({ a: Type.Optional(Type.Integer()) }) } as const;

describe('answers', () => {
  test('are filtered by the schema, returned at once or later', async () => {
    const { app } = make([
      route(() => ({ name: 'a', secret: 'hunter2' })),
      route(() => Promise.resolve({ name: 'b', secret: 'hunter2' }), { path: '/api/v1/later' }),
    ]);
    expect((await app.inject('/api/v1/things')).json()).toEqual({ name: 'a' });
    expect((await app.inject('/api/v1/later')).json()).toEqual({ name: 'b' });
  });

  test('of another status are filtered too', async () => {
    const { app } = make([
      route(({ reply }) => {
        void reply.status(503);
        return { name: 'a', secret: 'hunter2' };
      }),
    ]);
    const response = await app.inject('/api/v1/things');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({ name: 'a' });
  });

  test('as bytes go out as they are', async () => {
    const { app } = make([route(() => new TextEncoder().encode('{"name":"bytes"}'))]);
    const response = await app.inject('/api/v1/things');
    expect(response.body).toBe('{"name":"bytes"}');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('that use memory again keep their bytes until every reader has them', async () => {
    const items = (name: string): Buffer[] => Array.from({ length: 1500 }, () => Buffer.from(`"${name.repeat(400)}"`));
    const { app } = make([
      route(({ params }) => joinJsonValues('[', items((params as { name: string }).name), ']'), {
        path: '/api/v1/things/:name',
        params: Type.Object({ name: Type.String() }),
      }),
    ]);
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const read = async (name: string): Promise<boolean> => {
      const text = await (await fetch(`${url}/api/v1/things/${name}`)).text();
      return text === `[${items(name).join(',')}]`;
    };
    // Its reader takes nothing yet, so that most of the answer waits in this process.
    const waiting = await fetch(`${url}/api/v1/things/w`);
    for (let round = 0; round < 3; round += 1) {
      expect(await Promise.all(['a', 'b', 'c', 'd'].map(read))).toEqual([true, true, true, true]);
    }
    expect(await waiting.text()).toBe(`[${items('w').join(',')}]`);
  });

  test('without a schema are text, or a fault', async () => {
    const { app } = make([
      route(() => 'plain', { response: undefined, contentType: 'text/csv' }),
      route(() => ({ secret: 'hunter2' }), { path: '/api/v1/object', response: undefined }),
      route(() => undefined, { path: '/api/v1/nothing' }),
    ]);
    const text = await app.inject('/api/v1/things');
    expect([text.body, text.headers['content-type']]).toEqual(['plain', 'text/csv']);
    for (const url of ['/api/v1/object', '/api/v1/nothing']) {
      const response = await app.inject(url);
      expect(response.json()).toMatchObject({ status: 500, code: 'RESPONSE_UNDECLARED' });
      expect(response.body).not.toContain('hunter2');
    }
  });

  test('have the status of the contract, and the headers that keep browsers strict', async () => {
    const { app } = make([route(() => ({ name: 'a' }), { ...post, status: 201 })]);
    const response = await app.inject({ method: 'POST', url: '/api/v1/things', payload: {} });
    expect(response.statusCode).toBe(201);
    expect(response.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  test('with status 204 may be empty', async () => {
    const { app } = make([route(({ reply }) => void reply.status(204), { method: 'DELETE', response: undefined })]);
    expect((await app.inject({ method: 'DELETE', url: '/api/v1/things' })).statusCode).toBe(204);
  });

  test('are measured by route template', async () => {
    const { app, metrics } = make([route(() => ({ name: 'a' }), { path: '/api/v1/things/:id' })]);
    await app.inject('/api/v1/things/1');
    await app.inject('/api/v1/things/2');
    const text = await metrics.registry.metrics();
    expect(text).toContain(
      'callboard_http_request_duration_seconds_count{method="GET",route="/api/v1/things/:id",status="200"} 2',
    );
  });
});

describe('refusals', () => {
  test('come before the body is looked at when the permission is missing', async () => {
    let called = false;
    const handle = (): unknown => {
      called = true;
      return { name: 'a' };
    };
    const { app } = make([route(handle, { ...post, permission: 'things.thing.forbid' })]);
    const response = await app.inject({
      method: 'POST',
      url: '/api/v1/things',
      headers: { 'content-type': 'application/json' },
      payload: '{broken',
    });
    expect(response.json()).toMatchObject({ status: 403, code: 'PERMISSION_DENIED' });
    expect(called).toBe(false);
  });

  test.each([
    ['{"a":', 400, 'BODY_MALFORMED'],
    ['', 400, 'REQUEST_INVALID'],
    [' ', 400, 'BODY_MALFORMED'],
    ['{"__proto__":{"a":1}}', 400, 'BODY_MALFORMED'],
    [`{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 400, 'BODY_TOO_DEEP'],
    [JSON.stringify({ b: 'x'.repeat(2000) }), 413, 'BODY_TOO_LARGE'],
    ['{"a":"1"}', 400, 'REQUEST_INVALID'],
  ])('a body %.20s is answered with %i %s', async (payload, status, code) => {
    const { app } = make([route(() => ({ name: 'a' }), post)]);
    const headers = { 'content-type': 'application/json' };
    const response = await app.inject({ method: 'POST', url: '/api/v1/things', headers, payload });
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(response.json()).toMatchObject({ status, code });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'a body of type %s is not taken: pages of other sites may send it unasked',
    async (type) => {
      const { app } = make([route(() => ({ name: 'a' }), post)]);
      const headers = { 'content-type': type };
      const response = await app.inject({ method: 'POST', url: '/api/v1/things', headers, payload: '{}' });
      expect(response.json()).toMatchObject({ status: 415, code: 'MEDIA_TYPE_UNSUPPORTED' });
    },
  );

  test('a form is taken where the contract says so, each field once', async () => {
    const body = Type.Object({ name: Type.String() });
    const { app } = make([route((request) => request.body, { method: 'POST', body, form: true })]);
    const send = async (payload: string): Promise<{ json(): unknown }> =>
      app.inject({
        method: 'POST',
        url: '/api/v1/things',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload,
      });
    expect((await send('name=a%20b&more=c')).json()).toEqual({ name: 'a b' });
    expect((await send('')).json()).toMatchObject({ code: 'REQUEST_INVALID' });
    expect((await send('name=a&name=b')).json()).toMatchObject({ code: 'BODY_MALFORMED' });
  });

  test('an unknown query parameter is named, unless the dialect passes over it', async () => {
    const { app } = make([
      route(() => ({ name: 'a' })),
      route(() => ({ name: 'a' }), {
        path: '/api/shout/things',
        query: Type.Object({ n: Type.Optional(Type.Integer()) }),
      }),
    ]);
    expect((await app.inject('/api/v1/things?a=1')).json()).toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [{ path: 'query.a' }],
    });
    expect((await app.inject('/api/shout/things?a=1')).statusCode).toBe(200);
    expect((await app.inject('/api/shout/things?n=x')).json()).toEqual({ SHOUT: 'REQUEST_INVALID' });
  });

  test('a foreign host and a foreign page are refused', async () => {
    const { app } = make([route(() => ({ name: 'a' }), post)]);
    const foreignHost = await app.inject({ url: '/api/v1/things', headers: { host: 'attacker.example' } });
    expect(foreignHost.json()).toMatchObject({ status: 421, code: 'HOST_REFUSED' });
    const headers = { origin: 'https://attacker.example', 'sec-fetch-site': 'cross-site' };
    const foreignPage = await app.inject({ method: 'POST', url: '/api/v1/things', headers, payload: {} });
    expect(foreignPage.json()).toMatchObject({ status: 403, code: 'CROSS_SITE_REFUSED' });
  });

  test('an unreadable URL is answered in problem+json', async () => {
    const { app } = make([route(() => ({ name: 'a' }), { path: '/api/v1/things/:id' })]);
    const response = await app.inject('/api/v1/things/%zz');
    expect(response.json()).toMatchObject({ status: 400, code: 'REQUEST_REFUSED' });
  });
});

describe('faults', () => {
  test.each<readonly [string, Route['handle']]>([
    [
      'thrown at once',
      () => {
        throw new Error('hunter2');
      },
    ],
    ['rejected later', () => Promise.reject(new Error('hunter2'))],
    ['that are no errors', () => Promise.reject('hunter2')],
  ])('%s are logged and told without their words', async (_what, handle) => {
    const { app, lines } = make([route(handle)]);
    const response = await app.inject('/api/v1/things');
    expect(response.json()).toMatchObject({ status: 500, code: 'INTERNAL', detail: expect.stringContaining('r-1') });
    expect(response.body).not.toContain('hunter2');
    expect(JSON.parse(lines())).toMatchObject({ msg: 'request failed', request: 'r-1', route: '/api/v1/things' });
  });

  test('a handler that does not answer is given up, its signal ends, and others are not delayed', async () => {
    let reason: unknown;
    const { app, running } = make([
      route(({ signal }) => {
        signal.addEventListener('abort', () => (reason = signal.reason));
        return new Promise(() => undefined);
      }),
      route(() => ({ name: 'quick' }), { path: '/api/v1/quick' }),
    ]);
    const slow = app.inject('/api/v1/things');
    expect((await app.inject('/api/v1/quick')).statusCode).toBe(200);
    expect((await slow).json()).toMatchObject({ status: 504, code: 'HANDLER_TIMEOUT' });
    expect(reason).toMatchObject({ code: 'HANDLER_TIMEOUT' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(running.size).toBe(0);
  });

  test('a handler that fails after it was given up disturbs nobody', async () => {
    const { app } = make([
      route(async () => {
        await new Promise((resolve) => setTimeout(resolve, 80));
        throw new Error('too late');
      }),
    ]);
    expect((await app.inject('/api/v1/things')).statusCode).toBe(504);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await app.inject('/api/v1/things')).statusCode).toBe(504);
  });
});

describe('what does not start', () => {
  test('a route added past the composition without a permission', () => {
    const { app } = make([]);
    expect(() => app.get('/opened', () => 'open')).toThrow(
      expect.objectContaining({ code: 'ROUTE_WITHOUT_PERMISSION' }),
    );
  });

  test('a plugin whose answer cannot be described', () => {
    const broken = route(() => ({}), { path: '/api/plugins/things/x', response: { $ref: '#/nowhere' } as never });
    expect(() => make([broken], '/p/plugin.mjs')).toThrow(expect.objectContaining({ code: 'ROUTE_SCHEMA_INVALID' }));
  });

  test('a plugin whose schema cannot be compiled', () => {
    const broken = route(() => ({}), {
      path: '/api/plugins/things/x',
      query: { type: 'object', propertys: {} } as never,
    });
    expect(() => make([broken], '/p/plugin.mjs')).toThrow(
      expect.objectContaining({
        code: 'ROUTE_SCHEMA_INVALID',
        message: expect.stringContaining('/api/plugins/things/x'),
      }),
    );
  });
});
