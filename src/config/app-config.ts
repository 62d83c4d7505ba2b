import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readAppAccess } from './app-external-access.ts';
import { readAppKubernetes } from './app-kubernetes.ts';
import { readAppSignIn } from './app-sign-in.ts';
import { mergeNodes, nodeAt, scalarNode } from './config-node.ts';
import type { ConfigNode, ConfigScalar } from './config-node.ts';
import { publicForges, type Forge } from './config.ts';
import type { Environment } from './environment.ts';
import type { Findings, Layer } from './layer.ts';
import { readSetting } from './layer.ts';
import { locationRoot } from './location-value.ts';
import type { OptionName } from './options.ts';

/** Backstage's configuration files in a folder, in the order in which they are laid over each other. */
export function appConfigFiles(folder: string, environment: Environment): string[] {
  const stage = environment['BACKSTAGE_ENV'];
  const names = ['app-config.yaml'];
  if (stage !== undefined && /^[\w-]+$/.test(stage)) names.push(`app-config.${stage}.yaml`);
  names.push('app-config.local.yaml');
  if (stage !== undefined && /^[\w-]+$/.test(stage)) names.push(`app-config.${stage}.local.yaml`);
  return names.map((name) => join(folder, name)).filter((file) => existsSync(file));
}

/** Lays `APP_CONFIG_backend_baseUrl=...` and the like over the files, as Backstage does; JSON where it parses. */
export function withAppConfigVariables(
  root: ConfigNode | undefined,
  environment: Environment,
  cwd: string,
): ConfigNode {
  const place = { label: 'APP_CONFIG', folder: cwd };
  let tree = root ?? { kind: 'map', place, entries: new Map<string, ConfigNode>() };
  for (const [name, written] of Object.entries(environment)) {
    if (!name.startsWith('APP_CONFIG_') || written === undefined) continue;
    const at = { label: name, folder: cwd };
    const leaf: ConfigScalar = { ...scalarNode(unquoted(written), at), written: `\${${name}}` };
    const keys = name.slice('APP_CONFIG_'.length).split('_');
    tree = mergeNodes(
      tree,
      keys.reduceRight<ConfigNode>(
        (child, key) => ({ kind: 'map', place: at, entries: new Map([[key, child]]) }),
        leaf,
      ),
    );
  }
  return tree;
}

/** A JSON scalar's value, or the text itself. Lists and maps are not taken from a variable. */
function unquoted(written: string): string | number | boolean {
  const json = /^"[^"\\]*"$/.test(written) ? written.slice(1, -1) : written;
  return json === 'true' ? true : json === 'false' ? false : json;
}

/** Backstage's `backend.listen`: `":7007"`, `"host:7007"` or `{host, port}`. */
function readListen(layer: Layer, node: ConfigNode, findings: Findings): void {
  if (node.kind === 'map') {
    const host = nodeAt(node, 'host');
    const port = nodeAt(node, 'port');
    if (host !== undefined) readSetting(layer, 'host', host, findings, 'backend.listen.host');
    if (port !== undefined) readSetting(layer, 'port', port, findings, 'backend.listen.port');
    return;
  }
  const text = node.kind === 'scalar' ? String(node.value ?? '') : '';
  const [, host = '', port = ''] = /^(.*?):?(\d+)$/.exec(text) ?? [];
  const part = (value: string): ConfigNode => ({ ...scalarNode(value, node.place), written: text });
  if (host !== '') readSetting(layer, 'host', part(host), findings, 'backend.listen');
  readSetting(layer, 'port', port === '' ? node : part(port), findings, 'backend.listen');
}

type Written = string | number | boolean | undefined;

function valueAt(node: ConfigNode, key: string): Written {
  const child = nodeAt(node, key);
  return child?.kind === 'scalar' ? (child.value ?? undefined) : undefined;
}

function sslMode(connection: ConfigNode, findings: Findings): string | undefined {
  const ssl = nodeAt(connection, 'ssl');
  if (ssl === undefined) return undefined;
  if (ssl.kind === 'scalar') return ssl.value === true || ssl.value === 'true' ? 'verify-full' : undefined;
  if (nodeAt(ssl, 'ca') !== undefined || nodeAt(ssl, 'key') !== undefined) {
    findings.problems.push(
      `${ssl.place.label}: certificates inside backend.database.connection.ssl are not read; ` +
        'set CALLBOARD_DATABASE to a URL with sslrootcert=<file>',
    );
  }
  return valueAt(ssl, 'rejectUnauthorized') === false ? 'no-verify' : 'verify-full';
}

/** The URL of a connection written as a map. */
function connectionUrl(connection: ConfigNode, findings: Findings): string {
  const url = new URL('postgres://localhost');
  const text = (key: string): string => String(valueAt(connection, key) ?? '');
  url.hostname = text('host') || 'localhost';
  url.port = text('port');
  url.username = encodeURIComponent(text('user'));
  url.password = encodeURIComponent(text('password'));
  // Backstage makes a database for each plugin and so often names none.
  url.pathname = `/${encodeURIComponent(text('database') || 'callboard')}`;
  const mode = sslMode(connection, findings);
  if (mode !== undefined) url.searchParams.set('sslmode', mode);
  return url.href;
}

