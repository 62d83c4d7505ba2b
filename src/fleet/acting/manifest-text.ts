import { stringify } from 'yaml';
import { text, tree, type Tree } from '../reduce/json-read.ts';

/** What stands where a secret is. */
export const HIDDEN = '(hidden)';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * An object as it may be shown: without `managedFields`, and where it is a Secret without what it keeps, also not in the
 * annotation in which kubectl repeats it.
 */
export function shownObject(object: Tree): Tree {
  const { managedFields: _managed, ...metadata } = tree(object['metadata']);
  const shown = { ...object, metadata };
  if (object['kind'] !== 'Secret') return shown;
  const annotations = tree(metadata['annotations']);
  return {
    ...shown,
    metadata: {
      ...metadata,
      ...(LAST_APPLIED in annotations && { annotations: { ...annotations, [LAST_APPLIED]: HIDDEN } }),
    },
    ...('data' in object && { data: hidden(object['data']) }),
    ...('stringData' in object && { stringData: hidden(object['stringData']) }),
  };
}

/** An object as YAML. Lines are not folded, so that they can be copied. @param isSorted keys in order, to be compared */
export function manifestText(object: Tree, isSorted = false): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: isSorted });
}

/** Its resourceVersion; empty where it has none. */
export function resourceVersionOf(object: Tree): string {
  return text(tree(object['metadata'])['resourceVersion']) ?? '';
}

function hidden(values: unknown): Tree {
  return Object.fromEntries(Object.keys(tree(values)).map((key) => [key, HIDDEN]));
}
