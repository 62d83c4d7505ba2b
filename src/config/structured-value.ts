import type { ConfigMap, ConfigNode } from './config-node.ts';
import { scalarText, type Parsed, type Parser } from './value.ts';

/** A part of a value, read, or what was expected there instead. */
export type Read<Value> = { readonly ok: true; readonly value: Value } | Extract<Parsed<Value>, { ok: false }>;

/** Reads every item of a list; the first that is wrong is what is wrong with the list. */
export function eachItem<Item>(
  node: ConfigNode,
  expected: string,
  read: (item: ConfigNode) => Read<Item>,
): Read<readonly Item[]> {
  if (node.kind !== 'list') return { ok: false, expected, at: node };
  const found: Item[] = [];
  for (const item of node.items) {
    const parsed = read(item);
    if (!parsed.ok) return { at: item, ...parsed };
    found.push(parsed.value);
  }
  return { ok: true, value: found };
}

/** A map with no other keys than these. */
export function mapOf(node: ConfigNode, keys: readonly string[], expected: string): Read<ConfigMap> {
  if (node.kind !== 'map') return { ok: false, expected, at: node };
  const unknown = [...node.entries].find(([key]) => !keys.includes(key));
  return unknown ? { ok: false, expected, at: unknown[1] } : { ok: true, value: node };
}

/** The fields of a map that holds nothing but texts. */
export function textFields<const Key extends string>(
  node: ConfigNode,
  keys: readonly Key[],
  expected: string,
): Read<{ readonly [Name in Key]?: string }> {
  const map = mapOf(node, keys, expected);
  if (!map.ok) return map;
  const fields: { [Name in Key]?: string } = {};
  for (const key of keys) {
    const child = map.value.entries.get(key);
    if (child === undefined) continue;
    const text = scalarText(child);
    if (text === undefined) return { ok: false, expected: 'a text', at: child };
    fields[key] = text;
  }
  return { ok: true, value: fields };
}

/** What a map of values comes to: each key may be missing. */
type Fields<Readers> = {
  readonly [Key in keyof Readers]?: Readers[Key] extends (node: ConfigNode) => infer Result
    ? Extract<Result, { readonly ok: true }> extends { readonly value: infer Value }
      ? Value
      : never
    : never;
};

/** Reads a map with a parser for each of its keys; any other key is refused. */
export function readFields<const Readers extends Readonly<Record<string, Parser<unknown>>>>(
  node: ConfigNode,
  readers: Readers,
): Read<Fields<Readers>> {
  const map = mapOf(node, Object.keys(readers), `a map of ${Object.keys(readers).join(', ')}`);
  if (!map.ok) return map;
  const fields: Record<string, unknown> = {};
  for (const [key, child] of map.value.entries) {
    const parsed = readers[key]?.(child);
    if (parsed === undefined) continue;
    if (!parsed.ok) return { at: child, ...parsed, expected: `${key} to be ${parsed.expected}` };
    fields[key] = parsed.value;
  }
  return { ok: true, value: fields as Fields<Readers> };
}
