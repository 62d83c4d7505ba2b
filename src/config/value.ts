import { resolve } from 'node:path';
import type { ConfigMap, ConfigNode } from './config-node.ts';

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

/** The text of a single value without white space around it; undefined for what is empty, a list or a map. */
export function scalarText(node: ConfigNode): string | undefined {
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

const secondsByUnit: ReadonlyMap<string, number> = new Map([
  ['milliseconds', 0.001],
  ['seconds', 1],
  ['minutes', 60],
  ['hours', 3600],
  ['days', 86_400],
  ['weeks', 604_800],
]);

/** `30s`, `1h30m`, and the same as ISO 8601 writes it: `PT1H30M`. */
const spelledDuration = /^(?:P(?:(\d+)D)?T)?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/i;

/**
 * A time span in whole seconds: a number of seconds, `false` for 0, `5m`, `PT5M`, or Backstage's map `{minutes: 5}`.
 *
 * @param most seconds
 * @param least seconds
 */
export function seconds(most: number, least = 0): Parser<number> {
  const never = least === 0 ? ', or false' : '';
  const expected = `a number of seconds from ${least} to ${most}, a time such as 5m or {minutes: 5}${never}`;
  return (node) => {
    const value = node.kind === 'map' ? mappedSeconds(node) : spelledSeconds(scalarText(node) ?? '');
    const whole = value === undefined ? -1 : Math.ceil(value);
    return whole < least || whole > most ? { ok: false, expected } : { ok: true, value: whole };
  };
}

function mappedSeconds({ entries }: ConfigMap): number | undefined {
  let sum = 0;
  for (const [unit, node] of entries) {
    const factor = secondsByUnit.get(unit);
    const count = Number(scalarText(node) ?? Number.NaN);
    if (factor === undefined || !(count >= 0)) return undefined;
    sum += count * factor;
  }
  return entries.size === 0 ? undefined : sum;
}

function spelledSeconds(written: string): number | undefined {
  if (written === 'false') return 0;
  if (/^\d{1,9}(\.\d+)?$/.test(written)) return Number(written);
  const parts = spelledDuration.exec(written)?.slice(1);
  if (parts === undefined || parts.every((part) => part === undefined)) return undefined;
  const [days = 0, hours = 0, minutes = 0, rest = 0] = parts.map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + rest;
}
