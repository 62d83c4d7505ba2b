const MAX_DEPTH = 12;

/** A value that differs between two versions of an entity; absent on the side where there is none. */
export interface ChangedValue {
  /** Dotted path. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The values that differ between two versions of an entity; a list counts as one value. */
export function changedValues(before: unknown, after: unknown, path = '', depth = 0): readonly ChangedValue[] {
  if (isMap(before) && isMap(after) && depth < MAX_DEPTH) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) =>
      changedValues(before[key], after[key], path === '' ? key : `${path}.${key}`, depth + 1),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/** Dotted paths whose values differ between two versions of an entity; a list counts as one value. */
export function changedPaths(before: unknown, after: unknown): readonly string[] {
  return changedValues(before, after).map(({ path }) => path);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
