import { existsSync, statSync } from 'node:fs';
import { basename, delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appConfigFiles, readAppConfig, withAppConfigVariables } from './app-config.ts';
import { noAudit, noSecrets } from './audit-config.ts';
import { noBackstage } from './backstage-config.ts';
import { listNode, mergeNodes, scalarNode } from './config-node.ts';
import type { ConfigNode } from './config-node.ts';
import { isAccessConfigured, publicForges, type CatalogConfig, type CatalogLocation, type Config } from './config.ts';
import type { Environment } from './environment.ts';
import { configFailure } from './errors.ts';
import { settleFleet } from './fleet-options.ts';
import { readCallboardFile, readSetting } from './layer.ts';
import type { Findings, Layer } from './layer.ts';
import { optionNames, options } from './options.ts';
import type { OptionName } from './options.ts';
import { locationRoot } from './location-value.ts';
import { settlePolicy } from './policy-options.ts';
import { noSignIn, type SignInConfig } from './sign-in-config.ts';
import { substitute } from './substitution.ts';
import { fileLabel, parseConfigText, readConfigText } from './yaml-file.ts';

/** Flags as given: by the name of the setting, plus the configuration files. */
export type Flags = { readonly [Name in OptionName]?: string | boolean | readonly string[] } & {
  /** Files instead of the one that would be found; several are laid over each other. */
  readonly config?: readonly string[];
};

/** What to make a configuration from. */
export interface ConfigSource {
  /** Folder in which configuration is looked for; relative flags start here. */
  readonly cwd: string;
  readonly flags: Flags;
  readonly env: Environment;
  /** True when a person reads the log. Default false. */
  readonly terminal?: boolean;
}

/** A configuration and what the person should know about it. */
export interface LoadedConfig {
  readonly config: Config;
  readonly notices: readonly string[];
  /** The files that were read. */
  readonly files: readonly string[];
}

const defaultPort = 7007;
const usualDemoClusters = 12;

/** Folder of the demo organisation's descriptors, the same in a clone and in the package. */
export const demoFolder = fileURLToPath(new URL('../../demo/organisation', import.meta.url));

function flagLayer(source: ConfigSource, findings: Findings): Layer {
  const layer: Layer = {};
  for (const name of optionNames) {
    const value = source.flags[name];
    if (value === undefined) continue;
    const place = { label: options[name].flag?.split(' ')[0] ?? name, folder: source.cwd };
    const list = typeof value !== 'string' && typeof value !== 'boolean';
    readSetting(layer, name, list ? listNode(value, place) : scalarNode(value, place), findings);
  }
  for (const { type, target, origin } of layer.locations ?? []) {
    if (type !== 'file' || existsSync(locationRoot(target))) continue;
    findings.problems.push(`${origin}: there is no file or folder ${locationRoot(target)}`);
  }
  return layer;
}

/**
 * The files, folders and globs that a command was given as arguments.
 *
 * @throws CONFIG_INVALID for a path that is not there, and for what is no path
 */
export function locationsOf(paths: readonly string[], cwd: string): readonly CatalogLocation[] {
  const findings: Findings = { problems: [], notices: [] };
  const { locations = [] } = flagLayer({ cwd, env: {}, flags: { locations: paths } }, findings);
  for (const { type, target } of locations) {
    if (type !== 'file') findings.problems.push(`${target} is no file, folder or glob, and only those are read here`);
  }
  refuseProblems(findings);
  return locations;
}

function refuseProblems({ problems }: Findings): void {
  if (problems.length > 0) throw configFailure('CONFIG_INVALID', { text: problems.join('\n'), problems });
}

function environmentLayer(source: ConfigSource, findings: Findings): Layer {
  const layer: Layer = {};
  for (const name of optionNames) {
    const variable = options[name].env.find((candidate) => (source.env[candidate] ?? '') !== '');
    if (variable === undefined) continue;
    const place = { label: variable, folder: source.cwd };
    const written = source.env[variable] ?? '';
    const parts = options[name].split?.(written);
    readSetting(layer, name, parts ? listNode(parts, place) : scalarNode(written, place), findings);
  }
  return layer;
}

/** The configuration files to read: those named, else callboard.yaml, else Backstage's. */
function findFiles(source: ConfigSource): string[] {
  const variable = source.env['CALLBOARD_CONFIG'] ?? '';
  const named = source.flags.config ?? (variable === '' ? [] : variable.split(delimiter));
  if (named.length > 0) return named.map((file) => resolve(source.cwd, file));
  const own = ['callboard.yaml', 'callboard.yml']
    .map((name) => join(source.cwd, name))
    .find((file) => existsSync(file));
  return own === undefined ? appConfigFiles(source.cwd, source.env) : [own];
}

async function fileLayer(files: readonly string[], source: ConfigSource, findings: Findings): Promise<Layer> {
  let backstage: ConfigNode | undefined;
  let own: ConfigNode | undefined;
  for (const file of files) {
    const text = await readConfigText(file);
    const parsed = parseConfigText(text, file, fileLabel(file, source.cwd));
    const tree = await substitute(parsed, { environment: source.env, cwd: source.cwd });
    // Named by its file: a Backstage file holds keys of a hundred plugins, ours only its own.
    if (basename(file).startsWith('app-config')) backstage = mergeNodes(backstage, tree);
    else own = mergeNodes(own, tree);
  }
  if (backstage !== undefined) backstage = withAppConfigVariables(backstage, source.env, source.cwd);
  return {
    ...(backstage === undefined ? {} : readAppConfig(backstage, findings)),
    ...(own === undefined ? {} : readCallboardFile(own, findings)),
  };
}

