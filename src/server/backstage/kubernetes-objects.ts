import type { Principal } from '../../access/principal.ts';
import { CallboardError } from '../../base/errors.ts';
import type { Acting } from '../../fleet/acting/acting.ts';
import type { ActingUsers } from '../../fleet/acting/acting-users.ts';
import type { ClusterAttributes, ClusterLists } from '../../fleet/entity-objects/entity-objects.ts';
import type { ClusterEntry } from '../../fleet/cluster-entry.ts';
import { clusterScope } from '../../fleet/scope-check.ts';
import type { FleetScopes } from '../../fleet/scope.ts';
import type { View } from '../../graph/view.ts';
import type { LabelledAnswer, LabelledCluster } from '../../live/labelled.ts';
import type { LiveReader, LiveScope } from '../../live/live-reader.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { formatEntityRef, parseEntityRef } from '../../model/ref.ts';
import { getServiceObjects, queryCustomResources, queryWorkloads } from './kubernetes-contracts.ts';
import { compatibleError } from './errors.ts';
import { customResource, type EntityResource, entityResources } from './kubernetes-kinds.ts';
import { type ClusterPlan, planOf } from './kubernetes-plan.ts';

/** What the routes read from. */
export interface KubernetesOptions {
  readonly live: Pick<LiveReader, 'labelled'>;
  readonly scopes: Pick<FleetScopes, 'of'>;
  readonly acting: Acting;
  readonly users: Pick<ActingUsers, 'as' | 'clusters'>;
  /** How long a cluster may take to answer for an entity, ms. */
  readonly clusterMs: number;
}

/** The request as far as it matters here. */
interface Asking {
  readonly principal: Principal;
  readonly view: View;
  readonly signal: AbortSignal;
}

const PREFIX = 'backstage.io/kubernetes-';
const MOST_CUSTOM = 50;
/** What the thread that asks needs beside what clusters have, ms. */
const GRACE_MS = 2_000;
const NOTHING = new TextEncoder().encode('{"items":[]}');

/** The routes by which Backstage's Kubernetes page reads the objects of an entity. */
export function objectsRoutes(options: KubernetesOptions): readonly Route[] {
  return [
    implementRoute(getServiceObjects, (request) => {
      const { entity } = request.body ?? {};
      if (entity === undefined) throw compatibleError('KUBERNETES_ENTITY_MISSING');
      const ref = refOfBody(entity);
      const id = ref === undefined ? undefined : request.view.find(ref);
      if (id === undefined) throw compatibleError('KUBERNETES_ENTITY_HIDDEN', { ref: ref ?? '' });
      return objectsOf(options, request, id, entityResources);
    }),
    implementRoute(queryWorkloads, (request) =>
      objectsOf(options, request, idOfBody(request.body?.entityRef, request.view), entityResources),
    ),
    implementRoute(queryCustomResources, (request) => {
      const id = idOfBody(request.body?.entityRef, request.view);
      return objectsOf(options, request, id, customResourcesOf(request.body?.customResources));
    }),
  ];
}

/** The canonical ref of an entity as a client sent it; what else stands in it is not looked at. */
function refOfBody({ kind, metadata }: Readonly<Record<string, unknown>>): string | undefined {
  const { namespace = 'default', name } = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof kind !== 'string' || typeof namespace !== 'string' || typeof name !== 'string') return undefined;
  const parts = parseEntityRef(`${kind}:${namespace}/${name}`);
  return parts && formatEntityRef(parts);
}

/** @throws KUBERNETES_REF_* */
function idOfBody(written: unknown, view: View): number {
  if (written === undefined || written === null || written === '') throw compatibleError('KUBERNETES_ENTITY_MISSING');
  if (typeof written !== 'string') throw compatibleError('KUBERNETES_REF_NOT_TEXT');
  const parts = parseEntityRef(written);
  if (parts === undefined) throw compatibleError('KUBERNETES_REF_INVALID', { ref: written.slice(0, 200) });
  const ref = formatEntityRef(parts);
  const id = view.find(ref);
  if (id === undefined) throw compatibleError('KUBERNETES_REF_UNKNOWN', { ref });
  return id;
}

