const MAX_DEPTH = 12;

/** Dotted paths whose values differ between two versions of an entity; a list counts as one value. */
export function changedPaths(before: unknown, after: unknown, path = '', depth = 0): readonly string[] {
  if (isMap(before) && isMap(after) && depth < MAX_DEPTH) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) =>
      changedPaths(before[key], after[key], path === '' ? key : `${path}.${key}`, depth + 1),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
