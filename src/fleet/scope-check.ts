import type { LiveScope } from '../live/live-reader.ts';

/** What a scope lets see of a cluster: all, some namespaces, or nothing at all (undefined). */
export function clusterScope(scope: LiveScope, cluster: string): true | readonly string[] | undefined {
  if (scope === 'all') return true;
  return Object.hasOwn(scope, cluster) ? scope[cluster] : undefined;
}

/** Whether a scope names a cluster. */
export function seesCluster(scope: LiveScope, cluster: string): boolean {
  return clusterScope(scope, cluster) !== undefined;
}

/** Whether a scope covers an object. */
export function seesObject(
  scope: LiveScope,
  { cluster, namespace }: { readonly cluster: string; readonly namespace?: string | undefined },
): boolean {
  const seen = clusterScope(scope, cluster);
  if (seen === undefined || seen === true) return seen === true;
  return namespace !== undefined && seen.includes(namespace);
}
