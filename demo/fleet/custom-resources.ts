import type { Cluster } from './cluster.ts';
import { withCondition, writeStatus } from './controller-tools.ts';
import {
  isMap,
  type Json,
  type JsonMap,
  type KubeObject,
  listAt,
  mapAt,
  numberAt,
  plainText,
  textAt,
} from './kube-object.ts';
import type { PrinterColumn, Resource } from './resources.ts';
import type { StoredObject } from './stored-object.ts';

/** The resources that definitions bring: each in the version it is stored in; a broken definition brings none. */
export function customResources(definitions: readonly StoredObject[]): readonly Resource[] {
  return definitions.flatMap(({ object }) => resourceOf(object) ?? []);
}

function resourceOf(definition: KubeObject): Resource | undefined {
  const names = mapAt(definition, 'spec', 'names');
  const versions = listAt(definition, 'spec', 'versions');
  const version = versions.find((each) => isMap(each) && each['storage'] === true && each['served'] !== false);
  const [group, plural, kind] = [textAt(definition, 'spec', 'group'), textAt(names, 'plural'), textAt(names, 'kind')];
  if (version === undefined || group === '' || plural === '' || kind === '') return undefined;
  return {
    group,
    version: textAt(version, 'name'),
    plural,
    singular: textAt(names, 'singular') || kind.toLowerCase(),
    kind,
    isNamespaced: textAt(definition, 'spec', 'scope') === 'Namespaced',
    shortNames: listAt(names, 'shortNames').map((name) => plainText(name)),
    categories: listAt(names, 'categories').map((name) => plainText(name)),
    subresources: Object.keys(mapAt(version, 'subresources')),
    columns: listAt(version, 'additionalPrinterColumns').map(columnOf),
  };
}

function columnOf(column: Json): PrinterColumn {
  return {
    name: textAt(column, 'name'),
    type: textAt(column, 'type'),
    path: textAt(column, 'jsonPath'),
    isWide: numberAt(column, 'priority') > 0,
  };
}

/** Says of a definition that it is served. */
export function establish(cluster: Cluster, definition: KubeObject): void {
  const resource = resourceOf(definition);
  if (resource === undefined) return;
  const now = cluster.now();
  const accepted = { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };
  const established = {
    type: 'Established',
    status: 'True',
    reason: 'InitialNamesAccepted',
    message: 'the initial names have been accepted',
  };
  const conditions = withCondition(
    { conditions: withCondition(mapAt(definition, 'status'), accepted, now) },
    established,
    now,
  );
  writeStatus(cluster, 'apiextensions.k8s.io', 'customresourcedefinitions', definition, {
    conditions,
    acceptedNames: { listKind: `${resource.kind}List`, ...mapAt(definition, 'spec', 'names') },
    storedVersions: [resource.version],
  });
}

/** What stands at a JSONPath as definitions have it: names, indexes, and `[?(@.name=="value")]`; undefined where nothing does. */
export function atJsonPath(object: JsonMap, path: string): Json | undefined {
  let found: Json | undefined = object;
  for (const [, name, index, field = '', value] of path.matchAll(
    /\.([\w-]+)|\[(\d+)\]|\[\?\(@\.([\w-]+)\s*==\s*["']([^"']*)["']\)\]/g,
  )) {
    if (name !== undefined) found = isMap(found) ? found[name] : undefined;
    else if (!Array.isArray(found)) return undefined;
    else if (index !== undefined) found = (found as readonly Json[])[Number(index)];
    else found = (found as readonly Json[]).find((each) => textAt(each, field) === value);
  }
  return found;
}
