import type { AllowedKind, CatalogRule, RuleLocation } from '../model/catalog-rule.ts';
import type { ConfigNode } from './config-node.ts';
import { forgeTypes, type AllowedHost, type Forge } from './config.ts';
import { readSecretText, type SecretText } from './secret-text.ts';
import { eachItem, mapOf, textFields, type Read } from './structured-value.ts';
import { scalarText } from './value.ts';
import type { Parser } from './value.ts';

/** `catalog.rules`, as in Backstage. */
export function catalogRules(): Parser<readonly CatalogRule[]> {
  return (node) => eachItem(node, 'a list of {allow: [kinds], locations: [...]}', readRule);
}

/** `reading.allow`: hosts as texts, or Backstage's maps `{host, paths}`. */
export function allowedHosts(): Parser<readonly AllowedHost[]> {
  return (node) => eachItem(node, 'a list of hosts, or of {host: ..., paths: [...]}', readHost);
}

/** `catalog.forges`: maps of host and type. */
export function forges(): Parser<readonly Forge[]> {
  return (node) => eachItem(node, 'a list of {host: ..., type: ...}', readForge);
}

/** Kinds as texts or as `{kind, spec.type}`. */
export function allowedKinds(node: ConfigNode): Read<readonly AllowedKind[]> {
  return eachItem(node, 'a list of kinds, or of {kind: ..., spec.type: ...}', readKind);
}

function readRule(node: ConfigNode): Read<CatalogRule> {
  const expected = 'a map of allow (a list of kinds) and, if need be, locations';
  const map = mapOf(node, ['allow', 'locations'], expected);
  if (!map.ok) return map;
  const allow = map.value.entries.get('allow');
  const locations = map.value.entries.get('locations');
  if (allow === undefined) return { ok: false, expected, at: node };
  const kinds = allowedKinds(allow);
  if (!kinds.ok) return kinds;
  if (locations === undefined) return { ok: true, value: { allow: kinds.value } };
  const places = eachItem(locations, 'a list of {type: ..., exact: ...} or {type: ..., pattern: ...}', readPlace);
  return places.ok ? { ok: true, value: { allow: kinds.value, locations: places.value } } : places;
}

function readKind(node: ConfigNode): Read<AllowedKind> {
  const expected = 'a kind, or {kind: ..., spec.type: ...}';
  const written = scalarText(node);
  if (written !== undefined) return { ok: true, value: { kind: written } };
  const fields = textFields(node, ['kind', 'spec.type'], expected);
  if (!fields.ok) return fields;
  const { kind, 'spec.type': type } = fields.value;
  if (kind === undefined) return { ok: false, expected, at: node };
  return { ok: true, value: { kind, ...(type !== undefined && { type }) } };
}

function readPlace(node: ConfigNode): Read<RuleLocation> {
  const expected = 'a map of type, and of exact or pattern but not both';
  const fields = textFields(node, ['type', 'exact', 'pattern'], expected);
  if (!fields.ok) return fields;
  const { exact, pattern } = fields.value;
  return exact !== undefined && pattern !== undefined ? { ok: false, expected, at: node } : fields;
}

/** A host name or address with an optional port, or `*.` before one. */
const hostPattern = /^(\*\.)?([a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:\d{1,5})?$/;

function readHost(node: ConfigNode): Read<AllowedHost> {
  const expected = 'a host such as git.example, git.example:8443 or *.example';
  const map =
    node.kind === 'map' ? mapOf(node, ['host', 'paths', 'token'], 'a map of host, paths and token') : undefined;
  if (map?.ok === false) return map;
  const hostNode = map === undefined ? node : map.value.entries.get('host');
  const host = hostNode && scalarText(hostNode)?.toLowerCase();
  if (host === undefined || !hostPattern.test(host)) return { ok: false, expected, at: hostNode ?? node };
  const token = readToken(map?.value.entries.get('token'));
  if (!token.ok) return token;
  const entry = { host, ...token.value };
  const pathsNode = map?.value.entries.get('paths');
  if (pathsNode === undefined) return { ok: true, value: entry };
  const paths = eachItem(pathsNode, 'a list of paths', readPath);
  return paths.ok ? { ok: true, value: { ...entry, paths: paths.value } } : paths;
}

function readToken(node: ConfigNode | undefined): Read<{ readonly token?: SecretText }> {
  if (node === undefined) return { ok: true, value: {} };
  const token = readSecretText(node);
  return token.ok ? { ok: true, value: { token: token.value } } : token;
}

function readForge(node: ConfigNode): Read<Forge> {
  const expected = `a map of host, such as git.example, and type, one of ${forgeTypes.join(', ')}`;
  const map = mapOf(node, ['host', 'type', 'token'], expected);
  if (!map.ok) return map;
  const { entries } = map.value;
  const textOf = (key: string): string | undefined => scalarText(entries.get(key) ?? node);
  const host = textOf('host')?.toLowerCase();
  const type = forgeTypes.find((known) => known === textOf('type'));
  const token = readToken(entries.get('token'));
  if (!token.ok) return token;
  if (host === undefined || host.startsWith('*') || !hostPattern.test(host) || type === undefined) {
    return { ok: false, expected, at: node };
  }
  return { ok: true, value: { host, type, ...token.value } };
}

function readPath(node: ConfigNode): Read<string> {
  const value = scalarText(node);
  if (value?.startsWith('/') === true) return { ok: true, value };
  return { ok: false, expected: 'a path that begins with /', at: node };
}
