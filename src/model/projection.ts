import { modelError } from './errors.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Cuts an object down to some fields. */
export interface Projection {
  /** The fields, as one text that is equal where they are. */
  readonly fields: string;
  cut(input: JsonObject): JsonObject;
}

/**
 * Compiles a list of fields (rules: Backstage's REST API, `fields`): dotted paths, case-sensitive, joined by commas or
 * repeated; a key that holds dots itself is found too; a digit names an element of a list; a missing field is left out.
 *
 * @param fields as they came; empty ones say nothing
 * @returns `undefined` where nothing was asked
 * @throws FIELDS_INVALID for a path with `[`
 */
export function parseFields(fields: readonly string[]): Projection | undefined {
  const paths = fields
    .flatMap((field) => field.split(','))
    .map((field) => field.trim())
    .filter((field) => field !== '');
  if (paths.length === 0) return undefined;
  const unsupported = paths.find((path) => path.includes('['));
  if (unsupported !== undefined) throw modelError('FIELDS_INVALID', { field: unsupported.slice(0, 200) });
  const segmented = paths.map((path) => path.split('.'));
  return {
    fields: paths.join(','),
    cut(input) {
      const output = emptyObject();
      for (const segments of segmented) copyField(input, output, segments);
      return output;
    },
  };
}

/** An object without a prototype, so that a field named `__proto__` is a field like any other. */
function emptyObject(): Record<string, JsonValue> {
  return Object.create(null) as Record<string, JsonValue>;
}

type Container = Record<string, JsonValue>;

function isContainer(value: JsonValue | undefined): value is Container {
  return typeof value === 'object' && value !== null;
}

function hasKey(value: Container, key: string): boolean {
  return Object.hasOwn(value, key) && (!Array.isArray(value) || /^\d+$/.test(key));
}

/** Walks down `input`, joining segments while no such key is there, and copies what stands at the end. */
function copyField(input: JsonObject, output: Container, segments: readonly string[]): void {
  const path: string[] = [];
  let value: JsonValue | undefined = input;
  let pending = '';
  for (const segment of segments) {
    const key = pending === '' ? segment : `${pending}.${segment}`;
    const found: boolean = isContainer(value) && hasKey(value, key);
    if (found) {
      value = (value as Container)[key];
      path.push(key);
    }
    pending = found ? '' : key;
  }
  if (pending === '' && value !== undefined) place(output, path, value, input);
  // What every object inherits is found in Backstage, and left out of the JSON: its container stays, empty.
  else if (isContainer(value) && inherited.has(pending)) place(output, [...path, pending], undefined, input);
}

const inherited: ReadonlySet<string> = new Set(
  Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__'),
);

/** Sets the value at the path, making the containers that the input has there. */
function place(output: Container, path: readonly string[], value: JsonValue | undefined, input: JsonValue): void {
  let target = output;
  let model: JsonValue = input;
  for (const [index, key] of path.entries()) {
    if (index === path.length - 1) {
      if (value !== undefined) target[key] = value;
      return;
    }
    model = (model as Container)[key] as JsonValue;
    const known: JsonValue | undefined = Object.hasOwn(target, key) ? target[key] : undefined;
    // A whole container that an earlier field copied holds the value already.
    if (known === model) return;
    const next: Container = isContainer(known)
      ? known
      : Array.isArray(model)
        ? ([] as unknown as Container)
        : emptyObject();
    target[key] = next;
    target = next;
  }
}
