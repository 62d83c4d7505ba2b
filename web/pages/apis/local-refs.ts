import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/model/json.ts';

/** What a value is after its references were followed. */
export interface Resolved {
  /** Undefined: it is no object, or it lies outside of the document. */
  readonly value?: JsonObject | undefined;
  /** The object of the document that `value` is, without what stands beside the references to it. */
  readonly identity?: JsonObject | undefined;
  /** Last part of the last reference, which is the name of what it refers to. */
  readonly name?: string | undefined;
  /** A reference that leads out of the document, or nowhere. */
  readonly broken?: string | undefined;
}

/** Chains longer than this are taken for circles. */
const MAX_HOPS = 20;

/** What may stand beside a reference and then counts more than what it refers to (OpenAPI 3.1, JSON Schema 2020-12). */
const SIBLINGS = ['summary', 'description', 'deprecated'] as const;

/** Follows `$ref` within one document. Nothing is ever fetched. */
export class LocalRefs {
  readonly #root: JsonObject;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** @param value an object, or an object with `$ref` that stands for one */
  resolve(value: JsonValue | undefined): Resolved {
    let here = value;
    let name: string | undefined;
    const beside: Record<string, JsonValue> = {};
    for (let hop = 0; hop < MAX_HOPS && isJsonObject(here) && typeof here['$ref'] === 'string'; hop += 1) {
      const ref = here['$ref'];
      for (const key of SIBLINGS) {
        const sibling = here[key];
        if (sibling !== undefined && beside[key] === undefined) beside[key] = sibling;
      }
      name = lastPart(ref);
      here = this.#at(ref);
      if (here === undefined) return { name, broken: ref };
    }
    if (!isJsonObject(here)) return { name };
    return { name, identity: here, value: Object.keys(beside).length === 0 ? here : { ...here, ...beside } };
  }

  #at(ref: string): JsonValue | undefined {
    if (ref === '#') return this.#root;
    if (!ref.startsWith('#/')) return undefined;
    let here: JsonValue | undefined = this.#root;
    for (const part of ref.slice(2).split('/')) here = childOf(here, decodePart(part));
    return here;
  }
}

/** The value of an own key, or the item at a position. */
function childOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return (value as readonly JsonValue[])[Number(key)];
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function lastPart(ref: string): string {
  return decodePart(ref.slice(ref.lastIndexOf('/') + 1));
}

/** A part of a JSON pointer in a URL (RFC 6901, section 6). */
function decodePart(part: string): string {
  const plain = /%(?![0-9a-f]{2})/i.test(part) ? part : decodeOrKeep(part);
  return plain.replaceAll('~1', '/').replaceAll('~0', '~');
}

function decodeOrKeep(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The value as an object; anything else is an empty one. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The value as a list; anything else is an empty one. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** The value as text; numbers too, since `version: 1.0` is one. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The entries of an object, at most `most`. */
export function entriesOf(value: JsonValue | undefined, most = 2000): readonly (readonly [string, JsonValue])[] {
  return Object.entries(objectOf(value))
    .filter((entry): entry is [string, JsonValue] => entry[1] !== undefined)
    .slice(0, most);
}
