/** Where a value was written. */
export interface Place {
  /** For messages: `callboard.yaml:12`, `--port`, `CALLBOARD_PORT`. */
  readonly label: string;
  /** Absolute folder that relative paths in the value start from. */
  readonly folder: string;
}

/** A single value of a configuration. */
export interface ConfigScalar {
  readonly kind: 'scalar';
  readonly place: Place;
  /** `undefined` when a variable that it names is not set (`unset`). */
  readonly value: string | number | boolean | null | undefined;
  /** The text before `${}` was filled in, which may be shown; the value itself may hold a secret. */
  readonly written: string;
  /** Names of variables that are needed and not set. */
  readonly unset: readonly string[];
}

/** A list in a configuration. */
export interface ConfigList {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly ConfigNode[];
}

/** A map in a configuration. */
export interface ConfigMap {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, ConfigNode>;
}

/** Configuration text as a tree in which every value knows where it was written. */
export type ConfigNode = ConfigScalar | ConfigList | ConfigMap;

/** A value from a flag or the environment. */
export function scalarNode(value: string | number | boolean, place: Place): ConfigScalar {
  return { kind: 'scalar', place, value, written: String(value), unset: [] };
}

/** Values from a repeated flag. */
export function listNode(values: readonly string[], place: Place): ConfigList {
  return { kind: 'list', place, items: values.map((value) => scalarNode(value, place)) };
}

/** The node at a path of keys, or undefined where a step is missing or is no map. */
export function nodeAt(root: ConfigNode | undefined, ...path: readonly string[]): ConfigNode | undefined {
  let node = root;
  for (const key of path) node = node?.kind === 'map' ? node.entries.get(key) : undefined;
  return node;
}

/**
 * Lays `upper` over `lower` as Backstage merges its files: maps deeply, lists and values replaced, `null` removes.
 */
export function mergeNodes(lower: ConfigNode | undefined, upper: ConfigNode): ConfigNode {
  if (upper.kind !== 'map') return upper;
  const entries = new Map(lower?.kind === 'map' ? lower.entries : []);
  for (const [key, node] of upper.entries) {
    if (node.kind === 'scalar' && node.value === null) entries.delete(key);
    else entries.set(key, mergeNodes(entries.get(key), node));
  }
  return { ...upper, entries };
}
