import {
  BigObject,
  type BigKind,
  type MadeCluster,
  type BigParts,
  nodeName,
  suffixOf,
  templateHash,
  uidOf,
} from './big-object.ts';
import { type ClusterPlan, seeded, type WorkloadPlan } from './big-plan.ts';
import type { PodState } from './big-pods.ts';
import { Collection } from './collection.ts';
import { Discovery } from './discovery.ts';
import type { Known } from './requests.ts';
import { builtinResources, type Resource } from './resources.ts';

/** ReplicaSets that a Deployment keeps beside its own, as Kubernetes does unless told otherwise. */
const OLD_REVISIONS = 10;
const JOBS_KEPT = 3;
/** One of so many pods has a warning. */
const PODS_A_WARNING = 6;
const FIRST_VERSION = 1_000_000;
const HOUR_MS = 3_600_000;

const known: Known = { resources: builtinResources, reviews: [] };
const discovery = new Discovery(builtinResources);
const byKind = new Map(builtinResources.map((resource) => [resource.kind, resource]));

/** Parts of an object beside its place. */
type Rest = Partial<Pick<BigParts, 'plan' | 'namespace' | 'number' | 'state' | 'touched' | 'created' | 'about'>>;

/** One cluster of the big fleet: collections of objects of which only the little is held that is their own. */
export class BigCluster {
  readonly plan: MadeCluster;
  readonly known = known;
  readonly discovery = discovery;
  readonly #collections = new Map<string, Collection>();
  #resourceVersion = FIRST_VERSION;

  /** @param now when it is made, ms since 1970 */
  constructor(plan: ClusterPlan, now: number) {
    this.plan = { ...plan, made: now };
    const objects = new Map<string, BigObject[]>();
    for (const object of this.#objects()) {
      const { kind } = object.parts.resource;
      const own = objects.get(kind);
      if (own === undefined) objects.set(kind, [object]);
      else own.push(object);
    }
    for (const [kind, own] of objects) this.collection(resourceOf(kind)).fill(own, FIRST_VERSION);
  }

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  collection(resource: Resource): Collection {
    const key = `${resource.group}/${resource.plural}`;
    const found = this.#collections.get(key);
    if (found) return found;
    const made = new Collection(this.#resourceVersion);
    this.#collections.set(key, made);
    return made;
  }

  /** All objects of a kind as they are now. */
  objects(kind: BigKind): readonly BigObject[] {
    return this.collection(resourceOf(kind)).list() as readonly BigObject[];
  }

  /** One object by `namespace/name`; undefined where there is none. */
  object(kind: BigKind, key: string): BigObject | undefined {
    return this.collection(resourceOf(kind)).get(key) as BigObject | undefined;
  }

  /** Enters an object, or another state of it, and tells who watches. @returns it */
  put(kind: BigKind, name: string, rest: Rest): BigObject {
    const resource = resourceOf(kind);
    const collection = this.collection(resource);
    const resourceVersion = (this.#resourceVersion += 1);
    const stored = this.#object(resource, name, rest, resourceVersion);
    const before = collection.get(stored.key);
    collection.apply({ type: before ? 'MODIFIED' : 'ADDED', resourceVersion, stored, before });
    return stored;
  }

  /** Takes an object away, and tells who watches. */
  remove(before: BigObject): void {
    const resourceVersion = (this.#resourceVersion += 1);
    const stored = new BigObject({ ...before.parts, resourceVersion });
    this.collection(before.parts.resource).apply({ type: 'DELETED', resourceVersion, stored, before });
  }

  #object(resource: Resource, name: string, rest: Rest, resourceVersion = FIRST_VERSION): BigObject {
    const { number = 1, ...more } = rest;
    return new BigObject({ cluster: this.plan, resource, name, resourceVersion, number, ...more });
  }

  *#objects(): Generator<BigObject> {
    const make = (kind: BigKind, name: string, rest: Rest): BigObject => this.#object(resourceOf(kind), name, rest);
    const namespaces = new Set(['default', 'kube-system', ...this.plan.workloads.map(({ namespace }) => namespace)]);
    for (const namespace of namespaces) {
      yield make('Namespace', namespace, {});
      yield make('ResourceQuota', 'team', { namespace });
    }
    for (let number = 1; number <= this.plan.nodes; number += 1) yield make('Node', nodeName(number), {});
    for (const plan of this.plan.workloads) yield* workloadObjects(plan, this.plan.made, make);
  }
}

function resourceOf(kind: string): Resource {
  const found = byKind.get(kind);
  if (!found) throw new Error(`No resource for ${kind}`);
  return found;
}

type Make = (kind: BigKind, name: string, rest: Rest) => BigObject;

function* workloadObjects(plan: WorkloadPlan, made: number, make: Make): Generator<BigObject> {
  const { name, namespace, kind, revision } = plan;
  const place = { plan, namespace };
  const random = seeded(plan.seed);
  yield make(kind, name, { ...place, number: revision });
  yield make('ConfigMap', `${name}-config`, place);
  if (kind === 'CronJob') {
    for (let day = 0; day < JOBS_KEPT; day += 1) {
      const job = `${name}-${29_000_000 + (plan.seed % 100_000) + day * 1_440}`;
      const touched = made - day * 24 * HOUR_MS;
      yield make('Job', job, { ...place, touched });
      if (day === 0)
        yield make('Pod', `${job}-${suffixOf(job, 5)}`, { ...place, touched, number: 0, state: 'succeeded' });
    }
    return;
  }
  if (kind === 'Deployment') {
    for (let old = 0; old <= OLD_REVISIONS; old += 1) {
      const of = revision - old;
      yield make('ReplicaSet', `${name}-${templateHash(plan, of)}`, { ...place, number: of });
    }
    if (random() < 0.6) yield make('HorizontalPodAutoscaler', name, place);
    if (random() < 0.6) yield make('PodDisruptionBudget', name, place);
    if (random() < 0.4) yield make('Ingress', name, place);
  }
  if (kind !== 'DaemonSet') yield make('Service', name, place);
  yield* podsOf(plan, random, make);
}

function* podsOf(plan: WorkloadPlan, random: () => number, make: Make): Generator<BigObject> {
  const { name, namespace, kind, trouble, replicas } = plan;
  for (let ordinal = 0; ordinal < replicas; ordinal += 1) {
    const state: PodState = trouble !== undefined && ordinal * 2 >= replicas - 1 ? trouble : 'running';
    const number = state === 'crash' ? 40 + ordinal : random() < 0.05 ? 1 : 0;
    const pod = podName(plan, ordinal);
    yield make('Pod', pod, { plan, namespace, number, state });
    if (kind === 'StatefulSet') yield make('PersistentVolumeClaim', `data-${pod}`, { plan, namespace });
    if (state === 'running' && random() * PODS_A_WARNING >= 1) continue;
    const event = `${pod}.${uidOf(name, 'Event', pod).slice(0, 12)}`;
    yield make('Event', event, { plan, namespace, number: 1 + Math.floor(random() * 40), about: pod });
  }
}

/** Name of a pod of a workload. @param ordinal any number: another one is another pod */
export function podName(plan: WorkloadPlan, ordinal: number): string {
  const { name, kind, revision } = plan;
  if (kind === 'StatefulSet') return `${name}-${ordinal}`;
  const owner = kind === 'Deployment' ? `${name}-${templateHash(plan, revision)}` : name;
  return `${owner}-${suffixOf(`${owner} ${ordinal}`, 5)}`;
}
