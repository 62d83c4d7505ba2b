import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AllowedKind } from '../model/catalog-rule.ts';
import type { ConfigMap, ConfigNode } from './config-node.ts';
import type { CatalogLocation, LocationType } from './config.ts';
import { allowedKinds } from './rule-value.ts';
import { scalarText } from './value.ts';
import type { Parsed, Parser } from './value.ts';

/** The part of a file, folder or glob before its first wildcard. */
export function locationRoot(target: string): string {
  const parts = target.split('/');
  const wild = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
  return wild < 0 || existsSync(target) ? target : parts.slice(0, wild).join('/') || '/';
}

const anyTarget = 'a list of files, folders, globs, URLs or git:<repository>, or of {type: file|url|git, target: ...}';
const mapKeys: ReadonlySet<string> = new Set(['type', 'target', 'targets', 'rules']);

interface Wrong {
  readonly ok: false;
  readonly expected: string;
  readonly at: ConfigNode;
}

/** Catalog locations: texts, or Backstage's maps `{type, target, rules}`. */
export function locations(): Parser<readonly CatalogLocation[]> {
  return (node) => {
    const found: CatalogLocation[] = [];
    const notices: string[] = [];
    for (const item of node.kind === 'list' ? node.items : [node]) {
      const parsed = item.kind === 'map' ? mapped(item) : plain(item);
      if (!parsed.ok) return parsed;
      found.push(...parsed.value);
      notices.push(...(parsed.notices ?? []));
    }
    return { ok: true, value: found, notices };
  };
}

/** A location that is written as one text. Its type shows at its beginning. */
function plain(node: ConfigNode): Parsed<readonly CatalogLocation[]> {
  const written = scalarText(node);
  if (written === undefined) return wrong(node, anyTarget);
  const [, prefix, rest = ''] = /^(url|git):(.*)$/i.exec(written) ?? [];
  if (prefix !== undefined) return at(node, prefix.toLowerCase() as LocationType, rest);
  if (/^https?:\/\//i.test(written)) return at(node, 'url', written);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(written)) return wrong(node, `${anyTarget}; a repository begins with git:`);
  return at(node, 'file', written);
}

function mapped(node: ConfigMap): Parsed<readonly CatalogLocation[]> {
  const written = node.entries.get('type');
  const type = written === undefined ? 'file' : scalarText(written);
  if (type === undefined) return wrong(node, anyTarget);
  if (type !== 'file' && type !== 'url' && type !== 'git') {
    // Processors of Backstage's plugins have types of their own.
    const notice = `${node.place.label}: only locations of type file, url and git are read, so this one is left out`;
    return { ok: true, value: [], notices: [notice] };
  }
  const unknown = [...node.entries].find(([key]) => !mapKeys.has(key));
  if (unknown) return wrong(unknown[1], `only ${[...mapKeys].join(', ')} in a location`);
  const rules = node.entries.get('rules');
  const allowed = rules === undefined ? undefined : ownKinds(rules);
  if (allowed?.ok === false) return allowed;
  const target = node.entries.get('target') ?? node.entries.get('targets');
  if (target === undefined) return wrong(node, anyTarget);
  const found: CatalogLocation[] = [];
  for (const item of target.kind === 'list' ? target.items : [target]) {
    const parsed = at(item, type, scalarText(item) ?? '', allowed?.value);
    if (!parsed.ok) return parsed;
    found.push(...parsed.value);
  }
  return { ok: true, value: found };
}

/** `rules` of one location: a list of `{allow: [kind]}`. */
function ownKinds(node: ConfigNode): Wrong | { readonly ok: true; readonly value: readonly AllowedKind[] } {
  const found: AllowedKind[] = [];
  for (const rule of node.kind === 'list' ? node.items : [node]) {
    const allow = rule.kind === 'map' && rule.entries.size === 1 ? rule.entries.get('allow') : undefined;
    if (allow === undefined) return wrong(rule, 'a list of {allow: [kinds]}');
    const kinds = allowedKinds(allow);
    if (!kinds.ok) return { at: allow, ...kinds };
    found.push(...kinds.value);
  }
  return { ok: true, value: found };
}

function at(
  node: ConfigNode,
  type: LocationType,
  written: string,
  allowed?: readonly AllowedKind[],
): Parsed<readonly CatalogLocation[]> {
  const { folder, label } = node.place;
  const target = targetReaders[type](written, folder);
  if (target === undefined) return wrong(node, expectedTarget[type]);
  return { ok: true, value: [{ type, target, origin: label, ...(allowed && { allowed }) }] };
}

const expectedTarget: Readonly<Record<LocationType, string>> = {
  file: 'the path of a file or folder, or a glob',
  url: 'an http:// or https:// URL without a user name',
  git: 'the URL or path of a git repository without credentials, then //<path> and ?ref=<ref> as needed',
};

const targetReaders: Readonly<Record<LocationType, (written: string, folder: string) => string | undefined>> = {
  file: (written, folder) => (written === '' ? undefined : resolve(folder, written)),
  url: (written) => {
    const url = URL.parse(written);
    const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
    return isPlain ? written : undefined;
  },
  git: (written, folder) => {
    if (written === '' || written.startsWith('-')) return undefined;
    const [, scheme, user] = /^([a-z][a-z0-9+.-]*):\/\/([^/\s]*)@/i.exec(written) ?? [];
    // A token may stand as a user name; ssh alone needs one.
    if (user !== undefined && (scheme?.toLowerCase() !== 'ssh' || user.includes(':'))) return undefined;
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written) || /^[\w.-]+@[\w.-]+:/.test(written)) return written;
    const [repository = '', ...inside] = written.split('//');
    return [resolve(folder, repository), ...inside].join('//');
  },
};

function wrong(node: ConfigNode, expected: string): Wrong {
  return { ok: false, expected, at: node };
}
