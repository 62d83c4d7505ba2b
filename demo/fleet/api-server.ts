import { X509Certificate } from 'node:crypto';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { readBody, send, sendFound, sendJson, sendRefusal } from './answers.ts';
import { ApiStatusError } from './api-status.ts';
import type { KeyPair } from './certificates.ts';
import type { Cluster } from './cluster.ts';
import { sendDocument } from './documents.ts';
import { evictPod } from './evictions.ts';
import { breakOff, type Exchange, type ResourceTarget } from './exchange.ts';
import { disguiseOf } from './faults-lies.ts';
import { Gate } from './faults-wire.ts';
import { type Fault, FaultState } from './faults.ts';
import { choiceOf, listPage, pageBytes } from './list-watch.ts';
import { sendLog } from './logs.ts';
import { mediaType, objectBytes, representationOf } from './representation.ts';
import { RequestCounts } from './request-counts.ts';
import { apiVersionOf } from './resources.ts';
import { attributesOf, type Target, targetOf } from './requests.ts';
import { answerReview } from './review-answers.ts';
import type { StoredObject } from './stored-object.ts';
import { halfOf, WatchStreams } from './watch-streams.ts';
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

/** How a server is opened. */
export interface ServerOptions {
  readonly identity: KeyPair;
  /** PEM of the authority whose client certificates are believed. */
  readonly authority: string;
  /** Absent or 0: any free one. */
  readonly port?: number;
  /** True where its connections can be frozen, slowed and cut; that costs a copy of every byte. */
  readonly hasWireFaults?: boolean;
}

/** The API server of one cluster, on loopback, over TLS, HTTP/2 or HTTP/1.1 as the client has it. */
export class ApiServer {
  readonly cluster: Cluster;
  readonly counts = new RequestCounts();
  readonly #server: Http2SecureServer;
  readonly #gate: Gate;
  readonly #faults = new FaultState();
  readonly #watches: WatchStreams;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #hanging = new Set<Http2ServerResponse>();
  readonly #hasWireFaults: boolean;
  #identity: KeyPair;
  #authority: string;
  #believed: readonly string[];