function readDatabase(layer: Layer, node: ConfigNode, findings: Findings): void {
  const connection = nodeAt(node, 'connection');
  if (valueAt(node, 'client') !== 'pg' || connection === undefined) return;
  const key = 'backend.database.connection';
  if (connection.kind !== 'map') {
    readSetting(layer, 'database', connection, findings, key);
    return;
  }
  const missing = [...connection.entries.values()].flatMap((child) => (child.kind === 'scalar' ? child.unset : []));
  if (missing.length > 0) {
    findings.problems.push(
      `${connection.place.label}: ${key} needs the environment variables ${missing.join(', ')}, which are not set`,
    );
    return;
  }
  const url = scalarNode(connectionUrl(connection, findings), connection.place);
  readSetting(layer, 'database', url, findings, key);
}

/**
 * Backstage resolves file targets from the folder its backend runs in, usually packages/backend; a person who writes
 * them beside the file means that folder. The first of the two where the file exists is taken.
 */
function placeTargets(node: ConfigNode): ConfigNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(placeTargets) };
  if (node.kind === 'map') {
    const type = valueAt(node, 'type');
    if (type !== undefined && type !== 'file') return node;
    const entries = [...node.entries].map(([key, child]) => [key, placeTargets(child)] as const);
    return { ...node, entries: new Map(entries) };
  }
  const written = String(node.value ?? '');
  const backend = join(node.place.folder, 'packages', 'backend');
  const exists = (folder: string): boolean => existsSync(locationRoot(resolve(folder, written)));
  const moved = !exists(node.place.folder) && exists(backend);
  return moved ? { ...node, place: { ...node.place, folder: backend } } : node;
}

/** The forges of Backstage's `integrations`, by its names of them. Their tokens are not read: git has its own. */
const forgeKeys: readonly (readonly [key: string, type: Forge['type']])[] = [
  ['github', 'github'],
  ['gitlab', 'gitlab'],
  ['bitbucketCloud', 'bitbucket'],
  ['gitea', 'gitea'],
  ['azure', 'azure'],
];

function readIntegrations(layer: Layer, root: ConfigNode, findings: Findings): void {
  const items: ConfigNode[] = [];
  for (const [key, type] of forgeKeys) {
    const list = nodeAt(root, 'integrations', key);
    for (const item of list?.kind === 'list' ? list.items : []) {
      const host = nodeAt(item, 'host');
      if (host === undefined || publicForges.some((forge) => forge.host === valueAt(item, 'host'))) continue;
      const entries = new Map([
        ['host', host],
        ['type', scalarNode(type, host.place)],
      ]);
      items.push({ kind: 'map', place: item.place, entries });
    }
  }
  if (items.length === 0) return;
  readSetting(layer, 'forges', { kind: 'list', place: root.place, items }, findings, 'integrations');
}

/** Backstage's keys that are options here as they are. */
const sameKeys: readonly (readonly [key: string, OptionName])[] = [
  ['backend.baseUrl', 'baseUrl'],
  ['backend.reading.allow', 'readingAllow'],
  ['catalog.rules', 'rules'],
  ['catalog.readonly', 'readonly'],
  ['catalog.orphanStrategy', 'orphanStrategy'],
  ['catalog.defaultLocationConflictStrategy', 'onLocationConflict'],
  ['catalog.processingInterval', 'refreshSeconds'],
];

/** What Callboard takes from Backstage's configuration. Keys that it does not know belong to others and are left alone. */
export function readAppConfig(root: ConfigNode, findings: Findings): Layer {
  const layer: Layer = {};
  // As in Backstage, a value whose variable is not set counts as not written; here that is said.
  const at = (...path: readonly string[]): ConfigNode | undefined => {
    const node = nodeAt(root, ...path);
    if (node?.kind !== 'scalar' || node.unset.length === 0) return node;
    findings.notices.push(`${node.place.label}: ${path.join('.')} is left out, ${node.unset.join(', ')} is not set`);
    return undefined;
  };
  const name = at('organization', 'name') ?? at('app', 'title');
  if (name !== undefined) readSetting(layer, 'organization', name, findings, 'organization.name');
  for (const [key, option] of sameKeys) {
    const node = at(...key.split('.'));
    if (node !== undefined) readSetting(layer, option, node, findings, key);
  }
  const listen = at('backend', 'listen');
  if (listen !== undefined) readListen(layer, listen, findings);
  const database = nodeAt(root, 'backend', 'database');
  if (database !== undefined) readDatabase(layer, database, findings);
  readIntegrations(layer, root, findings);
  readAppAccess(layer, root, findings);
  readAppSignIn(layer, root, findings);
  readAppKubernetes(layer, root, findings);
  const locations = nodeAt(root, 'catalog', 'locations');
  if (locations !== undefined) readSetting(layer, 'locations', placeTargets(locations), findings, 'catalog.locations');
  return layer;
}
