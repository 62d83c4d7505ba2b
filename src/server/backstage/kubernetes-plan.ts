import type { ClusterLists, FetchProblem, ObjectList } from '../../fleet/entity-objects/entity-objects.ts';
import { listPath, statusProblem } from '../../fleet/entity-objects/entity-objects.ts';
import type { LabelledCluster, LabelledResource } from '../../live/labelled.ts';
import { type EntityResource, entityResources, isMetadataOnly } from './kubernetes-kinds.ts';

/** Namespaces that are listed one by one; where there are more the whole cluster is asked. */
const FEW_NAMESPACES = 3;
/** Most namespaces that are asked of one who may not see the whole cluster. */
const MOST_NAMESPACES = 20;

/** What is to be read of a cluster. */
export type ClusterPlan = Pick<ClusterLists, 'lists' | 'problems'>;

/** How a cluster is asked. */
export interface PlanOptions {
  /** What is wanted, the first of what was looked for. */
  readonly wanted: readonly EntityResource[];
  /** The namespace that the entity names. */
  readonly namespace: string | undefined;
  /** What of the cluster may be seen. */
  readonly seen: true | readonly string[];
  /** Whether it is asked as a person; else with the account that reads it. */
  readonly isAsPerson: boolean;
}

/** How one resource is known, and what it is. */
interface Wanted {
  readonly resource: EntityResource;
  /** Null: it is not read of clusters. */
  readonly known: LabelledResource | null;
}

/**
 * Which lists answer for an entity in one cluster. What is known not to be there is not asked for.
 *
 * @param cluster its resources are those that are wanted first
 * @returns undefined where nothing that is wanted can be there
 */
export function planOf(cluster: LabelledCluster, options: PlanOptions): ClusterPlan | undefined {
  const wanted = options.wanted.map((resource, at): Wanted => ({ resource, known: cluster.resources[at] ?? null }));
  if (!mayHold(cluster, wanted)) return undefined;
  const places = new Set(cluster.resources.flatMap((known) => known?.namespaces ?? []));
  const problems: FetchProblem[] = [];
  let most = 0;
  const lists = wanted.map(({ resource, known }): ObjectList => {
    const list = { ...resource, isMetadataOnly: !options.isAsPerson && isMetadataOnly(resource) };
    const nowhere = { ...list, namespaces: [] };
    if (isKnownAbsent(resource, known)) return nowhere;
    if (!options.isAsPerson && known === null) {
      // The account reads no others: what is listed of every entity is left out, what is asked for by name is told.
      if (!entityResources.includes(resource)) problems.push(statusProblem(403, listPath(resource, options.namespace)));
      return nowhere;
    }
    // What needs a right of its own is not missed where the account does not have it.
    if (list.isMetadataOnly && known?.state === 'denied') return nowhere;
    const namespaces = namespacesFor(resource, known, places, options);
    most = Math.max(most, namespaces?.length ?? 0);
    return { ...list, namespaces: namespaces?.slice(0, MOST_NAMESPACES) };
  });
  if (most > MOST_NAMESPACES) problems.push(namespacesLeftOut(most));
  return { lists, problems };
}

/** Whether something that is wanted is there, or may be. Of what is not read one goes by all that is known. */
function mayHold(cluster: LabelledCluster, wanted: readonly Wanted[]): boolean {
  const isUnread = wanted.some(({ known }) => known === null);
  const looked = isUnread ? cluster.resources : wanted.map(({ known }) => known);
  return looked.some(
    (known) => known !== null && (known.objects > 0 || (known.state !== 'ok' && known.state !== 'absent')),
  );
}

/** Finished pods are not held: only the cluster knows of them. */
function isKnownAbsent({ type }: EntityResource, known: LabelledResource | null): boolean {
  if (known === null) return false;
  return known.state === 'absent' || (known.state === 'ok' && known.objects === 0 && type !== 'pods');
}

function namespacesLeftOut(of: number): FetchProblem {
  const message = `Only ${MOST_NAMESPACES} of the ${of} namespaces that you may see were asked: name the entity’s in backstage.io/kubernetes-namespace`;
  return { errorType: 'FETCH_ERROR', message };
}

/** Where a resource is listed; undefined: in the whole cluster. */
function namespacesFor(
  { type }: EntityResource,
  known: LabelledResource | null,
  places: ReadonlySet<string>,
  { namespace, seen }: PlanOptions,
): readonly string[] | undefined {
  const isSeen = (name: string): boolean => seen === true || seen.includes(name);
  if (namespace !== undefined) return isSeen(namespace) ? [namespace] : [];
  const isByAll = known === null || type === 'pods';
  const own = isByAll ? [...places] : known.namespaces;
  const isSure = known === null || known.state === 'ok';
  if (isSure && own.length > 0 && own.length <= FEW_NAMESPACES) return own.filter(isSeen);
  if (seen === true) return undefined;
  const found = own.filter(isSeen);
  if (isSure && found.length > 0) return found;
  return [...new Set([...found, ...seen])];
}
