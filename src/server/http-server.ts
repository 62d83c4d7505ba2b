import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Access } from '../access/access.ts';
import { SIGNED_OUT } from '../access/authenticator.ts';
import { accessError } from '../access/errors.ts';
import type { Principal } from '../access/principal.ts';
import { isReading, type OriginCheck } from '../access/request-origin.ts';
import type { PermissionName, RouteContract } from '../api/route.ts';
import { CallboardError } from '../base/errors.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { allowOrigins } from './cross-origin.ts';
import type { DialectOf } from './error-format.ts';
import { serverError } from './errors.ts';
import { failureOf } from './failure.ts';
import { acceptForms } from './form-body.ts';
import { isDeeperThan } from './json-body.ts';
import type { ServerLimits } from './limits.ts';
import { isAudited, trailOf, type AuditHook, type RequestTrail } from './request-audit.ts';
import type { Serializers } from './serializers.ts';
import type { Validators } from './validator.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; null until that is known. */
    principal: Principal | null;
    /** What is to be remembered of it for its audit record. */
    trail: RequestTrail | null;
  }
  interface FastifyContextConfig {
    /** The permission that a route takes; a route without one is refused when it is added. */
    permission?: PermissionName;
    /** The contract that a route was made from; routes without one are not documented. */
    contract?: RouteContract;
  }
}

/** What the HTTP server is made of. */
export interface HttpOptions {
  readonly access: Access;
  readonly checkOrigin: OriginCheck;
  /** Other origins whose pages may use the API. */
  readonly appOrigins?: readonly string[] | undefined;
  /** `Set-Cookie` header for a browser whose session has ended. */
  readonly clearedCookie: string;
  /** Records requests that may change something. */
  readonly audit: AuditHook;
  readonly dialectOf: DialectOf;
  readonly validators: Validators;
  readonly serializers: Serializers;
  readonly limits: ServerLimits;
  /** Addresses and ranges of proxies whose word on where a request came from is believed. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Begins the ids of this process's requests. */
  readonly requestPrefix: string;
}

/** Headers on every answer: what it says it is counts, and pages of other sites get nothing of it. */
const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/**
 * Makes the HTTP server, without routes: limits, checks that come before every route, errors, measurement. A route
 * added without `config.permission` stops the start.
 */
export function createHttpServer(options: HttpOptions): FastifyInstance {
  const { limits } = options;
  let requests = 0;
  const app = fastify({
    // Log lines of requests are written below, by outcome; Fastify's own logger would cost a child logger a request.
    logger: false,
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    genReqId: () => `${options.requestPrefix}-${(++requests).toString(36)}`,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.idleMs,
    // Requests that arrive on open connections while the server drains are answered; the connection then closes.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    http: { maxHeaderSize: limits.headerBytes, headersTimeout: limits.headersMs },
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => void sendFailure(error, request, reply, options),
  });
  app.server.maxConnections = limits.connections;
  app.setValidatorCompiler(({ schema, httpPart }) => options.validators.validator(schema as object, httpPart));
  app.setSerializerCompiler(({ schema }) => options.serializers.serializer(schema as object));
  acceptJsonOnly(app, limits);
  acceptForms(app);
  app.decorateRequest('principal', null);
  app.decorateRequest('trail', null);
  app.addHook('onRoute', (route) => {
    if (route.config?.permission === undefined) {
      const name = `${String(route.method)} ${route.url}`;
      throw serverError('ROUTE_WITHOUT_PERMISSION', { route: name, manifest: 'server' });
    }
    const { contract } = route.config;
    if (contract !== undefined && isAudited(contract)) route.onSend = options.audit;
  });
  allowOrigins(app, options.appOrigins ?? []);
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(securityHeaders);
    let admitted: void | Promise<void>;
    try {
      admitted = admit(request, reply, options);
    } catch (error) {
      done(error as Error);
      return;
    }
    if (admitted === undefined) done();
    else void goOn(admitted, done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    // Fastify makes this object at each look.
    const { url: route = 'none', config } = request.routeOptions;
    // A stream lasts as long as its reader likes: that says nothing of how quickly this server answers.
    if (!['text/event-stream', 'application/x-ndjson'].includes(config.contract?.contentType ?? '')) {
      options.metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    }
    if (options.log.isLevelEnabled('debug')) {
      const { method, id } = request;
      options.log.debug({ request: id, method, route, status: reply.statusCode, ms: reply.elapsedTime }, 'answered');
    }
    done();
  });
  app.setErrorHandler((error, request, reply) => sendFailure(error, request, reply, options));
  return app;
}

