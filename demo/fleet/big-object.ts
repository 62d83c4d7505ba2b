import { hash } from 'node:crypto';
import type { ClusterPlan, WorkloadPlan } from './big-plan.ts';
import { lastStateMessage, lastStateText, type PodState, podTemplateOf } from './big-pods.ts';
import { shapes } from './big-shapes.ts';
import { fill, Filled, type Holes, type Template } from './big-template.ts';
import type { KubeObject } from './kube-object.ts';
import { MessageTemplate } from './message-template.ts';
import { BackwardWriter } from './message-writer.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { keyOf, type StoredObject } from './stored-object.ts';

/** The kinds that the big fleet has objects of. */
export type BigKind = keyof typeof shapes | 'Pod';

/** A cluster with the time at which it was made, ms since 1970. */
export interface MadeCluster extends ClusterPlan {
  readonly made: number;
}

/** What is held of one object; the rest follows from its plan and its name. */
export interface BigParts {
  readonly cluster: MadeCluster;
  readonly resource: Resource;
  /** What it belongs to; absent for nodes, namespaces and quotas. */
  readonly plan?: WorkloadPlan | undefined;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly resourceVersion: number;
  /** Restarts of a pod, revision of a ReplicaSet, count of an event, generation of others. */
  readonly number: number;
  readonly state?: PodState | undefined;
  /** When it last changed, ms since 1970; absent: before the fleet was made. */
  readonly touched?: number | undefined;
  /** When it was created, where that was after the fleet was made, ms since 1970. */
  readonly created?: number | undefined;
  /** Name of the pod that an event is of. */
  readonly about?: string | undefined;
}

