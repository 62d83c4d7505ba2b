import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { admitsGuests } from '../access/guests.ts';
import type { Policy } from '../access/policy.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { createCatalog } from '../catalog/manifest.ts';
import { preferencesManifest } from '../preferences/manifest.ts';
import { isAccessConfigured, type Config } from '../config/config.ts';
import { processEnvironment } from '../config/environment.ts';
import type { SecretText } from '../config/secret-text.ts';
import { ClusterSet } from '../fleet/cluster-set.ts';
import { type Fleet, openFleet } from '../fleet/open-fleet.ts';
import { GitMirrors } from '../git/git-mirrors.ts';
import { openGraph, type Graph } from '../graph/graph.ts';
import type { ClaimTaker } from '../live/claim.ts';
import type { LiveReader } from '../live/live-reader.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { createLog } from '../telemetry/log.ts';
import { backstageDialects } from './backstage/dialect.ts';
import { createBackstageManifest } from './backstage/manifest.ts';
import { composeManifests, type ManifestOrigin } from './compose.ts';
import { Credentials } from './credentials.ts';
import { defaultLimits, type ServerLimits } from './limits.ts';
import { loadPlugins } from './load-plugins.ts';
import type { OpenAccess } from './open-access.ts';
import { startServer } from './start-server.ts';

/** The same path from `src/server` in a clone and from `dist/server` in the package. */
const builtWebFolder = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** How to run a server. */
export interface ServeOptions {
  readonly config: Config;
  readonly clock?: Clock | undefined;
  readonly log?: Logger | undefined;
  /** Decides on permissions instead of the roles and bindings of the configuration and the store. */
  readonly policy?: Policy | undefined;
  /** Manifests beside the built-in ones and the plugins of the configuration. */
  readonly manifests?: readonly Manifest[] | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Absolute path of the built web interface; default: `dist/web` of the checkout or package. */
  readonly webFolder?: string | undefined;
  /** Reads the live objects of clusters, instead of the fleet of the configuration. */
  readonly live?: (LiveReader & ClaimTaker) | undefined;
  /** A thread of `startStoreThread` for the store, which has a head start. */
  readonly storeThread?: Worker | undefined;
}

/** A server that answers. */
export interface RunningServer {
  /** Where it answers on this machine, e.g. `http://127.0.0.1:7007`. */
  readonly url: string;
  readonly address: { readonly host: string; readonly port: number };
  readonly graph: Graph;
  readonly store: Store;
  readonly access: OpenAccess;
  readonly log: Logger;
  /**
   * Stops accepting, ends streams and collectors, lets running requests end, closes the store. Bounded in time;
   * calling it again waits for the same end.
   */
  close(): Promise<void>;
}

/**
 * Runs Callboard: opens the store, fills the watch cache, and listens as soon as it can answer; collectors start after
 * that, each by itself. Whatever is wrong with the configuration or a plugin is found before the store is opened.
 *
 * @throws GUESTS_EXPOSED, PLUGIN_*, MANIFEST_*, ROUTE_*, STORE_*, LISTEN_FAILED
 * @example const server = await serve({ config }); console.log(server.url); await server.close();
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { config } = options;
  const clock = options.clock ?? systemClock;
  const log = options.log ?? createLog(config.log);
  const { policy } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const isConfigured = policy !== undefined || isAccessConfigured(config);
  const guests = admitsGuests({ host: config.listen.host, guests: config.guests, isAccessConfigured: isConfigured });
  const foreign: readonly ManifestOrigin[] = [
    ...(options.manifests ?? []).map((manifest) => ({ manifest })),
    ...(await loadPlugins(config.plugins, { clock, timeoutMs: limits.pluginLoadMs })),
  ];
  const foreignKinds = composeManifests(foreign).kinds.values().toArray();
  const { catalog: settings, reading } = config;
  const credentials = new Credentials(settings.forges);
  const mirrors = new GitMirrors({
    folder: join(config.dataFolder, 'git'),
    environment: processEnvironment(),
    loginOf: (host) => credentials.gitLogin(host),
    clock,
    log,
  });
  const textOf = (credential: SecretText): string => credentials.textOf(credential);
  const catalog = createCatalog({ settings, allow: reading.allow, textOf, mirrors, foreignKinds, clock, log });
  const origins = [
    { manifest: catalog.manifest },
    { manifest: createBackstageManifest(catalog.control, settings) },
    { manifest: preferencesManifest },
    ...foreign,
  ];
  const { kinds } = composeManifests(origins);
  const store = await openStore({
    url: config.databaseUrl,
    folder: config.dataFolder,
    retention: config.retention,
    thread: options.storeThread,
    clock,
    log,
  });
  let graph: Graph | undefined;
  let own: OwnClusters | undefined;
  try {
    // What was last known of clusters is put together beside the catalog; they are read once it can be shown.
    own = options.live === undefined ? await openClusters(config, { clock, log }) : undefined;
    graph = await openGraph({ store, kinds, clock, log, image: { folder: join(config.dataFolder, 'cache') } });
    own?.clusters.followCatalog(graph);
    const live = options.live ?? own?.fleet.live;
    if (live === undefined) throw new TypeError('Nothing knows live objects');
    const epoch = await store.epoch();
    const webFolder = options.webFolder ?? builtWebFolder;
    const dialects = backstageDialects;
    const parts = {
      config,
      credentials,
      clock,
      log,
      policy,
      guests,
      limits,
      origins,
      dialects,
      store,
      epoch,
      graph,
      webFolder,
      fleet: own?.fleet,
      live,
    };
    const server = await startServer(parts);
    own?.fleet.read();
    return server;
  } catch (error) {
    await own?.fleet.close();
    await graph?.close();
    await store.close();
    throw error;
  }
}

/** The clusters with what is known of them. */
interface OwnClusters {
  readonly clusters: ClusterSet;
  readonly fleet: Fleet;
}

async function openClusters(
  { fleet: config, dataFolder }: Config,
  parts: { readonly clock: Clock; readonly log: Logger },
): Promise<OwnClusters> {
  const clusters = await ClusterSet.open({ config, environment: processEnvironment(), ...parts });
  return { clusters, fleet: openFleet({ config, clusters, dataFolder, ...parts }) };
}
