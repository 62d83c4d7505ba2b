import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Access } from '../access/access.ts';
import { publishAudit } from '../access/audit-metrics.ts';
import type { Policy } from '../access/policy.ts';
import { createOriginCheck } from '../access/request-origin.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { callboardVersion } from '../base/version.ts';
import type { Config } from '../config/config.ts';
import { noActing } from '../fleet/acting/acting-parts.ts';
import { createFleetManifest } from '../fleet/manifest.ts';
import type { Fleet } from '../fleet/open-fleet.ts';
import type { Graph } from '../graph/graph.ts';
import type { ClaimTaker } from '../live/claim.ts';
import type { LiveReader } from '../live/live-reader.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Store } from '../store/store.ts';
import { watchEventLoop } from '../telemetry/event-loop.ts';
import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { publishProcess } from '../telemetry/process-metrics.ts';
import { noteStrayRejections } from '../telemetry/stray-rejections.ts';
import { createKubernetesManifest } from './backstage/kubernetes-manifest.ts';
import { serveApiPages } from './api-pages.ts';
import { composeManifests, type Composition, type ManifestOrigin } from './compose.ts';
import { domainContexts } from './domain-context.ts';
import { chooseDialect, ownDialect, type ApiDialect } from './error-format.ts';
import { eventStreamRoute } from './event-stream.ts';
import { healthRoutes, type Check } from './health.ts';
import { createHttpServer } from './http-server.ts';
import type { Credentials } from './credentials.ts';
import type { ServerLimits } from './limits.ts';
import { drain, startListening, type ListenAddress } from './listen.ts';
import { serverManifest } from './manifest.ts';
import { openAccess, type OpenAccess } from './open-access.ts';
import { serveOpenApi } from './openapi.ts';
import { servePluginFiles, uiPages } from './plugin-files.ts';
import { readinessChecks } from './readiness.ts';
import { registerRoutes } from './register-routes.ts';
import { auditHook } from './request-audit.ts';
import type { RunningScopes } from './request-scope.ts';
import { RevisionSignal } from './revision-signal.ts';
import type { RunningServer } from './serve.ts';
import { createSerializers } from './serializers.ts';
import { publishState } from './state-metrics.ts';
import { createStreamSeats } from './stream-seats.ts';
import { superviseCollectors } from './supervisor.ts';
import { createValidators } from './validator.ts';
import { serveWeb } from './web-files.ts';

/** How long a request may go on when who sent it is signed out, ms. */
const LAST_WORDS_MS = 500;

/** Everything that a server stands on, open and checked. */
export interface ServerParts {
  readonly config: Config;
  /** Is given the kept secrets as soon as they can be read. */
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: Logger;
  /** Decides instead of roles and bindings. */
  readonly policy: Policy | undefined;
  /** True: whoever is not signed in is the guest. */
  readonly guests: boolean;
  readonly limits: ServerLimits;
  readonly origins: readonly ManifestOrigin[];
  readonly dialects: readonly ApiDialect[];
  readonly store: Store;
  /** The store's epoch. */
  readonly epoch: string;
  readonly graph: Graph;
  readonly webFolder: string;
  /** The clusters; absent where `live` is another's. It is closed with the server. */
  readonly fleet: Fleet | undefined;
  /** The live objects of clusters. */
  readonly live: LiveReader & ClaimTaker;
}

/** What is made on top of the parts. */
interface Assembly {
  readonly opened: OpenAccess;
  readonly metrics: Metrics;
  readonly composition: Composition;
  readonly contextOf: ReturnType<typeof domainContexts>;
  /** Ends what has no end of its own when the server closes. */
  readonly closing: AbortController;
  readonly running: RunningScopes;
}

/**
 * Starts a server over an open store and graph: listens first, then starts the collectors.
 * @returns the running server; closing it closes graph and store too
 */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, clock, log, limits, store, graph } = parts;
  const checks = readinessChecks({ config, graph, store, clock });
  const opened = await openAccess({ ...parts, isReady: () => checks.every((check) => check().ok) });
  const { assembly, app, address } = await listen(parts, opened, checks);
  const { metrics, composition, contextOf, closing, running } = assembly;
  const eventLoop = watchEventLoop(metrics);
  const forgetStrays = noteStrayRejections({ metrics, log });
  const { restartMs, drainMs } = limits;
  // What collectors do takes the processor for seconds after a start; until clusters show as they were saved, that is what it is for.
  const begin = parts.fleet?.restored() ?? Promise.resolve();
  const supervisor = superviseCollectors(composition.collectors, { clock, log, metrics, restartMs, begin, contextOf });
  const forgetAccess = endWithPrincipals(opened.access, running, clock);
  log.info({ url: address.url, revision: graph.revision }, 'listening');

  const shutDown = async (): Promise<void> => {
    log.info('closing');
    closing.abort(new Error('The server closes'));
    await Promise.all([drain(app, running, { clock, log, drainMs }), supervisor.close(drainMs)]);
    eventLoop.close();
    forgetStrays();
    forgetAccess();
    await opened.close();
    await parts.fleet?.close();
    await graph.close();
    await store.close();
    log.info('closed');
  };
  let closed: Promise<void> | undefined;
  return {
    url: address.url,
    address: { host: address.host, port: address.port },
    graph,
    store,
    access: opened,
    log,
    close: () => (closed ??= shutDown()),
  };
}