/** How old the oldest objects are, ms. */
const OLDEST_MS = 40 * 86_400_000;
const HOUR_MS = 3_600_000;
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** The UID of an object: it follows from where it stands. */
export function uidOf(cluster: string, kind: string, key: string): string {
  const hex = hash('md5', `${cluster}/${kind}/${key}`, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Letters as in generated names. */
export function suffixOf(text: string, length: number): string {
  const hex = hash('md5', text, 'hex');
  let letters = '';
  for (let at = 0; at < length; at += 1) {
    letters += LETTERS[Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16) % LETTERS.length] ?? 'x';
  }
  return letters;
}

/** `pod-template-hash` of a revision of a workload. */
export function templateHash({ name, version }: WorkloadPlan, revision: number): string {
  return suffixOf(`${name} ${version} ${revision}`, 10);
}

/** One object of the big fleet: its text is put together when it is sent, and not kept. */
export class BigObject implements StoredObject {
  readonly parts: BigParts;
  readonly key: string;

  constructor(parts: BigParts) {
    this.parts = parts;
    this.key = keyOf(parts.namespace, parts.name);
  }

  get resourceVersion(): number {
    return this.parts.resourceVersion;
  }

  /** As items of lists are: without kind and apiVersion. @param filled where many are made one after the other */
  itemText(filled?: Filled<Template>): string {
    const { resource, plan, number } = this.parts;
    const own = ownHoles(this, time);
    const shared = plan === undefined ? {} : planHoles(plan);
    const more = resource.kind === 'Pod' ? { restarts: number, lastState: lastStateText(number, own, shared) } : {};
    if (filled === undefined || plan === undefined) return fill(this.#template, own, shared, more);
    return fill(
      filled.get(this.#template, plan, () => settled(resource, shared)),
      own,
      shared,
      more,
    );
  }

  writeMessage(writer: BackwardWriter): void {
    const { resource, plan, number } = this.parts;
    const own = ownHoles(this, secondsOf);
    const shared = plan === undefined ? {} : planHoles(plan);
    const more = resource.kind === 'Pod' ? { restarts: number, lastState: lastStateMessage(number, own, shared) } : {};
    const template = messageOf(this.#template, resource.kind);
    const filled = plan === undefined ? template : filledMessages.get(template, plan, () => settled(resource, shared));
    filled.write(writer, own, shared, more);
  }

  get #template(): Template {
    const { resource, state = 'running' } = this.parts;
    return resource.kind === 'Pod' ? podTemplateOf(state) : shapes[resource.kind as keyof typeof shapes];
  }

  json(): string {
    const { resource } = this.parts;
    return `{"kind":"${resource.kind}","apiVersion":"${apiVersionOf(resource)}",${this.itemText().slice(1)}`;
  }

  get object(): KubeObject {
    return JSON.parse(this.json()) as KubeObject;
  }

  /** What selectors ask for, without the whole object. */
  face(): KubeObject {
    const { resource, name, namespace, plan, cluster, state = 'running', about } = this.parts;
    const metadata = {
      name,
      ...(namespace !== undefined && { namespace }),
      uid: '',
      resourceVersion: '',
      creationTimestamp: '',
    };
    const labels = plan === undefined ? { team: namespace ?? '' } : labelsOf(plan);
    const base = { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata: { ...metadata, labels } };
    if (resource.kind === 'Pod') {
      const node = state === 'unschedulable' ? '' : nodeOf(cluster, this.key);
      return { ...base, spec: { nodeName: node }, status: { phase: phases[state] } };
    }
    if (resource.kind !== 'Event') return base;
    const { reason } = eventOf(this);
    return {
      ...base,
      type: 'Warning',
      reason,
      involvedObject: { kind: 'Pod', name: about ?? '', namespace: namespace ?? '' },
    };
  }
}

const messages = new Map<Template, MessageTemplate>();
const scratch = new BackwardWriter();
const filledMessages = new Filled<MessageTemplate>((template, holes) => template.fillSome(scratch, holes));

function messageOf(template: Template, kind: string): MessageTemplate {
  let found = messages.get(template);
  if (found === undefined) {
    found = MessageTemplate.of(kind, template.object);
    messages.set(template, found);
  }
  return found;
}

const phases: Readonly<Record<PodState, string>> = {
  running: 'Running',
  crash: 'Running',
  unready: 'Running',
  pull: 'Pending',
  unschedulable: 'Pending',
  succeeded: 'Succeeded',
};

function labelsOf(plan: WorkloadPlan): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/component': 'server',
    'app.kubernetes.io/instance': plan.name,
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/name': plan.name,
    'app.kubernetes.io/part-of': plan.namespace,
    'app.kubernetes.io/version': plan.version,
    'backstage.io/kubernetes-id': plan.name,
    team: plan.team,
  };
}

const holesByPlan = new WeakMap<WorkloadPlan, Holes>();

function planHoles(plan: WorkloadPlan): Holes {
  const known = holesByPlan.get(plan);
  if (known !== undefined) return known;
  const made = makePlanHoles(plan);
  holesByPlan.set(plan, made);
  return made;
}

function makePlanHoles(plan: WorkloadPlan): Holes {
  const { name, namespace, team, version, replicas, revision, trouble } = plan;
  const ready = trouble === undefined ? replicas : Math.floor(replicas / 2);
  return {
    app: name,
    namespace,
    team,
    version,
    image: `registry.example/${namespace}/${name}:${version}`,
    checksum: hash('sha256', `${name} ${version}`, 'hex'),
    digest: hash('sha256', `${name}:${version}`, 'hex'),
    hash: templateHash(plan, revision),
    replicas,
    ready,
    missing: replicas - ready,
    available: trouble === undefined ? 'True' : 'False',
    availableReason: trouble === undefined ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    availability: trouble === undefined ? 'minimum' : 'no minimum',
    revision,
    minimum: Math.max(1, Math.floor(replicas / 2)),
    maximum: replicas * 2,
    schedule: `"${plan.seed % 60} ${plan.seed % 24} * * *"`,
  };
}

function nodeOf(cluster: ClusterPlan, key: string): string {
  // FNV-1a: the node of a pod is wanted for every event, and need only look like chance.
  let mix = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) mix = Math.imul(mix ^ key.charCodeAt(at), 0x01000193);
  return nodeName(1 + ((mix >>> 0) % cluster.nodes));
}

/** Name of a node by its number, from 1. */
export function nodeName(number: number): string {
  return `node-${number}`;
}