/** @throws KUBERNETES_CUSTOM_* */
function customResourcesOf(written: unknown): readonly EntityResource[] {
  if (written === undefined || written === null) throw compatibleError('KUBERNETES_CUSTOM_MISSING');
  if (!Array.isArray(written)) throw compatibleError('KUBERNETES_CUSTOM_NOT_LIST');
  if (written.length === 0) throw compatibleError('KUBERNETES_CUSTOM_EMPTY');
  if (written.length > MOST_CUSTOM) throw compatibleError('KUBERNETES_CUSTOM_INVALID', { most: MOST_CUSTOM });
  return written.map((each: unknown) => {
    const { group, apiVersion, plural } = (each ?? {}) as Readonly<Record<string, unknown>>;
    if (!isWord(group, true) || !isWord(apiVersion) || !isWord(plural))
      throw compatibleError('KUBERNETES_CUSTOM_INVALID', { most: MOST_CUSTOM });
    return customResource(group, apiVersion, plural);
  });
}

/** A word as it stands in paths of the API. */
function isWord(value: unknown, isEmptyAllowed = false): value is string {
  if (value === '') return isEmptyAllowed;
  return typeof value === 'string' && value.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value);
}

async function objectsOf(
  options: KubernetesOptions,
  { principal, view, signal }: Asking,
  id: number,
  wanted: readonly EntityResource[],
): Promise<Uint8Array> {
  const { metadata } = view.document(id);
  const said = (name: string): string | undefined => metadata.annotations?.[`${PREFIX}${name}`]?.trim() || undefined;
  const labelSelector = said('label-selector') ?? `${PREFIX}id=${said('id') ?? metadata.name}`;
  const namespace = said('namespace');
  const { scope } = options.scopes.of(principal, 'fleet.object.read');
  const resources = wanted === entityResources ? wanted : [...wanted, ...entityResources];
  const bytes = await options.live.labelled({ resources, labelSelector, namespace, cluster: said('cluster') }, scope);
  const { clusters: found } = JSON.parse(Buffer.from(bytes).toString()) as LabelledAnswer;
  const clusters = found.flatMap((cluster) => listsOf(cluster, { options, principal, wanted, namespace, scope }) ?? []);
  if (clusters.length === 0) return NOTHING;
  const { acting, clusterMs: timeoutMs } = options;
  return acting.run(
    'entityObjects',
    { clusters, labelSelector, timeoutMs },
    { timeoutMs: timeoutMs + GRACE_MS, signal },
  );
}

interface Listing {
  readonly options: KubernetesOptions;
  readonly principal: Principal;
  readonly wanted: readonly EntityResource[];
  readonly namespace: string | undefined;
  readonly scope: LiveScope;
}

/** What is read of a cluster. One that is known not to answer is told of at once, so that nobody waits for it. */
function listsOf(cluster: LabelledCluster, listing: Listing): ClusterLists | undefined {
  const { wanted, namespace, scope, options, principal } = listing;
  const entry = options.users.clusters().find(({ name }) => name === cluster.name);
  // It went since it was found.
  if (entry === undefined) return undefined;
  const attributes = attributesOf(entry);
  const failed = (message: string): ClusterLists => {
    return { cluster: attributes, lists: [], hasMetrics: false, problems: [{ errorType: 'FETCH_ERROR', message }] };
  };
  if (cluster.state === 'unreachable') return failed(cluster.reason?.message ?? 'The cluster cannot be reached');
  let as: ClusterLists['as'];
  try {
    as = personOf(options, principal, entry.name);
  } catch (thrown) {
    if (!(thrown instanceof CallboardError)) throw thrown;
    return failed(thrown.message);
  }
  const seen = clusterScope(scope, entry.name) ?? [];
  const plan: ClusterPlan | undefined = planOf(cluster, { wanted, namespace, seen, isAsPerson: as !== undefined });
  return plan && { cluster: attributes, as, hasMetrics: entry.backstage?.skipsMetrics !== true, ...plan };
}

/** What Backstage's pages are told of a cluster. */
function attributesOf({ name, title, dashboardUrl, backstage }: ClusterEntry): ClusterAttributes {
  const { dashboardApp, dashboardParameters } = backstage ?? {};
  return { name, title, dashboardUrl, dashboardApp, dashboardParameters };
}

/** As whom the cluster is asked; undefined: with the account that reads it, where nobody acts or who asks is no person. */
function personOf({ users }: KubernetesOptions, principal: Principal, cluster: string): ClusterLists['as'] {
  try {
    return users.as(principal, cluster);
  } catch (thrown) {
    const isOff = thrown instanceof CallboardError && (thrown.code === 'ACTING_OFF' || thrown.code === 'ACTING_NOBODY');
    if (!isOff) throw thrown;
    return undefined;
  }
}