/** Lets a request in or throws why not: before its body is read. A promise only where something must be looked up. */
function admit(request: FastifyRequest, reply: FastifyReply, options: HttpOptions): void | Promise<void> {
  const { host, origin, 'sec-fetch-site': fetchSite } = request.headers;
  options.checkOrigin({
    method: request.method,
    host,
    origin,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
  });
  const { permission, contract } = request.routeOptions.config;
  // Files are the same for everybody.
  if (permission === undefined || (permission === 'public' && contract === undefined)) return;
  const principal = options.access.authenticate(request, contract?.takesLimited);
  if (!(principal instanceof Promise)) return authorize(request, reply, principal, options);
  return principal.then((known) => authorize(request, reply, known, options));
}

async function goOn(admitted: Promise<void>, done: (error?: Error) => void): Promise<void> {
  try {
    await admitted;
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}

function authorize(
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
  { access, clearedCookie }: HttpOptions,
): void | Promise<void> {
  request.principal = principal;
  if (principal === SIGNED_OUT) void reply.header('set-cookie', clearedCookie);
  if (principal.credential?.kind === 'session') assertPageNamed(request);
  const { permission = 'public', contract } = request.routeOptions.config;
  return access.authorize(principal, permission, contract?.checksEntity);
}

/** A browser adds its cookie by itself, so the page that asks must be known. @throws ORIGIN_MISSING */
function assertPageNamed(request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': fetchSite } = request.headers;
  if (origin === undefined && fetchSite === undefined && !isReading(request.method))
    throw accessError('ORIGIN_MISSING');
}

/** Sends a fault in the dialect of the path, and logs it where a person must act on it. */
export function sendFailure(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { dialectOf, log }: Pick<HttpOptions, 'dialectOf' | 'log'>,
): FastifyReply {
  const failed = {
    method: request.method,
    url: request.url,
    id: request.id,
    bodyBytes: request.routeOptions.bodyLimit,
  };
  const failure = failureOf(thrown, failed);
  trailOf(request).failure = failure.code;
  const route = request.routeOptions.url ?? 'none';
  const fields = { request: request.id, method: request.method, route, code: failure.code };
  if (failure.status >= 500 && failure.status !== 503) log.error({ ...fields, error: thrown }, 'request failed');
  else log.debug({ ...fields, detail: failure.detail }, 'request refused');
  const dialect = dialectOf(failed.url);
  const body = dialect.format(failure, failed);
  void reply.status(dialect.statusOf?.(failure) ?? failure.status);
  if (failure.status === 503) void reply.header('retry-after', '5');
  if (failure.status === 401) void reply.header('www-authenticate', challenge(failure.code));
  if (body === undefined) return reply.send();
  return reply.type(dialect.contentType).send(Buffer.from(JSON.stringify(body)));
}

/** What a client needs to send (RFC 6750). */
function challenge(code: string): string {
  return code === 'TOKEN_INVALID' ? 'Bearer realm="callboard", error="invalid_token"' : 'Bearer realm="callboard"';
}

function acceptJsonOnly(app: FastifyInstance, limits: ServerLimits): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    // Clients name the type also where they send nothing; the schema says whether that will do.
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    if (isDeeperThan(body, limits.bodyDepth)) {
      done(serverError('BODY_TOO_DEEP', { limit: limits.bodyDepth }));
      return;
    }
    void parse(request, body.toString('utf8'), (error, value?: unknown) => {
      if (error === null) done(null, value);
      else
        done(
          error instanceof CallboardError ? error : serverError('BODY_MALFORMED', { problem: error.message }, error),
        );
    });
  });
}
