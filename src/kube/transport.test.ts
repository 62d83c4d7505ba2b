import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, afterEach, describe, expect, test } from 'vitest';
import { Authority, type KeyPair } from '../../demo/fleet/certificates.ts';
import {
  type Script,
  ScriptServer,
  type ScriptServerOptions,
  sendJson,
} from '../../test/support/kube-script-server.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { systemClock } from '../base/clock.ts';
import type { ClusterConnection } from './connection.ts';
import type { Credential, Proof } from './credential.ts';
import { type ClusterTransport, openTransport } from './transport.ts';
import { faultOf } from './transport-fault.ts';

let authority: Authority;
let identity: KeyPair;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  authority = await Authority.make('callboard test', new Date());
  identity = await authority.server(new Date());
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});
afterAll(() => expect(opened).toEqual([]));

const nobody: Credential = { proof: () => Promise.resolve({}), refuse: () => false };
const ok: Script = (_request, response) => sendJson(response, 200, { ok: true });

async function serve(script: Script, options: Partial<ScriptServerOptions> = {}): Promise<ScriptServer> {
  const server = await ScriptServer.open({ identity, script, ...options });
  opened.unshift(server);
  return server;
}

function reach(
  server: { readonly url: string },
  {
    credential = nobody,
    clock = systemClock,
    ...rest
  }: Partial<Omit<ClusterConnection, 'credential'>> & { credential?: Credential; clock?: typeof systemClock } = {},
): ClusterTransport {
  const connection: ClusterConnection = {
    name: 'prod-eu-1',
    server: server.url,
    authority: authority.certificate,
    isInsecure: false,
    disableCompression: false,
    credential: { type: 'none' },
    ...rest,
  };
  const transport = openTransport(connection, credential, { clock });
  opened.unshift(transport);
  return transport;
}

/** The fault that a promise ends with. */
async function faultIn(promise: Promise<unknown>): Promise<ReturnType<typeof faultOf>> {
  const thrown = await promise.then(
    () => expect.unreachable('it went well'),
    (error: unknown) => error,
  );
  expect(thrown).toMatchObject({ code: 'KUBE_UNREACHABLE', details: { cluster: 'prod-eu-1' } });
  return faultOf(thrown);
}