  private constructor(cluster: Cluster, { identity, authority, port = 0, hasWireFaults = false }: ServerOptions) {
    this.cluster = cluster;
    this.#identity = identity;
    this.#authority = authority;
    this.#believed = [authority];
    this.#hasWireFaults = hasWireFaults;
    this.#watches = new WatchStreams(cluster, this.#faults, this.counts);
    this.#server = createSecureServer({
      cert: identity.certificate,
      key: identity.key,
      ca: authority,
      requestCert: true,
      rejectUnauthorized: false,
      allowHTTP1: true,
      // MB: a list that a slow client has not read yet counts, and above it new requests are turned away.
      maxSessionMemory: 256,
      settings: { maxConcurrentStreams: 100 },
    });
    this.#server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
    });
    // A handshake that fails is the client's to tell of.
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
    this.#server.on(
      'request',
      (request: Http2ServerRequest, response: Http2ServerResponse) => void this.#answer(request, response),
    );
    const accept = (socket: object): void => {
      this.counts.connected();
      this.#server.emit('connection', socket);
    };
    this.#gate = new Gate(port, accept, hasWireFaults ? this.#faults : undefined);
  }

  /** Opens the server of a cluster. @throws Error where its port is taken */
  static async open(cluster: Cluster, options: ServerOptions): Promise<ApiServer> {
    const server = new ApiServer(cluster, options);
    await server.#gate.open();
    return server;
  }

  /** Where it is, `https://127.0.0.1:<port>`: the same as long as it lives. */
  get url(): string {
    return `https://127.0.0.1:${this.#gate.port}`;
  }

  /** PEM of the authority that its certificate is of. */
  get authority(): string {
    return this.#authority;
  }

  /** PEM of the authorities whose client certificates it believes. */
  get believed(): readonly string[] {
    return this.#believed;
  }

  /** What is wrong with it now. */
  get fault(): Fault | undefined {
    return this.#faults.fault;
  }

  /**
   * Makes something go wrong until another fault, or none, is set. What hung before is cut then.
   * @throws Error for a fault of the wire where the server was not opened for them
   */
  async setFault(fault: Fault | undefined): Promise<void> {
    const isOfWire = fault !== undefined && ['freeze', 'slow', 'cut'].includes(fault.type);
    if (isOfWire && !this.#hasWireFaults) throw new Error(`${fault.type} needs a server with faults of the wire`);
    const before = this.#faults.fault;
    this.#faults.set(fault);
    if (before?.type === 'hang') this.#release();
    this.#watches.lieAboutTime();
    if (fault?.type === 'refuse') await this.#gate.close();
    else await this.#gate.open();
    if (fault?.type === 'answer') this.#watches.end('end', fault.resources);
    if (fault?.type === 'expired') this.#watches.end('cut', fault.resources);
  }

  /** Ends all watches, as if the network broke. */
  cutWatches(): void {
    this.#watches.end('cut');
  }

  /** Asks all clients to open another connection; what is under way goes on. */
  goAway(): void {
    for (const session of this.#sessions) session.goaway();
  }

  /** Cuts all connections, is away for a while, and listens again with everything as it was. @param downMs 0: at once */
  async restart(downMs = 0): Promise<void> {
    await this.#gate.close();
    if (downMs > 0) await new Promise((resolve) => setTimeout(resolve, downMs));
    await this.#gate.open();
  }

  /** Breaks all connections. */
  cutConnections(): void {
    this.#gate.cut();
  }

  /** Shows another certificate and believes other authorities from now on; connections are cut. */
  identify(identity: KeyPair, authority: string, believed: readonly string[]): void {
    this.#identity = identity;
    this.#authority = authority;
    this.believe(believed);
  }

  /** Client certificates of these authorities, PEM, are believed from now on, and of no others; connections are cut. */
  believe(authorities: readonly string[]): void {
    const { certificate, key } = this.#identity;
    this.#believed = authorities;
    this.#server.setSecureContext({ cert: certificate, key, ca: [...authorities] });
    this.#gate.cut();
  }

  /** Ends all watches and connections, and the server. */
  async close(): Promise<void> {
    this.#faults.set(undefined);
    this.#watches.lieAboutTime();
    this.#watches.end('end');
    this.#release();
    await this.#gate.close();
  }

  #release(): void {
    for (const response of this.#hanging) breakOff(response);
    this.#hanging.clear();
    this.#watches.end('cut');
  }

  async #answer(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    this.counts.asked();
    try {
      const url = new URL(request.url, 'https://127.0.0.1');
      const target = targetOf(url.pathname, this.cluster.known);
      const plural = target?.kind === 'resource' ? target.resource.plural : undefined;
      if (this.#faults.find('hang', plural)) {
        this.#hanging.add(response);
        response.once('close', () => this.#hanging.delete(response));
        return;
      }
      this.#faults.demand(plural);
      const asked = target && attributesOf(target, request.method, url);
      const now = this.cluster.now().getTime();
      const user = this.cluster.access.user(request.headers, clientCertificate(request), now, asked);
      await this.#route({ request, response, url, user }, target);
    } catch (error) {
      const known = error instanceof ApiStatusError ? error : new ApiStatusError('InternalError', String(error));
      this.counts.refused(known.code);
      if (response.headersSent) response.end();
      else sendRefusal(request, response, known);
    }
  }

  async #route(exchange: Exchange, target: Target | undefined): Promise<void> {
    const { request, response, user } = exchange;
    if (!target) throw new ApiStatusError('NotFound', 'the server could not find the requested resource');
    switch (target.kind) {
      case 'plain':
        return sendDocument(this.cluster, exchange, target.path);
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

  async #resource(exchange: Exchange, target: ResourceTarget): Promise<void> {
    const { request, url, user } = exchange;
    const asked = attributesOf(target, request.method, url);
    const { verb } = asked;
    this.cluster.access.demand(user, asked);
    if (verb === 'watch') return this.#watches.open(exchange, target);
    if (verb === 'list') return this.#list(exchange, target);
    if (verb === 'get') return this.#get(exchange, target);
    return this.#write(exchange, target, verb);
  }

  #list({ request, response, url }: Exchange, { resource, namespace, name }: ResourceTarget): void {
    const { store, now } = this.cluster;
    const how = representationOf(request.headers.accept, url.searchParams.get('includeObject'), resource);
    const choice = choiceOf(resource, namespace, url.searchParams, name);
    const page = listPage(store.collection(resource), choice, url.searchParams, store.resourceVersion);
    this.counts.listed(resource.plural, !url.searchParams.get('continue'));
    const disguise = disguiseOf(this.#faults, resource.plural);
    const told = disguise ? { ...page, items: page.items.map(disguise) } : page;
    const whole = pageBytes(told, resource, how, now());
    const isHalf = this.#faults.find('truncated', resource.plural) !== undefined;
    this.counts.sent(send(request, response, 200, isHalf ? halfOf(whole) : whole, { 'content-type': mediaType(how) }));
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
    const how = representationOf(request.headers.accept, url.searchParams.get('includeObject'), resource);
    const bytes = objectBytes(stored, resource, how, this.cluster.now());
    send(request, response, code, typeof bytes === 'string' ? `${bytes}\n` : bytes, { 'content-type': mediaType(how) });
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
    if (subresource === 'scale') return sendJson(request, response, 200, scaleOf(writeScale(write)));
    if (subresource === 'eviction') return sendJson(request, response, 201, evictPod(this.cluster, write));
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
}

/** @throws ApiStatusError 401 for a certificate of somebody whom the server does not believe */
function clientCertificate(request: Http2ServerRequest): X509Certificate | undefined {
  const socket = request.socket as TLSSocket;
  // Null where the connection has gone meanwhile.
  const raw = (socket.getPeerCertificate() as { readonly raw?: Buffer } | null)?.raw;
  if (raw === undefined) return undefined;
  if (!socket.authorized) throw new ApiStatusError('Unauthorized', 'Unauthorized');
  return new X509Certificate(raw);
}
