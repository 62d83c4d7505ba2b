import { X509Certificate } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { User } from './access.ts';
import { readBody, send, sendDiscovery, sendFound, sendJson } from './answers.ts';
import { ApiStatusError } from './api-status.ts';
import type { KeyPair } from './certificates.ts';
import type { Cluster } from './cluster.ts';
import { choiceOf, listPage, pageTexts, startWatch } from './list-watch.ts';
import { sendLog } from './logs.ts';
import { openApiDocument, openApiIndex } from './openapi.ts';
import { objectText, representationOf } from './representation.ts';
import { apiVersionOf } from './resources.ts';
import { targetOf, verbOf, type Target } from './requests.ts';
import { answerReview } from './review-answers.ts';
import type { StoredObject } from './stored-object.ts';
import {
  createObject,
  deleteObject,
  nameSuffix,
  patchObject,
  replaceObject,
  scaleOf,
  type WriteRequest,
  writeScale,
} from './writes.ts';

const BOOKMARK_MS = 60_000;
const USUAL_WATCH_S = 1_800;

type ResourceTarget = Extract<Target, { kind: 'resource' }>;

/** One request while it is answered. */
interface Exchange {
  readonly request: Http2ServerRequest;
  readonly response: Http2ServerResponse;
  readonly url: URL;
  readonly user: User;
}

/** How a server is opened. */
export interface ServerOptions {
  readonly identity: KeyPair;
  /** PEM of the authority whose client certificates are believed. */
  readonly authority: string;
  /** Absent or 0: any free one. */
  readonly port?: number;
}

/** The API server of one cluster, on loopback, over TLS, HTTP/2 or HTTP/1.1 as the client has it. */
export class ApiServer {
  readonly cluster: Cluster;
  readonly #server: Http2SecureServer;
  readonly #watches = new Set<() => void>();
  readonly #sessions = new Set<{ destroy(): void }>();