/** @param written a time, given in ms since 1970, as it is to be written */
function ownHoles(object: BigObject, written: (ms: number) => string | number): Holes {
  const { cluster, resource, plan, namespace = '', name, resourceVersion, number, about } = object.parts;
  const uid = uidOf(cluster.name, resource.kind, object.key);
  const owner = ownerOf(object);
  const place = Number.parseInt(uid.slice(0, 8), 16);
  const made = cluster.made - HOUR_MS;
  const created = object.parts.created ?? made - (place % OLDEST_MS);
  const touched = object.parts.touched ?? created + (place % Math.max(1, made - created));
  const kind = resource.kind;
  return {
    name,
    namespace,
    uid,
    rv: resourceVersion,
    created: written(created),
    started: written(created + 9_000),
    touched: written(touched),
    node: nodeOf(cluster, object.key),
    hostIp: `10.0.${place % 250}.${(place >> 8) % 250}`,
    podIp: `10.${64 + (place % 60)}.${(place >>> 6) % 250}.${(place >>> 14) % 250}`,
    environment: cluster.labels['environment'],
    region: cluster.labels['region'],
    zone: 'abc'[place % 3],
    kubernetes: cluster.version,
    generation: Math.max(1, number),
    count: number,
    owner: owner?.name,
    ownerKind: owner?.kind,
    ownerVersion:
      owner?.kind === 'ReplicaSet' || kind === 'ReplicaSet'
        ? 'apps/v1'
        : owner?.kind === 'Job'
          ? 'batch/v1'
          : 'apps/v1',
    ownerUid:
      owner === undefined ? uidOf(cluster.name, 'Pod', keyOf(namespace, about ?? '')) : ownerUidOf(object, owner),
    pod: about,
    ...(kind === 'Node' && { digest: hash('sha256', uid, 'hex') }),
    ...(kind === 'Event' && eventOf(object)),
    ...(kind === 'ReplicaSet' && plan !== undefined && replicaSetHoles(plan, number)),
    ...(plan === undefined && { team: namespace === '' ? `team-${name}` : `team-${namespace}` }),
  };
}

/** What all objects of a plan and a resource share: ReplicaSets of old revisions differ in more. */
function settled({ kind }: Resource, shared: Holes): Holes {
  if (kind !== 'ReplicaSet') return shared;
  const { hash: _h, revision: _r, version: _v, image: _i, replicas: _n, ready: _d, ...rest } = shared;
  return rest;
}

/** Old revisions have no pods. */
function replicaSetHoles(plan: WorkloadPlan, revision: number): Holes {
  const isOld = revision !== plan.revision;
  const minor = Math.max(0, revision % 30);
  const version = isOld ? `${plan.version.split('.')[0] ?? '1'}.${minor}.0` : plan.version;
  return {
    hash: templateHash(plan, revision),
    revision,
    version,
    image: `registry.example/${plan.namespace}/${plan.name}:${version}`,
    ...(isOld && { replicas: 0, ready: 0 }),
  };
}

interface Owner {
  readonly kind: string;
  readonly name: string;
}

const ownerUids = new WeakMap<WorkloadPlan, Map<string, string>>();

/** Most pods of a workload have the same owner. */
function ownerUidOf({ parts: { cluster, plan, namespace } }: BigObject, { kind, name }: Owner): string {
  const uid = (): string => uidOf(cluster.name, kind, keyOf(namespace, name));
  if (plan === undefined) return uid();
  let known = ownerUids.get(plan);
  if (known === undefined) ownerUids.set(plan, (known = new Map()));
  let found = known.get(name);
  if (found === undefined) known.set(name, (found = uid()));
  return found;
}

function ownerOf({ parts: { resource, plan, name } }: BigObject): Owner | undefined {
  if (plan === undefined) return undefined;
  if (resource.kind === 'ReplicaSet') return { kind: 'Deployment', name: plan.name };
  if (resource.kind === 'Job') return { kind: 'CronJob', name: plan.name };
  if (resource.kind !== 'Pod') return undefined;
  if (plan.kind === 'Deployment') {
    return { kind: 'ReplicaSet', name: `${plan.name}-${String(planHoles(plan)['hash'])}` };
  }
  if (plan.kind === 'CronJob') return { kind: 'Job', name: name.slice(0, name.lastIndexOf('-')) };
  return { kind: plan.kind, name: plan.name };
}

const troubles = {
  crash: { reason: 'BackOff', message: 'Back-off restarting failed container' },
  pull: { reason: 'Failed', message: 'Failed to pull image: not found' },
  unschedulable: { reason: 'FailedScheduling', message: '0/60 nodes are available: 60 Insufficient memory.' },
  unready: { reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 503' },
} as const;

function eventOf({ parts: { plan, about } }: BigObject): { readonly reason: string; readonly message: string } {
  const { reason, message } = troubles[plan?.trouble ?? 'unready'];
  return { reason, message: `${message} (pod ${about ?? ''})` };
}

/** A time as messages have it: in seconds. */
function secondsOf(ms: number): number {
  return Math.floor(ms / 1000);
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
