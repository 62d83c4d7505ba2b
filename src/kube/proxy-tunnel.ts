import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { SocksClient } from 'socks';
import { errorMessage } from '../base/errors.ts';

/** How long a SOCKS proxy may take, ms; as long as a connection may. */
const SOCKS_MS = 10_000;

/** The answer of a proxy that will not connect us, without what it knows of us. */
export class ProxyRefusal extends Error {}

/**
 * Opens a tunnel through a proxy: `CONNECT` for http and https, SOCKS 5 for socks5 and socks5h.
 *
 * @throws ProxyRefusal with the proxy's host and what it said; never its user or password
 */
export async function openTunnel(proxyUrl: string, host: string, port: number, signal: AbortSignal): Promise<Duplex> {
  const proxy = new URL(proxyUrl);
  try {
    if (proxy.protocol === 'socks5:' || proxy.protocol === 'socks5h:') return await socks(proxy, host, port, signal);
    if (proxy.protocol === 'http:' || proxy.protocol === 'https:') return await connect(proxy, host, port, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    throw new ProxyRefusal(`The proxy ${proxy.host} does not lead to ${host}:${port}: ${errorMessage(thrown)}`);
  }
  throw new ProxyRefusal(`Proxies of the kind ${proxy.protocol} are not known; use http, https or socks5`);
}

async function socks(proxy: URL, host: string, port: number, signal: AbortSignal): Promise<Duplex> {
  const { socket } = await SocksClient.createConnection({
    command: 'connect',
    proxy: {
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: Number(proxy.port || 1080),
      type: 5,
      ...(proxy.username !== '' && {
        userId: decodeURIComponent(proxy.username),
        password: decodeURIComponent(proxy.password),
      }),
    },
    destination: { host, port },
    timeout: SOCKS_MS,
  });
  if (signal.aborted) socket.destroy();
  signal.throwIfAborted();
  return socket;
}

function connect(proxy: URL, host: string, port: number, signal: AbortSignal): Promise<Duplex> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const ask = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  const { username, password } = proxy;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return new Promise((resolve, reject) => {
    const request = ask({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      agent: false,
      signal,
      headers: { host: target, ...(username !== '' && { 'proxy-authorization': `Basic ${login}` }) },
    });
    request.once('error', reject);
    request.once('response', (answer) => {
      answer.resume();
      reject(new Error(`HTTP ${answer.statusCode}`));
    });
    request.once('connect', (answer, socket, head) => {
      if (answer.statusCode === 200 && head.length === 0) return resolve(socket);
      socket.destroy();
      reject(new Error(answer.statusCode === 200 ? 'it speaks before it is asked' : `HTTP ${answer.statusCode}`));
    });
    request.end();
  });
}