async function listen(
  parts: ServerParts,
  opened: OpenAccess,
  checks: readonly Check[],
): Promise<{ readonly assembly: Assembly; readonly app: FastifyInstance; readonly address: ListenAddress }> {
  try {
    const assembly = assemble(parts, opened, checks);
    const app = await createApp(parts, assembly);
    return { assembly, app, address: await startListening(app, parts.config.listen) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/**
 * Ends requests that still run, such as streams of plugins, when who sent them is signed out. What can say so by itself, as
 * the event stream does, has a moment for it.
 */
function endWithPrincipals(access: Access, running: RunningScopes, clock: Clock): () => void {
  let timer: Timer | undefined;
  const end = (): void => {
    timer = undefined;
    for (const scope of running) {
      if (access.currentOf(scope.principal) === undefined) scope.abort(new Error('Who asked is signed out'));
    }
  };
  const forget = access.onChange(() => (timer ??= clock.after(LAST_WORDS_MS, end)));
  return () => {
    forget();
    timer?.cancel();
  };
}

function assemble(parts: ServerParts, opened: OpenAccess, checks: readonly Check[]): Assembly {
  const { config, clock, log, limits, store, epoch, graph, live } = parts;
  const { access } = opened;
  parts.credentials.attach(opened.secrets);
  const metrics = createMetrics();
  publishProcess(metrics);
  publishState(metrics, { graph, store });
  publishAudit(metrics, opened.audit, opened.sinks);
  parts.fleet?.publish(metrics.registry);
  const closing = new AbortController();
  const { eventStreams: limit, heartbeatMs } = limits;
  const revisions = new RevisionSignal(graph, clock);
  const seats = createStreamSeats(limit, metrics);
  const streams = { access, clock, heartbeatMs, seats, revisions, closing: closing.signal };
  const own = serverManifest([...healthRoutes(checks, metrics), eventStreamRoute({ ...streams, epoch })], {
    config,
    version: callboardVersion(),
    opened,
    pages: () => uiPages(composition),
  });
  const composition = composeManifests([
    { manifest: own },
    ...opened.manifests.map((manifest) => ({ manifest })),
    {
      manifest: createFleetManifest({
        ...streams,
        audit: opened.audit,
        graph,
        live,
        namespaceOwners: config.fleet.namespaceOwners,
        problems: () => parts.fleet?.problems() ?? [],
        acting: parts.fleet?.acting,
        timeline: parts.fleet?.timeline,
      }),
    },
    { manifest: kubernetesManifest(parts, access) },
    ...parts.origins,
  ]);
  const contextOf = domainContexts({ graph, store, clock, log });
  return { opened, metrics, composition, contextOf, closing, running: new Set() };
}

function kubernetesManifest({ graph, live, clock, limits, fleet }: ServerParts, access: Access): Manifest {
  const { clusterMs } = limits;
  return createKubernetesManifest({ access, graph, live, clock, clusterMs, acting: fleet?.acting ?? noActing });
}

async function createApp(parts: ServerParts, assembly: Assembly): Promise<FastifyInstance> {
  const { config, clock, log, limits, webFolder } = parts;
  const { appOrigins } = config.backstage;
  const { opened, metrics, composition, contextOf, running } = assembly;
  const { access, sessions, audit, intents } = opened;
  const dialectOf = chooseDialect([...parts.dialects, ownDialect]);
  const validators = createValidators();
  const serializers = createSerializers();
  const app = createHttpServer({
    access,
    checkOrigin: createOriginCheck({ host: config.listen.host, baseUrl: config.baseUrl, origins: appOrigins }),
    appOrigins,
    trustedProxies: config.listen.trustedProxies,
    clearedCookie: sessions.cookie.cleared,
    audit: auditHook(audit, clock),
    dialectOf,
    validators,
    limits,
    metrics,
    log,
    serializers,
    requestPrefix: clock.token(3),
  });
  await serveOpenApi(app, { version: callboardVersion(), cookie: sessions.cookie.name });
  const answer = { access, clock, running, intents, handlerMs: limits.handlerMs };
  registerRoutes(app, composition.routes, { validators, serializers, dialectOf, answer, contextOf });
  serveApiPages(app);
  servePluginFiles(app, composition);
  serveWeb(app, webFolder);
  return app;
}
