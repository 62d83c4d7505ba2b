import { once } from 'node:events';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { KeyPair } from '../../demo/fleet/certificates.ts';

/** Answers one request. */
export type Script = (request: Http2ServerRequest, response: Http2ServerResponse, url: URL) => void;

/** How a server of a test is opened. */
export interface ScriptServerOptions {
  readonly identity: KeyPair;
  /** Default: HTTP/2 and HTTP/1.1. */
  readonly protocols?: readonly ('h2' | 'http/1.1')[];
  readonly script: Script;
  readonly port?: number;
}

/** A server on loopback over TLS that answers what a test says. */
export class ScriptServer {
  readonly #server: Http2SecureServer;
  readonly sessions = new Set<ServerHttp2Session>();
  readonly sockets = new Set<Socket>();
  /** `<method> <path and query>` of every request. */
  readonly asked: string[] = [];
  /** Connections that were made. */
  connections = 0;
  script: Script;

  private constructor({ identity, protocols = ['h2', 'http/1.1'], script }: ScriptServerOptions) {
    this.script = script;
    this.#server = createSecureServer({
      cert: identity.certificate,
      key: identity.key,
      allowHTTP1: protocols.includes('http/1.1'),
      ALPNProtocols: [...protocols],
    });
    this.#server.on('session', (session) => {
      this.sessions.add(session);
      session.once('close', () => this.sessions.delete(session));
    });
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.#server.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) => {
      this.asked.push(`${request.method} ${request.url}`);
      response.on('error', () => response.destroy());
      this.script(request, response, new URL(request.url, this.url));
    });
  }

  static async open(options: ScriptServerOptions): Promise<ScriptServer> {
    const server = new ScriptServer(options);
    server.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Breaks all connections off. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }
}

/** Answers with JSON. */
export function sendJson(response: Http2ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
