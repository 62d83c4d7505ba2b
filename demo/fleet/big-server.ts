import type { ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ApiStatusError } from './api-status.ts';
import type { BigCluster } from './big-cluster.ts';
import { BigObject } from './big-object.ts';
import { Filled, fillSome } from './big-template.ts';
import type { KeyPair } from './certificates.ts';
import { choiceOf, type ListAnswer, listPage, pageBytes, startWatch } from './list-watch.ts';
import {
  eventBytes,
  mediaType,
  objectBytes,
  otherBytes,
  refusalOf,
  type Representation,
  representationOf,
} from './representation.ts';
import { type Target, targetOf, verbOf } from './requests.ts';
import { apiVersionOf, type Resource } from './resources.ts';

/** What a server does to who asks. `down`: refuses connections; `hang`: takes them and says nothing; `up`: answers. */
export type BigFault = 'up' | 'down' | 'hang';

/** What was asked of a server. */
export interface BigTraffic {
  lists: number;
  watches: number;
  gets: number;
  /** Bytes of bodies as sent, compressed or not. */
  sent: number;
}

const BOOKMARK_MS = 60_000;
const USUAL_WATCH_S = 1_800;
/** As the API server: smaller answers are not compressed, bytes. */
const GZIP_FROM = 128 * 1024;
/** A watch whose reader is so far behind is ended, bytes. */
const LONGEST_QUEUE = 64 * 2 ** 20;

type ResourceTarget = Extract<Target, { kind: 'resource' }>;

interface Exchange {
  readonly request: Http2ServerRequest;
  readonly response: Http2ServerResponse;
  readonly url: URL;
}

/** The API server of one cluster of the big fleet: reads only, over HTTP/2 and TLS, for who shows its token. */
export class BigServer {
  readonly cluster: BigCluster;
  readonly traffic: BigTraffic = { lists: 0, watches: 0, gets: 0, sent: 0 };
  readonly #token: string;
  readonly #identity: KeyPair;
  readonly #sockets = new Set<Socket>();
  readonly #watches = new Set<() => void>();
  /** Compressed pages by what was asked; forgotten with the first change. */
  readonly #pages = new Map<string, Buffer>();
  #pagesVersion = 0;
  #port = 0;
  #listener: Http2SecureServer | Server;

  private constructor(cluster: BigCluster, token: string, identity: KeyPair) {
    this.cluster = cluster;
    this.#token = token;
    this.#identity = identity;
    this.#listener = this.#answering();
  }

  /** Opens the server of a cluster on any free port of loopback. */
  static async open(cluster: BigCluster, token: string, identity: KeyPair): Promise<BigServer> {
    const server = new BigServer(cluster, token, identity);
    await server.#listen();
    return server;
  }

  /** Where it is, `https://127.0.0.1:<port>`. */
  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** Cuts all connections, and goes on as is said, on the same port. */
  async become(fault: BigFault): Promise<void> {
    await this.close();
    if (fault === 'down') return;
    this.#listener = fault === 'hang' ? createServer() : this.#answering();
    await this.#listen();
  }

  async close(): Promise<void> {
    for (const stop of this.#watches) stop();
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#listener.listening) return;
    await new Promise<void>((resolve) => this.#listener.close(() => resolve()));
  }

  async #listen(): Promise<void> {
    const listener = this.#listener;
    listener.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = listener.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  #answering(): Http2SecureServer {
    const { certificate: cert, key } = this.#identity;
    const server = createSecureServer({ cert, key, allowHTTP1: true, settings: { maxConcurrentStreams: 100 } });
    server.on('sessionError', () => undefined);
    server.on('request', (request, response) => this.#answer(request, response));
    return server;
  }

  #answer(request: Http2ServerRequest, response: Http2ServerResponse): void {
    response.on('error', () => response.destroy());
    try {
      if (request.headers.authorization !== `Bearer ${this.#token}`)
        throw new ApiStatusError('Unauthorized', 'Unauthorized');
      this.#route({ request, response, url: new URL(request.url, 'https://127.0.0.1') });
    } catch (error) {
      const known = error instanceof ApiStatusError ? error : new ApiStatusError('InternalError', String(error));
      if (response.headersSent) response.end();
      else this.#refuse({ request, response }, known);
    }
  }

  #refuse(exchange: Omit<Exchange, 'url'>, error: ApiStatusError): void {
    const { type, bytes } = refusalOf(exchange.request.headers.accept, error);
    this.#send(exchange, bytes, error.code, type);
  }