/** The port of a file's baseUrl says nothing once a flag or variable has moved the port of a local server. */
function settleBaseUrl(over: Layer, file: Layer, port: number): string {
  if (over.baseUrl !== undefined) return over.baseUrl;
  const local = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(file.baseUrl ?? '');
  const moved = over.port !== undefined && over.port !== file.port;
  return file.baseUrl !== undefined && !(local && moved) ? file.baseUrl : `http://localhost:${port}`;
}

/** A catalog of these locations with everything else by default. */
export function catalogOf(locations: readonly CatalogLocation[]): CatalogConfig {
  return settleCatalog({ locations }, false);
}

function settleCatalog(all: Layer, demo: boolean): CatalogConfig {
  const locations = all.locations ?? [];
  const shown: CatalogLocation = { type: 'file', target: demoFolder, origin: 'the demo organisation' };
  return {
    locations: demo ? [...locations, shown] : locations,
    rules: all.rules,
    readonly: all.readonly ?? false,
    orphanStrategy: all.orphanStrategy ?? 'delete',
    onLocationConflict: all.onLocationConflict ?? 'reject',
    forges: [...(all.forges ?? []), ...publicForges],
    refreshSeconds: all.refreshSeconds ?? 120,
    exact: all.exact ?? false,
  };
}

/** Whoever names clusters sees those. */
function isFleetConfigured({ kubeconfigs, inCluster, backstageKubernetes }: Layer): boolean {
  return kubeconfigs !== undefined || (inCluster ?? '') !== '' || backstageKubernetes !== undefined;
}

function settleSignIn(all: Layer): SignInConfig {
  const { idleHours, maxHours } = noSignIn.sessions;
  const longest = all.sessionMaxHours ?? maxHours;
  return {
    providers: all.signInProviders ?? noSignIn.providers,
    resolvers: all.signInResolvers ?? noSignIn.resolvers,
    allowUnknownUsers: all.allowUnknownUsers ?? noSignIn.allowUnknownUsers,
    sessions: { idleHours: Math.min(all.sessionIdleHours ?? idleHours, longest), maxHours: longest },
  };
}

function settle(over: Layer, file: Layer, files: readonly string[], source: ConfigSource): Config {
  const all: Layer = { ...file, ...over };
  const nothing = files.length === 0 && all.locations === undefined;
  const demo = all.demo ?? nothing;
  const port = all.port ?? defaultPort;
  const signIn = settleSignIn(all);
  const access = settlePolicy(all);
  return {
    listen: {
      host: all.host ?? '127.0.0.1',
      port,
      ...(all.trustedProxies !== undefined && { trustedProxies: all.trustedProxies }),
    },
    baseUrl: settleBaseUrl(over, file, port),
    organization: all.organization ?? 'Callboard',
    dataFolder: all.data ?? join(source.cwd, '.callboard'),
    databaseUrl: all.database,
    catalog: settleCatalog(all, demo),
    fleet: settleFleet(all),
    reading: { allow: all.readingAllow ?? [] },
    demo,
    demoClusters: demo ? (all.demoClusters ?? (isFleetConfigured(all) ? 0 : usualDemoClusters)) : 0,
    plugins: all.plugins ?? [],
    guests: all.guests ?? (isAccessConfigured({ signIn, access }) ? 'never' : 'loopback'),
    signIn,
    access,
    backstage: {
      externalAccess: all.externalAccess ?? noBackstage.externalAccess,
      appOrigins: all.appOrigins ?? noBackstage.appOrigins,
      tokenSeconds: all.identityTokenSeconds ?? noBackstage.tokenSeconds,
    },
    audit: { sinks: all.auditSinks ?? noAudit.sinks },
    secrets: { keys: all.secretKeys ?? noSecrets.keys },
    log: {
      level: all.logLevel ?? (source.terminal === true ? 'warn' : 'info'),
      format: all.logFormat ?? (source.terminal === true ? 'text' : 'json'),
    },
    retention: {
      revisions: all.retentionRevisions ?? 10_000,
      logRows: all.retentionRows ?? 1_000_000,
      historyDays: all.historyDays ?? 365,
      auditDays: all.auditRetentionDays ?? 400,
      timeline: { days: all.timelineDays ?? 30, bytes: (all.timelineMegabytes ?? 200) * 1_000_000 },
    },
  };
}

/**
 * The configuration of one process. Flags win over environment, environment over file, file over default.
 *
 * @throws CONFIG_INVALID naming every wrong setting with its place; CONFIG_FILE_MISSING
 */
export async function loadConfig(source: ConfigSource): Promise<LoadedConfig> {
  const findings: Findings = { problems: [], notices: [] };
  const files = findFiles(source);
  for (const file of files) {
    if (existsSync(file) && statSync(file).isFile()) continue;
    throw configFailure('CONFIG_FILE_MISSING', { file, reason: 'there is no such file' });
  }
  const over = { ...environmentLayer(source, findings), ...flagLayer(source, findings) };
  const file = await fileLayer(files, source, findings);
  refuseProblems(findings);
  return { config: settle(over, file, files, source), notices: findings.notices, files };
}
