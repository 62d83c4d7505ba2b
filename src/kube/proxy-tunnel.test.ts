import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Authority } from '../../demo/fleet/certificates.ts';
import { ScriptServer, sendJson } from '../../test/support/kube-script-server.ts';
import { systemClock } from '../base/clock.ts';
import { faultOf, type TransportFault } from './transport-fault.ts';
import { openTransport } from './transport.ts';

let authority: Authority;
let server: ScriptServer;
const closing: (() => void)[] = [];

beforeAll(async () => {
  authority = await Authority.make('the cluster', new Date());
  const identity = await authority.server(new Date());
  server = await ScriptServer.open({ identity, script: (_request, response) => sendJson(response, 200, {}) });
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(() => server.close());

async function ask(proxyUrl: string): Promise<number | TransportFault> {
  const connection = {
    name: 'prod-eu-1',
    server: server.url,
    authority: authority.certificate,
    isInsecure: false,
    proxyUrl,
    disableCompression: false,
    credential: { type: 'none' },
  } as const;
  const nobody = { proof: () => Promise.resolve({}), refuse: () => false };
  const transport = openTransport(connection, nobody, { clock: systemClock });
  try {
    return (await transport.request({ path: '/' })).status;
  } catch (thrown) {
    const fault = faultOf(thrown);
    if (fault === undefined) throw thrown;
    return fault;
  } finally {
    await transport.close();
  }
}

async function listen(proxy: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  closing.push(() => proxy.close());
  return (proxy.address() as AddressInfo).port;
}

function join(left: Socket, right: Socket): void {
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.pipe(to);
  }
}

/** A proxy that takes CONNECT, from `user:pass word` alone. */
function httpProxy(asked: string[]): Promise<number> {
  const proxy = createServer();
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(request.url ?? '');
    const login = Buffer.from('user:pass word').toString('base64');
    if (request.headers['proxy-authorization'] !== `Basic ${login}`) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host = '', port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      join(socket, onward);
    });
  });
  return listen(proxy);
}

/** A SOCKS 5 proxy without passwords, for IPv4 addresses. */
function socksProxy(asked: string[]): Promise<number> {
  return listen(
    createTcpServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', (ask: Buffer) => {
          const host = [...ask.subarray(4, 8)].join('.');
          const port = ask.readUInt16BE(8);
          asked.push(`${host}:${port}`);
          const onward = connect(port, host, () => {
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            join(socket, onward);
          });
        });
      });
    }),
  );
}

describe('a cluster behind a proxy', () => {
  test('is reached by CONNECT, with the login that the URL has', async () => {
    const asked: string[] = [];
    const port = await httpProxy(asked);
    expect(await ask(`http://user:pass%20word@127.0.0.1:${port}`)).toBe(200);
    expect(asked).toEqual([`127.0.0.1:${server.port}`]);
  });

  test('is reached by SOCKS 5', async () => {
    const asked: string[] = [];
    expect(await ask(`socks5://127.0.0.1:${await socksProxy(asked)}`)).toBe(200);
    expect(asked).toEqual([`127.0.0.1:${server.port}`]);
  });

  test('is not reached where the proxy refuses, and no password is told', async () => {
    const port = await httpProxy([]);
    const told = await ask(`http://user:hunter2@127.0.0.1:${port}`);
    expect(told).toMatchObject({ code: 'ProxyFailed', message: expect.stringContaining('HTTP 407') as string });
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });

  test('is not reached where no proxy is, or what is no proxy', async () => {
    for (const url of ['http://127.0.0.1:1', 'socks5://127.0.0.1:1', 'ftp://127.0.0.1']) {
      expect(await ask(url), url).toMatchObject({ code: 'ProxyFailed' });
    }
    const noise = await listen(createTcpServer((socket) => socket.on('error', () => undefined).end('what?\r\n')));
    expect(await ask(`http://127.0.0.1:${noise}`)).toMatchObject({ code: 'ProxyFailed' });
    expect(await ask(`socks5://127.0.0.1:${noise}`)).toMatchObject({ code: 'ProxyFailed' });
  });
});
