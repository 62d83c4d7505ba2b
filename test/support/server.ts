import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Policy } from '../../src/access/policy.ts';
import type { Clock } from '../../src/base/clock.ts';
import { noAudit, noSecrets } from '../../src/config/audit-config.ts';
import { noBackstage } from '../../src/config/backstage-config.ts';
import type { CatalogConfig, Config } from '../../src/config/config.ts';
import { catalogOf as catalogWith } from '../../src/config/load-config.ts';
import { noPolicy } from '../../src/config/policy-config.ts';
import { noSignIn } from '../../src/config/sign-in-config.ts';
import { noFleet } from '../../src/config/fleet-config.ts';
import type { ClaimTaker } from '../../src/live/claim.ts';
import type { LiveReader } from '../../src/live/live-reader.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import type { Entity } from '../../src/model/entity.ts';
import { entityRefOf } from '../../src/model/ref.ts';
import type { ServerLimits } from '../../src/server/limits.ts';
import { serve, type RunningServer } from '../../src/server/serve.ts';
import type { Write } from '../../src/store/store.ts';
import { createLog } from '../../src/telemetry/log.ts';

/** How a server for a test differs from an empty one on a free port of loopback. */
export interface TestServerOptions {
  /** Catalog locations: absolute paths of files, folders or globs. */
  readonly catalog?: readonly string[] | undefined;
  /** Entities written straight into the store, under a location that no source reads. */
  readonly entities?: readonly Entity[] | undefined;
  readonly policy?: Policy | undefined;
  /** Absolute paths of plugin modules. */
  readonly plugins?: readonly string[] | undefined;
  readonly manifests?: readonly Manifest[] | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  readonly clock?: Clock | undefined;
  readonly log?: Logger | undefined;
  readonly webFolder?: string | undefined;
  readonly config?: Partial<Config> | undefined;
  /** Reads live objects instead of the fleet of the configuration. */
  readonly live?: (LiveReader & ClaimTaker) | undefined;
}

/** A real server with a data folder of its own. */
export interface TestServer extends RunningServer {
  readonly dataFolder: string;
  /** Asks it. `path` begins with `/`. */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Writes entities and waits until the server shows them. */
  put(...entities: readonly Entity[]): Promise<number>;
  /** Removes an entity that was put. */
  remove(ref: string): Promise<number>;
}

/**
 * Starts a real server on port 0 of loopback with a temporary data folder. `close` removes the folder.
 * @example const server = await startTestServer({ entities: [component('a')] });
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'callboard-server-'));
  const { catalog, entities, plugins, config, log, ...rest } = options;
  const settled = testConfig({
    dataFolder,
    plugins: plugins ?? [],
    ...(catalog && { catalog: catalogOf(catalog) }),
    ...config,
  });
  let server: RunningServer;
  try {
    server = await serve({ ...rest, config: settled, log: log ?? createLog(settled.log) });
  } catch (error) {
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  }
  const commit = async (writes: readonly Write[]): Promise<number> => {
    const { revision } = await server.store.commit(writes);
    await server.graph.waitFor(revision);
    return revision;
  };
  const put = (...items: readonly Entity[]): Promise<number> => commit(items.map(putEntity));
  if (entities !== undefined && entities.length > 0) await put(...entities);
  return {
    ...server,
    dataFolder,
    put,
    remove: (ref) => commit([{ op: 'deleteEntity', ref, location }]),
    get: (path, init) => fetch(`${server.url}${path}`, init),
    async close() {
      await server.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A configuration for a test: loopback, free port, silent, no catalog. */
export function testConfig(parts: Partial<Config> & Pick<Config, 'dataFolder'>): Config {
  return {
    listen: { host: '127.0.0.1', port: 0 },
    guests: 'loopback',
    // Whoever a test signs in need not be in its catalog.
    signIn: { ...noSignIn, allowUnknownUsers: true },
    access: noPolicy,
    backstage: noBackstage,
    audit: noAudit,
    secrets: noSecrets,
    baseUrl: 'http://localhost:7007',
    organization: 'Test',
    databaseUrl: undefined,
    catalog: catalogOf([]),
    // No cluster but those a test names.
    fleet: { ...noFleet, catalog: undefined },
    reading: { allow: [] },
    demo: false,
    demoClusters: 0,
    plugins: [],
    log: { level: 'fatal', format: 'json' },
    retention: { revisions: 10_000, logRows: 100_000, historyDays: 30 },
    ...parts,
  };
}

/** A component, as much of it as a test needs. */
export function component(name: string, spec: Entity['spec'] = {}, metadata: Partial<Entity['metadata']> = {}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { ...metadata, name },
    spec: { type: 'service', lifecycle: 'production', owner: 'group:default/stage', ...spec },
  };
}

const location = 'test:entities';

function putEntity(declared: Entity): Write {
  const entity = {
    ...declared,
    metadata: { ...declared.metadata, namespace: declared.metadata.namespace ?? 'default' },
  };
  const body = JSON.stringify(entity);
  const hash = createHash('sha256').update(body).digest('hex');
  return { op: 'putEntity', entity: { ref: entityRefOf(entity), body, hash, location, source: 'test', line: 1 } };
}

/** How a catalog of files is configured. */
export function catalogOf(targets: readonly string[]): CatalogConfig {
  return catalogWith(targets.map((target) => ({ type: 'file', target, origin: 'test' })));
}