  private constructor(cluster: Cluster, { identity, authority }: ServerOptions) {
    this.cluster = cluster;
    this.#server = createSecureServer({
      cert: identity.certificate,
      key: identity.key,
      ca: authority,
      requestCert: true,
      rejectUnauthorized: false,
      allowHTTP1: true,
      settings: { maxConcurrentStreams: 100 },
    });
    this.#server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
    });
    this.#server.on('secureConnection', (socket: TLSSocket) => {
      if (socket.alpnProtocol === 'h2') return;
      this.#sessions.add(socket);
      socket.once('close', () => this.#sessions.delete(socket));
    });
    this.#server.on(
      'request',
      (request: Http2ServerRequest, response: Http2ServerResponse) => void this.#answer(request, response),
    );
  }

  /** Opens the server of a cluster. */
  static async open(cluster: Cluster, options: ServerOptions): Promise<ApiServer> {
    const server = new ApiServer(cluster, options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return server;
  }

  /** Where it is, `https://127.0.0.1:<port>`. */
  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends all watches and connections, and the server. */
  async close(): Promise<void> {
    for (const stop of this.#watches) stop();
    for (const session of this.#sessions) session.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    try {
      const url = new URL(request.url, 'https://127.0.0.1');
      const user = this.cluster.access.user(request.headers, clientCertificate(request), this.cluster.now().getTime());
      await this.#route({ request, response, url, user });
    } catch (error) {
      const known = error instanceof ApiStatusError ? error : new ApiStatusError('InternalError', String(error));
      if (response.headersSent) response.end();
      else sendJson(request, response, known.code, known.body, known);
    }
  }

  async #route(exchange: Exchange): Promise<void> {
    const { request, response, url, user } = exchange;
    const target = targetOf(url.pathname, this.cluster.known);
    if (!target) throw new ApiStatusError('NotFound', 'the server could not find the requested resource');
    switch (target.kind) {
      case 'plain':
        return this.#plain(exchange, target.path);
      case 'group':
        return sendFound(request, response, this.cluster.discovery.group(target.group));
      case 'version':
        return sendFound(request, response, this.cluster.discovery.resources(target.group, target.version));
      case 'review': {
        const answer = answerReview(this.cluster.access, target.review, user, await readBody(request));
        return sendJson(request, response, 201, answer);
      }
      case 'resource':
        return this.#resource(exchange, target);
    }
  }

  #plain({ request, response }: Exchange, path: string): void {
    const { discovery, version } = this.cluster;
    const isAggregated = (request.headers.accept ?? '').includes('as=APIGroupDiscoveryList');
    const [major = '1', minor = '34'] = version.split('.');
    switch (path) {
      case '/api':
        return sendDiscovery(
          request,
          response,
          isAggregated ? discovery.aggregated(true) : discovery.core,
          isAggregated,
        );
      case '/apis':
        return sendDiscovery(
          request,
          response,
          isAggregated ? discovery.aggregated(false) : discovery.groups,
          isAggregated,
        );
      case '/version':
        return sendJson(request, response, 200, {
          major,
          minor,
          gitVersion: `v${version}`,
          gitCommit: '',
          gitTreeState: 'clean',
          buildDate: '2026-01-01T00:00:00Z',
          goVersion: 'go1.26',
          compiler: 'gc',
          platform: 'linux/amd64',
        });
      case '/healthz':
      case '/livez':
      case '/readyz':
        response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
        response.end('ok');
        return;
      case '/openapi/v3':
        return sendJson(request, response, 200, openApiIndex(this.cluster.known.resources));
      default:
        return sendFound(request, response, openApiDocument(path, this.cluster.known.resources));
    }
  }

  async #resource(exchange: Exchange, target: ResourceTarget): Promise<void> {
    const { request, url, user } = exchange;
    const { resource, namespace, name, subresource } = target;
    const isWatch = target.isWatchPath || ['1', 'true'].includes(url.searchParams.get('watch') ?? '');
    const verb = verbOf(request.method, name !== undefined, isWatch);
    this.cluster.access.demand(user, {
      verb,
      group: resource.group,
      resource: resource.plural,
      subresource,
      namespace: namespace ?? (resource.kind === 'Namespace' ? (name ?? '') : ''),
      name: name ?? '',
    });
    if (verb === 'watch') return this.#watch(exchange, target);
    if (verb === 'list') return this.#list(exchange, target);
    if (verb === 'get') return this.#get(exchange, target);
    return this.#write(exchange, target, verb);
  }

  #list({ request, response, url }: Exchange, { resource, namespace, name }: ResourceTarget): void {
    const { store, now } = this.cluster;
    const how = representationOf(request.headers.accept, url.searchParams.get('includeObject'));
    const choice = choiceOf(resource, namespace, url.searchParams, name);
    const page = listPage(store.collection(resource), choice, url.searchParams, store.resourceVersion);
    send(request, response, 200, [...pageTexts(page, resource, how, now())].join(''));
  }

  async #get(exchange: Exchange, target: ResourceTarget): Promise<void> {
    const { request, response, url } = exchange;
    const { resource, namespace, name = '', subresource } = target;
    const stored = this.cluster.store.get(resource, namespace, name);
    if (subresource === 'log') return sendLog(this.cluster, stored.object, url.searchParams, response);
    if (subresource === 'scale') return sendJson(request, response, 200, scaleOf(stored));
    this.#sendObject(exchange, target, stored, 200);
  }

  #sendObject(
    { request, response, url }: Exchange,
    { resource }: ResourceTarget,
    stored: StoredObject,
    code: number,
  ): void {
    const how = representationOf(request.headers.accept, url.searchParams.get('includeObject'));
    send(request, response, code, `${objectText(stored, resource, how, this.cluster.now())}\n`);
  }

  async #write(exchange: Exchange, target: ResourceTarget, verb: string): Promise<void> {
    const { request, response, url } = exchange;
    const { resource, namespace, name = '', subresource } = target;
    const write: WriteRequest = {
      store: this.cluster.store,
      resource,
      namespace,
      name,
      subresource,
      query: url.searchParams,
      contentType: (request.headers['content-type'] ?? 'application/json').split(';')[0] ?? '',
      body: await readBody(request),
      now: this.cluster.now(),
      random: () => nameSuffix(Math.random),
    };
    if (verb === 'create' && resource.isNamespaced)
      this.cluster.store.get(this.cluster.resource('', 'namespaces'), undefined, namespace ?? '');
    if (subresource === 'scale') {
      return sendJson(request, response, 200, scaleOf(writeScale(write)));
    }
    switch (verb) {
      case 'create':
        return this.#sendObject(exchange, target, createObject(write), 201);
      case 'update':
        return this.#sendObject(exchange, target, replaceObject(write), 200);
      case 'patch': {
        const { stored, isNew } = patchObject(write);
        return this.#sendObject(exchange, target, stored, isNew ? 201 : 200);
      }
      case 'delete':
        return this.#sendDeleted(exchange, target, deleteObject(write));
      case 'deletecollection':
        return this.#deleteAll(exchange, target, write);
      default:
        throw new ApiStatusError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
    }
  }

  /** What is gone at once is told as done; what lingers is shown as it is. */
  #sendDeleted(exchange: Exchange, target: ResourceTarget, stored: StoredObject): void {
    const { resource } = target;
    const { name, uid, deletionTimestamp } = stored.object.metadata;
    if (deletionTimestamp !== undefined) return this.#sendObject(exchange, target, stored, 200);
    const details = { name, group: resource.group, kind: resource.plural, uid };
    sendJson(exchange.request, exchange.response, 200, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details,
    });
  }

  #deleteAll({ request, response, url }: Exchange, { resource, namespace }: ResourceTarget, write: WriteRequest): void {
    const { store } = this.cluster;
    const choice = choiceOf(resource, namespace, url.searchParams);
    const { items } = listPage(store.collection(resource), choice, new URLSearchParams(), store.resourceVersion);
    for (const { object } of items) {
      deleteObject({ ...write, namespace: object.metadata.namespace, name: object.metadata.name });
    }
    sendJson(request, response, 200, {
      kind: `${resource.kind}List`,
      apiVersion: apiVersionOf(resource),
      metadata: { resourceVersion: String(store.resourceVersion) },
      items: items.map(({ object }) => object),
    });
  }

  #watch({ request, response, url }: Exchange, { resource, namespace, name }: ResourceTarget): void {
    const { store, now, hasWatchList } = this.cluster;
    const query = url.searchParams;
    const how = representationOf(request.headers.accept, query.get('includeObject'));
    const choice = choiceOf(resource, namespace, query, name);
    // Headers go out with the first line: what is refused is refused with a code of its own.
    let isOpen = false;
    const write = (line: string): void => {
      if (!isOpen) response.writeHead(200, { 'content-type': 'application/json' });
      isOpen = true;
      if (!response.destroyed) response.write(line);
    };
    let watch: ReturnType<typeof startWatch>;
    try {
      watch = startWatch({
        collection: store.collection(resource),
        choice,
        query,
        how,
        hasWatchList,
        resourceVersion: () => store.resourceVersion,
        time: now,
        write,
      });
    } catch (error) {
      if (!(error instanceof ApiStatusError) || error.reason !== 'Expired') throw error;
      // An old resourceVersion is told within the stream.
      write(`${JSON.stringify({ type: 'ERROR', object: error.body })}\n`);
      response.end();
      return;
    }
    if (!isOpen) {
      response.writeHead(200, { 'content-type': 'application/json' });
      // Over HTTP/1.1 they wait for a body otherwise.
      if ('flushHeaders' in response) (response as unknown as ServerResponse).flushHeaders();
      isOpen = true;
    }
    const seconds = Number(query.get('timeoutSeconds') ?? USUAL_WATCH_S) || USUAL_WATCH_S;
    const bookmarks = setInterval(watch.bookmark, BOOKMARK_MS);
    const end = setTimeout(() => {
      watch.bookmark();
      stop();
      response.end();
    }, seconds * 1000);
    const stop = (): void => {
      watch.stop();
      clearInterval(bookmarks);
      clearTimeout(end);
      this.#watches.delete(stop);
    };
    this.#watches.add(stop);
    response.once('close', stop);
  }
}

function clientCertificate(request: Http2ServerRequest): X509Certificate | undefined {
  const socket = request.socket as TLSSocket;
  if (!socket.authorized) return undefined;
  const { raw } = socket.getPeerCertificate();
  return raw === undefined ? undefined : new X509Certificate(raw);
}
