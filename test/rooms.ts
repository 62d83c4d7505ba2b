/**
 * The rooms of the house, in order: a room may import itself and the rooms named here, all of which stand before it.
 * `test/architecture.test.ts` holds the source to this table and ARCHITECTURE.md's table to it.
 */
export const rooms: Readonly<Record<string, { readonly purpose: string; readonly mayImport: readonly string[] }>> = {
  base: { purpose: 'pure tools: errors, clock, bitset, queue, digest, files', mayImport: [] },
  telemetry: { purpose: 'log, metrics, event-loop delay', mayImport: ['base'] },
  model: { purpose: 'pure: entity, ref, kinds, relations, predicates, facts, problems, changes', mayImport: ['base'] },
  cel: {
    purpose: 'the expression language: parse, three-valued evaluation, compilation to predicates, limits',
    mayImport: ['base', 'model'],
  },
  api: {
    purpose: 'the contract: schemas and route contracts, shared with web and client',
    mayImport: ['base', 'model'],
  },
  config: {
    purpose: 'one table of options: YAML, environment, flags, docs; reads app-config.yaml too',
    mayImport: ['base', 'model'],
  },
  store: {
    purpose: 'the only SQL: worker, drivers, migrations, log, history, backup',
    mayImport: ['base', 'telemetry', 'model'],
  },
  graph: {
    purpose: 'watch cache: change feed, indexes, query plans, facets, watchers, consistency check',
    mayImport: ['base', 'telemetry', 'model', 'store'],
  },
  access: {
    purpose: 'principals, sessions, tokens, roles, decisions, visibility, audit, secrets',
    mayImport: ['base', 'telemetry', 'model', 'cel', 'api', 'config', 'store', 'graph'],
  },
  manifest: {
    purpose: 'what a domain or plugin is: manifest, route, collector, page',
    mayImport: ['base', 'telemetry', 'model', 'cel', 'api', 'config', 'store', 'graph', 'access'],
  },
  live: {
    purpose: 'interface to live objects of clusters: kinds, records, states, queries',
    mayImport: ['base', 'model'],
  },
  kube: {
    purpose: 'adapter: kubeconfig, credentials, transport, discovery, list and watch',
    mayImport: ['base', 'telemetry'],
  },
  git: {
    purpose: 'adapter: local mirrors of git repositories, made by the system’s git',
    mayImport: ['base', 'telemetry'],
  },
  url: {
    purpose: 'adapter: reads http(s) URLs that the configuration allows',
    mayImport: ['base', 'telemetry', 'config'],
  },
  catalog: {
    purpose: 'domain: descriptors, kinds, sources, ingestion, problems, completeness',
    mayImport: [
      'base',
      'telemetry',
      'model',
      'cel',
      'api',
      'config',
      'store',
      'graph',
      'access',
      'manifest',
      'git',
      'url',
    ],
  },
  signin: {
    purpose: 'domain: sign-in by OpenID Connect, GitHub, proxy or as a guest; identity to user',
    mayImport: ['base', 'telemetry', 'model', 'cel', 'api', 'config', 'store', 'graph', 'access', 'manifest'],
  },
  administration: {
    purpose: 'domain: roles, bindings, sessions, tokens, audit log and secrets as people manage them',
    mayImport: ['base', 'telemetry', 'model', 'cel', 'api', 'config', 'store', 'graph', 'access', 'manifest'],
  },
  preferences: {
    purpose: 'domain: stars, saved views and the team of Home, as people keep them',
    mayImport: ['base', 'telemetry', 'model', 'cel', 'api', 'config', 'store', 'graph', 'access', 'manifest'],
  },
  fleet: {
    purpose: 'domain: the clusters read live: readers, columns, snapshots, states',
    mayImport: [
      'base',
      'telemetry',
      'model',
      'cel',
      'api',
      'config',
      'store',
      'graph',
      'access',
      'manifest',
      'live',
      'kube',
    ],
  },
  server: {
    purpose: 'composes manifests: HTTP, problem+json, event stream; backstage/ is the compatible API',
    mayImport: [
      'base',
      'telemetry',
      'model',
      'cel',
      'api',
      'config',
      'store',
      'graph',
      'access',
      'manifest',
      'git',
      'url',
      'catalog',
      'signin',
      'administration',
      'preferences',
      'live',
      'kube',
      'fleet',
    ],
  },
  cli: {
    purpose: 'commands',
    mayImport: [
      'base',
      'telemetry',
      'model',
      'cel',
      'api',
      'config',
      'store',
      'graph',
      'access',
      'manifest',
      'git',
      'url',
      'catalog',
      'signin',
      'administration',
      'preferences',
      'live',
      'kube',
      'fleet',
      'server',
    ],
  },
};

/** What web/ may import of src/: types and pure code only. */
export const webMayImport: readonly string[] = ['base', 'model', 'api'];

/** The files that may re-export: the public faces. */
export const publicEntries: readonly string[] = ['src/plugin.ts', 'src/client.ts'];

/** Files excused from the cap of 400 lines, with the length they may not pass. The list only shrinks. */
export const longFiles: Readonly<Record<string, number>> = {};