describe.each(['h2', 'http/1.1'] as const)('over %s', (protocol) => {
  const open = (script: Script): Promise<ScriptServer> => serve(script, { protocols: [protocol] });

  test('requests are asked and answered, many at a time', async () => {
    const server = await open((request, response, url) => {
      const { authorization, accept } = request.headers;
      sendJson(response, 200, { method: request.method, path: url.pathname, query: url.search, authorization, accept });
    });
    const transport = reach(server, {
      server: `${server.url}/prefix/`,
      credential: { ...nobody, proof: () => Promise.resolve({ authorization: 'Bearer abc' }) },
    });
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, at) => transport.request({ path: '/api', query: { at: String(at) } })),
    );
    expect(answers.map(({ body }) => JSON.parse(body.toString()))).toEqual(
      answers.map((_, at) => ({
        method: 'GET',
        path: '/prefix/api',
        query: `?at=${at}`,
        authorization: 'Bearer abc',
        accept: 'application/json',
      })),
    );
    expect(transport.traffic.requests).toBe(150);
    expect(transport.traffic.received).toBeGreaterThan(1_000);
    expect(transport.traffic.sent).toBeGreaterThan(500);
    expect(server.connections).toBeLessThanOrEqual(protocol === 'h2' ? 1 : 100);
  });

  test('bodies are sent', async () => {
    const server = await open((request, response) => {
      let text = '';
      request.on('data', (chunk) => (text += String(chunk)));
      request.on('end', () => sendJson(response, 201, { text, type: request.headers['content-type'] }));
    });
    const answer = await reach(server).request({ method: 'POST', path: '/x', body: '{"a":1}' });
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.body.toString())).toEqual({ text: '{"a":1}', type: 'application/json' });
  });

  test('gzip is read, and a bomb is not', async () => {
    const server = await open((_request, response, url) => {
      const size = Number(url.searchParams.get('size'));
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(size, 'x')));
    });
    const transport = reach(server);
    const { body } = await transport.request({ path: '/', query: { size: '500000' } });
    expect(body.equals(Buffer.alloc(500_000, 'x'))).toBe(true);
    const bomb = transport.request({ path: '/', query: { size: String(200 * 1024 * 1024) }, maxBytes: 1_000_000 });
    expect(await faultIn(bomb)).toMatchObject({ code: 'TooLarge' });
    expect((await transport.request({ path: '/', query: { size: '5' } })).body.toString()).toBe('xxxxx');
  });

  test('what says that it is gzip and is not is a fault', async () => {
    const server = await open((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end('not gzip at all');
    });
    expect(await faultIn(reach(server).request({ path: '/' }))).toMatchObject({ code: 'ProtocolError' });
  });

  test('a body that is cut off is a fault, not a short body', async () => {
    const server = await open((_request, response) => {
      response.writeHead(200, protocol === 'h2' ? {} : { 'content-length': 1_000 });
      response.write('the beginning');
      setTimeout(() => server.cut(), 50);
    });
    expect(await faultIn(reach(server).request({ path: '/' }))).toMatchObject({ code: 'ConnectionLost' });
  });

  test('an answer that does not come in time is a fault', async () => {
    const server = await open((_request, response, url) => {
      if (url.pathname === '/slow') {
        response.writeHead(200);
        response.write('{');
      }
      if (url.pathname === '/ok') sendJson(response, 200, {});
    });
    const transport = reach(server);
    expect(await faultIn(transport.request({ path: '/never', timeoutMs: 100 }))).toMatchObject({ code: 'Timeout' });
    expect(await faultIn(transport.request({ path: '/slow', timeoutMs: 100 }))).toMatchObject({ code: 'Timeout' });
    expect((await transport.request({ path: '/ok' })).status).toBe(200);
  });

  test('a request ends when its signal aborts, before and after it is answered', async () => {
    const server = await open((request, response) => {
      if (request.url === '/never') return;
      response.writeHead(200);
      response.write('x');
    });
    const transport = reach(server);
    const reason = new Error('not wanted any more');
    const before = new AbortController();
    const never = transport.request({ path: '/never', signal: before.signal });
    setTimeout(() => before.abort(reason), 50);
    await expect(never).rejects.toBe(reason);
    await expect(transport.request({ path: '/', signal: before.signal })).rejects.toBe(reason);
    const after = new AbortController();
    const stream = await transport.open({ path: '/', signal: after.signal });
    setTimeout(() => after.abort(reason), 50);
    const read = (async () => {
      for await (const chunk of stream.chunks) expect(chunk.toString()).toBe('x');
    })();
    await expect(read).rejects.toBe(reason);
  });

  test('a reader that is slow makes the server wait, and loses nothing', async () => {
    let sent = 0;
    const piece = Buffer.alloc(64 * 1024, 'x');
    const server = await open((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (sent < 400) {
          sent += 1;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const stream = await reach(server).open({ path: '/' });
    await systemClock.sleep(300);
    expect(sent).toBeLessThan(200);
    let bytes = 0;
    for await (const chunk of stream.chunks) bytes += chunk.length;
    expect(bytes).toBe(400 * piece.length);
  });

  test('a 401 is answered once by another credential', async () => {
    const server = await open((request, response) => {
      const isRight = request.headers.authorization === 'Bearer 2';
      sendJson(response, isRight ? 200 : 401, {});
    });
    let version = 1;
    const seen: Proof[] = [];
    const renewed: Credential = {
      proof: () => Promise.resolve({ authorization: `Bearer ${version}` }),
      refuse: (proof) => {
        seen.push(proof);
        version += 1;
        return true;
      },
    };
    expect((await reach(server, { credential: renewed }).request({ path: '/' })).status).toBe(200);
    expect(seen).toEqual([{ authorization: 'Bearer 1' }]);
    expect((await reach(server, { credential: nobody }).request({ path: '/' })).status).toBe(401);
    version = 5;
    expect((await reach(server, { credential: renewed }).request({ path: '/' })).status).toBe(401);
    expect(server.asked).toHaveLength(5);
  });

  test('who is to be acted as stands in the headers', async () => {
    const server = await open((request, response) => sendJson(response, 200, request.headers));
    const impersonation = {
      user: 'ada',
      uid: '7',
      groups: ['team-a', 'team-b'],
      extra: { 'example.dev/Scopes': ['read', 'write'], 'odd(key)': ['x'] },
    };
    const headers = JSON.parse(
      (await reach(server, { impersonation }).request({ path: '/' })).body.toString(),
    ) as object;
    expect(headers).toMatchObject({
      'impersonate-user': 'ada',
      'impersonate-uid': '7',
      'impersonate-group': 'team-a, team-b',
      'impersonate-extra-example.dev%2fscopes': 'read, write',
      'impersonate-extra-odd%28key%29': 'x',
    });
  });

  test('lost connections are made again', async () => {
    const server = await open(ok);
    const transport = reach(server);
    await transport.request({ path: '/' });
    server.cut();
    expect((await transport.request({ path: '/' })).status).toBe(200);
    expect(server.connections).toBe(2);
  });

  test('closing ends what is under way, and asks nothing more', async () => {
    const server = await open(() => undefined);
    const transport = reach(server);
    const asked = faultIn(transport.request({ path: '/' }));
    await expect.poll(() => server.asked.length).toBe(1);
    await transport.close();
    expect(await asked).toMatchObject({ code: 'ConnectionLost' });
    expect(await faultIn(transport.request({ path: '/' }))).toMatchObject({ code: 'ConnectionLost' });
  });
});

describe('a connection', () => {
  test('may be without TLS, as to a proxy of kubectl on this machine', async () => {
    const plain = createServer((request, response) => response.end(`${request.httpVersion} ${request.headers.host}`));
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    opened.push({ close: async () => void plain.close() });
    const { port } = plain.address() as AddressInfo;
    const transport = reach({ url: `http://127.0.0.1:${port}` });
    expect((await transport.request({ path: '/' })).body.toString()).toBe(`1.1 127.0.0.1:${port}`);
    await transport.close();
  });

  test('that was closed is not waited for', async () => {
    const transport = reach({ url: 'https://127.0.0.1:1' });
    await faultIn(transport.request({ path: '/' }));
    await transport.close();
    expect(await faultIn(transport.retry(new AbortController().signal))).toMatchObject({ code: 'ConnectionLost' });
  });

  test('that cannot be made is tried by one at a time, with back-off; others fail at once', async () => {
    const server = await serve(ok);
    const { port, url } = server;
    await server.close();
    opened.splice(opened.indexOf(server), 1);
    const clock = new ManualClock();
    const transport = reach({ url }, { clock });
    expect(await faultIn(transport.request({ path: '/' }))).toMatchObject({
      code: 'ConnectionRefused',
      message: expect.stringContaining(`127.0.0.1:${port}`) as string,
    });
    const { signal } = new AbortController();
    const waiting = Array.from({ length: 10 }, () => transport.retry(signal));
    expect(await faultIn(transport.request({ path: '/' }))).toMatchObject({ code: 'ConnectionRefused' });
    clock.advance(3_200);
    expect(await Promise.all(waiting)).toEqual(Array(10).fill(expect.objectContaining({ code: 'ConnectionRefused' })));
    const again = await serve(ok, { port });
    const last = [transport.retry(signal), transport.retry(signal)];
    clock.advance(60_000);
    expect(await Promise.all(last)).toEqual([undefined, undefined]);
    expect(again.connections).toBe(1);
    expect((await transport.request({ path: '/' })).status).toBe(200);
    expect(await transport.retry(signal)).toBeUndefined();
  });

  test('waiting for one ends with the signal', async () => {
    const transport = reach({ url: 'https://127.0.0.1:1' }, { clock: new ManualClock() });
    await faultIn(transport.request({ path: '/' }));
    const stop = new AbortController();
    const waiting = transport.retry(stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  test('is pinged when nothing comes, and given up when the pings are not answered', async () => {
    const server = await serve((_request, response) => response.writeHead(200).write('x'));
    const clock = new ManualClock();
    const transport = reach(server, { clock });
    const alive: number[] = [];
    transport.onAlive((at) => alive.push(at - 1_000_000));
    const stream = await transport.open({ path: '/' });
    const read = (async () => {
      for await (const _chunk of stream.chunks);
    })();
    expect(alive).toEqual([0]);
    clock.advance(30_000);
    await expect.poll(() => alive).toEqual([0, 30_000]);
    // What a firewall does that forgot the connection: the socket stays open, and nothing comes through.
    for (const socket of server.sockets) socket.pause();
    clock.advance(30_000);
    clock.advance(15_000);
    expect(await faultIn(read)).toMatchObject({ code: 'Timeout' });
    expect(alive).toEqual([0, 30_000]);
  });

  test('that the server leaves in good order carries what is under way to its end', async () => {
    let finish: (() => void) | undefined;
    const server = await serve((request, response) => {
      if (request.url !== '/watch') return sendJson(response, 200, {});
      response.writeHead(200).write('begin ');
      finish = () => response.end('end');
    });
    const transport = reach(server);
    const stream = await transport.open({ path: '/watch' });
    for (const session of server.sessions) session.goaway();
    await systemClock.sleep(50);
    expect((await transport.request({ path: '/other' })).status).toBe(200);
    expect(server.connections).toBe(2);
    finish?.();
    let text = '';
    for await (const chunk of stream.chunks) text += chunk.toString();
    expect(text).toBe('begin end');
  });

  test('is made anew when the client certificate is another one', async () => {
    const server = await serve((_request, response) => sendJson(response, 200, {}));
    const [one, two] = await Promise.all([
      authority.client('one', [], new Date()),
      authority.client('two', [], new Date()),
    ]);
    let certificate = one;
    const transport = reach(server, {
      credential: { proof: () => Promise.resolve({ certificate }), refuse: () => false },
    });
    await transport.request({ path: '/' });
    await transport.request({ path: '/' });
    expect(server.connections).toBe(1);
    certificate = two;
    await transport.request({ path: '/' });
    expect(server.connections).toBe(2);
  });
});
