import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigNode } from './config-node.ts';
import type { CatalogLocation } from './config.ts';

/** A value read from a node, or what was expected there instead. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value; readonly notices?: readonly string[] }
  | { readonly ok: false; readonly expected: string; readonly at?: ConfigNode };

/** Reads one kind of value. */
export type Parser<Value> = (node: ConfigNode) => Parsed<Value>;

const truths: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', 'y', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', 'n', '0'].map((word) => [word, false] as const),
]);

function scalarText(node: ConfigNode): string | undefined {
  if (node.kind !== 'scalar' || node.value === null || node.value === undefined) return undefined;
  const text = String(node.value).trim();
  return text === '' ? undefined : text;
}

/** A text that is not empty. */
export function text(expected = 'a text'): Parser<string> {
  return (node) => {
    const value = scalarText(node);
    return value === undefined ? { ok: false, expected } : { ok: true, value };
  };
}

/** A whole number within bounds, also written as text. */
export function wholeNumber(least: number, most: number): Parser<number> {
  const expected = `a whole number from ${least} to ${most}`;
  return (node) => {
    const written = scalarText(node);
    const value = written !== undefined && /^\d{1,15}$/.test(written) ? Number(written) : -1;
    return value < least || value > most ? { ok: false, expected } : { ok: true, value };
  };
}

/** `true` or `false`, and the words that YAML and Backstage take for them. */
export function truth(): Parser<boolean> {
  return (node) => {
    const value = truths.get(scalarText(node)?.toLowerCase() ?? '');
    return value === undefined ? { ok: false, expected: 'true or false' } : { ok: true, value };
  };
}

/** One of a few words. */
export function choice<const Word extends string>(words: readonly Word[]): Parser<Word> {
  return (node) => {
    const value = words.find((word) => word === scalarText(node));
    return value === undefined ? { ok: false, expected: `one of ${words.join(', ')}` } : { ok: true, value };
  };
}

/** A host name or address to listen on. */
export function host(): Parser<string> {
  return (node) => {
    const value = scalarText(node)?.replace(/^\[(.*)\]$/, '$1');
    return value !== undefined && /^[A-Za-z0-9.:_-]{1,253}$/.test(value)
      ? { ok: true, value }
      : { ok: false, expected: 'a host name or address, for example 127.0.0.1 or 0.0.0.0' };
  };
}

/** An http(s) URL without credentials, query or fragment; a slash at the end is dropped. */
export function webUrl(): Parser<string> {
  const expected = 'an http:// or https:// URL without a user name, query or fragment';
  return (node) => {
    const url = URL.parse(scalarText(node) ?? '');
    const plain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
    if (!plain || url.search !== '' || url.hash !== '') return { ok: false, expected };
    return { ok: true, value: url.href.replace(/\/+$/, '') };
  };
}

/** A PostgreSQL URL. */
export function databaseUrl(): Parser<string> {
  return (node) => {
    const value = scalarText(node);
    const url = URL.parse(value ?? '');
    return value !== undefined && url !== null && /^postgres(ql)?:$/.test(url.protocol)
      ? { ok: true, value }
      : { ok: false, expected: 'a URL such as postgres://user:password@host:5432/callboard' };
  };
}

/** A file or folder, made absolute from where it was written. */
export function path(): Parser<string> {
  return (node) => {
    const value = scalarText(node);
    if (value === undefined) return { ok: false, expected: 'the path of a file or folder' };
    return { ok: true, value: resolve(node.place.folder, value) };
  };
}

/** A list of paths; one path alone is a list of one. */
export function paths(): Parser<readonly string[]> {
  return (node) => {
    const found: string[] = [];
    for (const item of node.kind === 'list' ? node.items : [node]) {
      const parsed = path()(item);
      if (!parsed.ok) return { ok: false, expected: 'a list of paths', at: item };
      found.push(parsed.value);
    }
    return { ok: true, value: found };
  };
}

const urlScheme = /^[a-z][a-z0-9+.-]+:\/\//i;

/** The part of a file, folder or glob before its first wildcard. */
export function locationRoot(target: string): string {
  const parts = target.split('/');
  const wild = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
  return wild < 0 || existsSync(target) ? target : parts.slice(0, wild).join('/') || '/';
}

function readLocation(node: ConfigNode, found: CatalogLocation[], notices: string[]): ConfigNode | undefined {
  const { label, folder } = node.place;
  const written = scalarText(node);
  if (written !== undefined) {
    if (urlScheme.test(written)) notices.push(urlNotice(label));
    else found.push({ target: resolve(folder, written), origin: label });
    return undefined;
  }
  if (node.kind !== 'map') return node;
  const type = node.entries.get('type');
  if (type !== undefined && scalarText(type) !== 'file') {
    notices.push(scalarText(type) === 'url' ? urlNotice(label) : `${label}: only locations of type file are read here`);
    return undefined;
  }
  const target = node.entries.get('target') ?? node.entries.get('targets');
  if (target === undefined) return node;
  for (const item of target.kind === 'list' ? target.items : [target]) {
    const value = scalarText(item);
    if (value === undefined) return item;
    found.push({ target: resolve(item.place.folder, value), origin: item.place.label });
  }
  return undefined;
}

function urlNotice(label: string): string {
  return `${label}: this location is a URL; only files, folders and globs are read, so it is left out`;
}

/** Catalog locations: texts, or Backstage's maps `{type: file, target}`. */
export function locations(): Parser<readonly CatalogLocation[]> {
  return (node) => {
    const found: CatalogLocation[] = [];
    const notices: string[] = [];
    for (const item of node.kind === 'list' ? node.items : [node]) {
      const wrong = readLocation(item, found, notices);
      if (wrong !== undefined) {
        return { ok: false, expected: 'a list of files, folders or globs, or of {type: file, target: ...}', at: wrong };
      }
    }
    return { ok: true, value: found, notices };
  };
}