  #route(exchange: Exchange): void {
    const target = targetOf(exchange.url.pathname, this.cluster.known);
    switch (target?.kind) {
      case 'plain':
        return this.#plain(exchange, target.path);
      case 'group':
        return this.#found(exchange, this.cluster.discovery.group(target.group));
      case 'version':
        return this.#found(exchange, this.cluster.discovery.resources(target.group, target.version));
      case 'resource':
        return this.#resource(exchange, target);
      default:
        return this.#found(exchange, undefined);
    }
  }

  #found(exchange: Exchange, body: object | undefined, type?: string): void {
    if (body === undefined) throw new ApiStatusError('NotFound', 'the server could not find the requested resource');
    this.#send(exchange, JSON.stringify(body), 200, type);
  }

  #plain(exchange: Exchange, path: string): void {
    const { discovery, plan } = this.cluster;
    const isAggregated = (exchange.request.headers.accept ?? '').includes('as=APIGroupDiscoveryList');
    const type = isAggregated ? 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' : undefined;
    const [major = '1', minor = '34'] = plan.version.split('.');
    const version = { major, minor, gitVersion: `v${plan.version}`, gitTreeState: 'clean', platform: 'linux/amd64' };
    switch (path) {
      case '/api':
        return this.#found(exchange, isAggregated ? discovery.aggregated(true) : discovery.core, type);
      case '/apis':
        return this.#found(exchange, isAggregated ? discovery.aggregated(false) : discovery.groups, type);
      case '/version':
        return this.#found(exchange, version);
      case '/healthz':
      case '/livez':
      case '/readyz':
        this.#send(exchange, 'ok', 200, 'text/plain');
        return;
      default:
        return this.#found(exchange, undefined);
    }
  }

  #resource(exchange: Exchange, target: ResourceTarget): void {
    const { request, url } = exchange;
    const isWatch = target.isWatchPath || ['1', 'true'].includes(url.searchParams.get('watch') ?? '');
    const how = representationOf(request.headers.accept, url.searchParams.get('includeObject'), target.resource);
    switch (verbOf(request.method, target.name !== undefined, isWatch)) {
      case 'list':
        return this.#list(exchange, target, how);
      case 'watch':
        return this.#watch(exchange, target, how);
      case 'get':
        return this.#get(exchange, target, how);
      default:
        throw new ApiStatusError('MethodNotAllowed', 'the clusters of the big fleet can be read only');
    }
  }

  #get(exchange: Exchange, { resource, namespace, name = '' }: ResourceTarget, how: Representation): void {
    this.traffic.gets += 1;
    const stored = this.cluster.collection(resource).get(namespace === undefined ? name : `${namespace}/${name}`);
    if (stored === undefined) {
      const details = { name, group: resource.group, kind: resource.plural };
      throw new ApiStatusError('NotFound', `${resource.plural} "${name}" not found`, details);
    }
    this.#send(exchange, objectBytes(stored, resource, how, new Date()), 200, mediaType(how));
  }

  #list(exchange: Exchange, { resource, namespace, name }: ResourceTarget, how: Representation): void {
    this.traffic.lists += 1;
    const { cluster } = this;
    const { request, url } = exchange;
    if (this.#pagesVersion !== cluster.resourceVersion) this.#pages.clear();
    this.#pagesVersion = cluster.resourceVersion;
    const asked = `${request.url} ${how.form} ${how.include} ${mediaType(how)}`;
    const isCompressed = String(request.headers['accept-encoding'] ?? '').includes('gzip');
    const cached = isCompressed ? this.#pages.get(asked) : undefined;
    if (cached !== undefined) return this.#sendBytes(exchange, cached, true, 200, mediaType(how));
    const choice = choiceOf(resource, namespace, url.searchParams, name);
    const page = listPage(cluster.collection(resource), choice, url.searchParams, cluster.resourceVersion);
    const isText = how.form === 'object' && how.isMessage !== true;
    const whole = isText ? pageText(page, resource) : pageBytes(page, resource, how, new Date());
    const sent = this.#send(exchange, whole, 200, mediaType(how));
    if (sent !== undefined) this.#pages.set(asked, sent);
  }

  #watch(exchange: Exchange, { resource, namespace, name }: ResourceTarget, how: Representation): void {
    this.traffic.watches += 1;
    const { cluster } = this;
    const { response, url } = exchange;
    const query = url.searchParams;
    // Headers go out with the first line: what is refused is refused with a code of its own.
    const write = (event: string | Buffer): void => {
      if (!response.headersSent) response.writeHead(200, { 'content-type': mediaType(how, true) });
      if (response.destroyed) return;
      this.traffic.sent += event.length;
      response.write(event);
      if (response.stream.writableLength > LONGEST_QUEUE) response.stream.close();
    };
    let watch: ReturnType<typeof startWatch>;
    try {
      watch = startWatch({
        collection: cluster.collection(resource),
        choice: choiceOf(resource, namespace, query, name),
        query,
        how,
        hasWatchList: Number(cluster.plan.version.split('.')[1]) >= 34,
        resourceVersion: () => cluster.resourceVersion,
        time: () => new Date(),
        write,
      });
    } catch (error) {
      if (!(error instanceof ApiStatusError) || error.reason !== 'Expired') throw error;
      write(eventBytes('ERROR', otherBytes('Status', error.body, how)));
      response.end();
      return;
    }
    if (!response.headersSent) {
      response.writeHead(200, { 'content-type': mediaType(how, true) });
      // Over HTTP/1.1 they wait for a body otherwise.
      if ('flushHeaders' in response) (response as unknown as ServerResponse).flushHeaders();
    }
    this.#keep(response, watch, Number(query.get('timeoutSeconds') ?? USUAL_WATCH_S) || USUAL_WATCH_S);
  }

  #keep(response: Http2ServerResponse, watch: ReturnType<typeof startWatch>, seconds: number): void {
    const bookmarks = setInterval(() => watch.bookmark(), BOOKMARK_MS);
    const end = setTimeout(() => {
      watch.bookmark();
      stop();
      response.end();
    }, seconds * 1_000);
    const stop = (): void => {
      watch.stop();
      clearInterval(bookmarks);
      clearTimeout(end);
      this.#watches.delete(stop);
    };
    this.#watches.add(stop);
    response.once('close', stop);
  }

  /** @returns the bytes, where they were compressed */
  #send(
    exchange: Omit<Exchange, 'url'>,
    whole: string | Buffer,
    code = 200,
    type = 'application/json',
  ): Buffer | undefined {
    // Everything here is ASCII.
    const body = typeof whole === 'string' ? Buffer.from(whole, 'latin1') : whole;
    const isCompressed =
      body.length > GZIP_FROM && String(exchange.request.headers['accept-encoding'] ?? '').includes('gzip');
    const sent = isCompressed ? gzipSync(body, { level: 1 }) : body;
    this.#sendBytes(exchange, sent, isCompressed, code, type);
    return isCompressed ? sent : undefined;
  }

  #sendBytes(
    { response }: Omit<Exchange, 'url'>,
    sent: Buffer,
    isCompressed: boolean,
    code = 200,
    type = 'application/json',
  ): void {
    this.traffic.sent += sent.length;
    response.writeHead(code, {
      'content-type': type,
      'content-length': sent.length,
      ...(isCompressed && { 'content-encoding': 'gzip' }),
    });
    response.end(sent);
  }
}

/** A page of whole objects, joined from what they are sent as. */
function pageText(page: ListAnswer, resource: Resource): string {
  const { items, resourceVersion, continue: next, remaining } = page;
  const more = next === undefined ? {} : { continue: next, remainingItemCount: remaining };
  const head = { resourceVersion: String(resourceVersion), ...more };
  const filled = new Filled(fillSome);
  const texts = items.map((item) => (item instanceof BigObject ? item.itemText(filled) : JSON.stringify(item.object)));
  return `{"kind":"${resource.kind}List","apiVersion":"${apiVersionOf(resource)}","metadata":${JSON.stringify(head)},"items":[${texts.join(',')}]}\n`;
}
