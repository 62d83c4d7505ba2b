import { once } from 'node:events';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { KeyPair } from '../../demo/fleet/certificates.ts';

/** Where kubectl asks who it is. */
export const reviewPath = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

/** Everything by which an API server tells who asks. */
export interface Login {
  readonly authorization: string | undefined;
  /** Subject of the client certificate. */
  readonly certificate: string | undefined;
  /** What the client called the server in TLS. */
  readonly serverName: string | undefined;
  /** Headers of impersonation with all their values, sorted. */
  readonly impersonation: readonly (readonly [name: string, value: string])[];
}

/** A server that writes down who asks. */
export interface LoginServer {
  readonly url: string;
  /** Who asked so far. */
  readonly logins: Login[];
  /** Values of `authorization` that are answered with 401. */
  readonly refused: Set<string>;
  close(): Promise<void>;
}

/** Opens a server that answers reviews of oneself, over HTTP/2 or HTTP/1.1, on loopback. @param authority PEM of who signs clients */
export async function openLoginServer(identity: KeyPair, authority: string): Promise<LoginServer> {
  const logins: Login[] = [];
  const refused = new Set<string>();
  const server = createSecureServer(
    {
      allowHTTP1: true,
      cert: identity.certificate,
      key: identity.key,
      ca: authority,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      const login = loginOf(request);
      if (request.url.startsWith(reviewPath)) logins.push(login);
      answer(response, refused.has(login.authorization ?? ''));
    },
  );
  const sockets = new Set<TLSSocket>();
  server.on('secureConnection', (socket: TLSSocket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logins,
    refused,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function loginOf(request: Http2ServerRequest): Login {
  // Compatible requests of HTTP/1.1 have the socket itself, those of HTTP/2 a stand-in for it.
  const session = request.stream?.session;
  const socket = (session?.socket ?? request.socket) as TLSSocket;
  const subject = socket.getPeerX509Certificate()?.subject;
  const pairs: [string, string][] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = (request.rawHeaders[at] ?? '').toLowerCase();
    if (name.startsWith('impersonate-')) pairs.push([name, request.rawHeaders[at + 1] ?? '']);
  }
  const { servername } = socket as TLSSocket & { readonly servername?: string | false };
  return {
    authorization: request.headers.authorization,
    certificate: subject?.split('\n').sort().join(','),
    serverName: typeof servername === 'string' && servername !== '' ? servername : undefined,
    impersonation: pairs.sort(([left, one], [right, other]) => (`${left} ${one}` < `${right} ${other}` ? -1 : 1)),
  };
}

function answer(response: Http2ServerResponse, isRefused: boolean): void {
  const head = { 'content-type': 'application/json' };
  if (isRefused) {
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Unauthorized', code: 401 };
    response.writeHead(401, head).end(JSON.stringify(status));
    return;
  }
  const review = { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata: {} };
  response.writeHead(201, head).end(JSON.stringify({ ...review, status: { userInfo: { username: 'somebody' } } }));
}
