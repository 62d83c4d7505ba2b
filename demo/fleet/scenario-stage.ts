import { isReady, recordEvent, withCondition, writeStatus } from './controller-tools.ts';
import { type JsonMap, type KubeObject, listAt, mapAt, numberAt, textAt } from './kube-object.ts';
import { BEHAVES_SINCE, BEHAVIOUR } from './kubelet.ts';
import { wholeSeconds } from './object-store.ts';
import { isScaled } from './world-objects.ts';
import { type Placement, shareOf } from './world-placement.ts';
import { imageOf } from './world-pods.ts';
import type { WorldCluster } from './world.ts';

/** How a pod can be made to fail. */
export type Behaviour = 'crash' | 'oom' | 'pull' | 'unready' | 'unschedulable';

/** What stories may do in one cluster, as people and machines do it: what follows is up to its controllers. */
export class Stage {
  readonly world: WorldCluster;
  readonly #tell: (told: string) => void;

  /** @param tell hears what was done */
  constructor(world: WorldCluster, tell: (told: string) => void) {
    this.world = world;
    this.#tell = tell;
  }

  get name(): string {
    return this.world.plan.name;
  }

  get now(): Date {
    return this.world.cluster.now();
  }

  /** Deployments that stories may change. */
  get deployments(): readonly Placement[] {
    return this.world.placements.filter(({ kind }) => kind === 'Deployment');
  }

  /** Deployments whose number of pods follows the load. */
  get scaled(): readonly Placement[] {
    return this.deployments.filter(isScaled);
  }

  /** Where a program runs as a Deployment here. */
  placementOf(name: string): Placement | undefined {
    return this.deployments.find(({ program }) => program.name === name);
  }

  /** Notes something for who follows the scenario. */
  say(told: string): void {
    this.#tell(`${this.name}: ${told}`);
  }

  /** Version that a Deployment is rolled out to. */
  versionOf(placement: Placement): string {
    const container = listAt(this.#deployment(placement), 'spec', 'template', 'spec', 'containers')[0];
    return textAt(container, 'image').split(':').at(-1) ?? '';
  }

  /** Rolls a Deployment out to another version, whose pods may fail. */
  roll(placement: Placement, version: string, behaviour?: Behaviour): void {
    const { program } = placement;
    const deployment = this.#deployment(placement);
    const template = mapAt(deployment, 'spec', 'template');
    const spec = mapAt(template, 'spec');
    const [container, ...others] = listAt(spec, 'containers') as readonly JsonMap[];
    const labels = { 'app.kubernetes.io/version': version };
    const next = {
      metadata: {
        ...mapAt(template, 'metadata'),
        labels: { ...mapAt(template, 'metadata', 'labels'), ...labels },
        annotations: behaviour === undefined ? {} : { [BEHAVIOUR]: behaviour },
      },
      spec: { ...spec, containers: [{ ...container, image: imageOf(program, version) }, ...others] },
    };
    const { metadata } = deployment;
    const annotations = { ...metadata.annotations, 'kubernetes.io/change-cause': `${program.name} ${version}` };
    this.#update('apps', 'deployments', {
      ...deployment,
      metadata: { ...metadata, annotations, labels: { ...metadata.labels, ...labels } },
      spec: { ...mapAt(deployment, 'spec'), template: next },
    });
    this.say(`${program.name} rolls to ${version}${behaviour === undefined ? '' : ` (${behaviour})`}`);
  }

  /** Sets how many replicas a Deployment wants. */
  scale(placement: Placement, replicas: number): void {
    const deployment = this.#deployment(placement);
    if (numberAt(deployment, 'spec', 'replicas') === replicas) return;
    this.#update('apps', 'deployments', { ...deployment, spec: { ...mapAt(deployment, 'spec'), replicas } });
    this.say(`${placement.program.name} scales to ${replicas}`);
  }

  /** Scales a Deployment as its HorizontalPodAutoscaler does. */
  autoscale(placement: Placement, replicas: number): void {
    const { cluster } = this.world;
    const { program } = placement;
    const before = numberAt(this.#deployment(placement), 'spec', 'replicas');
    if (before === replicas) return;
    this.scale(placement, replicas);
    const resource = cluster.resource('autoscaling', 'horizontalpodautoscalers');
    const scaler = cluster.store.get(resource, program.system, program.name).object;
    const metric = { current: { averageUtilization: replicas > before ? 78 : 31 }, name: 'cpu' };
    writeStatus(cluster, 'autoscaling', 'horizontalpodautoscalers', scaler, {
      ...mapAt(scaler, 'status'),
      lastScaleTime: wholeSeconds(this.now),
      currentReplicas: before,
      desiredReplicas: replicas,
      currentMetrics: [{ type: 'Resource', resource: metric }],
    });
    const why = replicas > before ? 'cpu resource utilization above target' : 'All metrics below target';
    const told = `New size: ${replicas}; reason: ${why}`;
    recordEvent(cluster, scaler, 'Normal', 'SuccessfulRescale', told, 'horizontal-pod-autoscaler');
  }

  /** Changes settings of a Deployment: its ConfigMap, and by a checksum of that its pods. */
  configure(placement: Placement, settings: Readonly<Record<string, string>>): void {
    const { program } = placement;
    const { cluster } = this.world;
    const resource = cluster.resource('', 'configmaps');
    const map = cluster.store.get(resource, program.system, `${program.name}-settings`).object;
    const data = { ...mapAt(map, 'data'), ...settings };
    this.#update('', 'configmaps', { ...map, data });
    const deployment = this.#deployment(placement);
    const template = mapAt(deployment, 'spec', 'template');
    const checksum = { 'checksum/settings': shareOf(JSON.stringify(data)).toString(36).slice(2, 10) };
    const annotations = { ...mapAt(template, 'metadata', 'annotations'), ...checksum };
    const next = { ...template, metadata: { ...mapAt(template, 'metadata'), annotations } };
    const spec = { ...mapAt(deployment, 'spec'), template: next };
    this.#update('apps', 'deployments', { ...deployment, spec });
    this.say(`settings of ${program.name} change`);
  }

  /** Makes all pods of a Deployment behave as they are now; undefined: well again. */
  misbehaveAll(placement: Placement, behaviour: Behaviour | undefined): void {
    for (const pod of this.podsOf(placement)) this.#behave(pod, behaviour);
    this.say(`all pods of ${placement.program.name}: ${behaviour ?? 'well again'}`);
  }

  /** Makes one pod of a Deployment behave; undefined: well again. */
  misbehave(placement: Placement, behaviour: Behaviour | undefined): void {
    const pods = this.podsOf(placement);
    const pod = behaviour === undefined ? pods.find((each) => each.metadata.annotations?.[BEHAVES_SINCE]) : pods[0];
    if (pod === undefined) return;
    this.#behave(pod, behaviour);
    this.say(`a pod of ${placement.program.name}: ${behaviour ?? 'well again'}`);
  }

  #behave(pod: KubeObject, behaviour: Behaviour | undefined): void {
    const { [BEHAVIOUR]: _behaviour, [BEHAVES_SINCE]: _since, ...kept } = pod.metadata.annotations ?? {};
    const added = behaviour === undefined ? {} : { [BEHAVIOUR]: behaviour, [BEHAVES_SINCE]: wholeSeconds(this.now) };
    this.#update('', 'pods', { ...pod, metadata: { ...pod.metadata, annotations: { ...kept, ...added } } });
  }

  /** Deletes one pod of a Deployment, as people do who do not know what else to do. */
  deletePod(placement: Placement): void {
    const pod = this.podsOf(placement)[0];
    if (pod === undefined) return;
    const deletionTimestamp = wholeSeconds(new Date(this.now.getTime() + 30_000));
    const metadata = { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: 30 };
    this.#update('', 'pods', { ...pod, metadata });
    this.say(`a pod of ${placement.program.name} is deleted`);
  }

  /** Makes the next jobs of a CronJob fail, or succeed again. */
  failJobs(placement: Placement, isFailing: boolean): void {
    const { store } = this.world.cluster;
    const { program } = placement;
    const cron = store.get(this.world.cluster.resource('batch', 'cronjobs'), program.system, program.name).object;
    const job = mapAt(cron, 'spec', 'jobTemplate');
    const template = mapAt(job, 'spec', 'template');
    const metadata = { ...mapAt(template, 'metadata'), annotations: isFailing ? { [BEHAVIOUR]: 'crash' } : {} };
    const jobTemplate = { ...job, spec: { ...mapAt(job, 'spec'), template: { ...template, metadata } } };
    this.#update('batch', 'cronjobs', { ...cron, spec: { ...mapAt(cron, 'spec'), jobTemplate } });
    this.say(`jobs of ${program.name} ${isFailing ? 'fail' : 'do well again'}`);
  }

  /** Sets how many pods the quota of a namespace allows. */
  allowPods(namespace: string, pods: number): void {
    const resource = this.world.cluster.resource('', 'resourcequotas');
    const quota = this.world.cluster.store.get(resource, namespace, 'team').object;
    const hard = { ...mapAt(quota, 'spec', 'hard'), pods: String(pods) };
    this.#update('', 'resourcequotas', { ...quota, spec: { ...mapAt(quota, 'spec'), hard } });
    this.say(`the quota of ${namespace} is ${pods} pods`);
  }

  /** Pods of a Deployment, by name. */
  podsOf({ program }: Placement): readonly KubeObject[] {
    const { cluster } = this.world;
    return cluster.store
      .collection(cluster.resource('', 'pods'))
      .list()
      .map(({ object }) => object)
      .filter(({ metadata }) => metadata.namespace === program.system && metadata.deletionTimestamp === undefined)
      .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === program.name);
  }

  /** The kubelet of a node is heard of no more, or again: the node controller tells it, and marks the pods there. */
  setNode(name: string, isHeard: boolean): void {
    const { cluster } = this.world;
    const node = cluster.store.get(cluster.resource('', 'nodes'), undefined, name).object;
    const taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' };
    const conditions = heard(mapAt(node, 'status'), isHeard, this.now);
    const spec = { ...mapAt(node, 'spec'), taints: isHeard ? [] : [taint] };
    this.#update('', 'nodes', { ...node, spec, status: { ...mapAt(node, 'status'), conditions } });
    const reason = isHeard ? 'NodeReady' : 'NodeNotReady';
    const type = isHeard ? 'Normal' : 'Warning';
    recordEvent(cluster, node, type, reason, `Node ${name} status is now: ${reason}`, 'node-controller');
    if (!isHeard) this.#markPods(name);
    this.say(`${name} is ${isHeard ? 'ready again' : 'not ready'}`);
  }

  #markPods(node: string): void {
    const { cluster } = this.world;
    for (const { object: pod } of cluster.store.collection(cluster.resource('', 'pods')).list()) {
      if (textAt(pod, 'spec', 'nodeName') !== node || !isReady(pod)) continue;
      const status = mapAt(pod, 'status');
      const conditions = withCondition(status, { type: 'Ready', status: 'False' }, this.now);
      writeStatus(cluster, '', 'pods', pod, { ...status, conditions });
      recordEvent(cluster, pod, 'Warning', 'NodeNotReady', 'Node is not ready', 'node-controller');
    }
  }

  #deployment({ program }: Placement): KubeObject {
    const { cluster } = this.world;
    return cluster.store.get(cluster.resource('apps', 'deployments'), program.system, program.name).object;
  }

  #update(group: string, plural: string, object: KubeObject): void {
    const { cluster } = this.world;
    cluster.store.update(cluster.resource(group, plural), object);
  }
}

function heard(status: JsonMap, isHeard: boolean, now: Date): readonly JsonMap[] {
  const time = wholeSeconds(now);
  const lost = { status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
  return (listAt(status, 'conditions') as readonly JsonMap[]).map((condition) => {
    const type = textAt(condition, 'type');
    const well =
      type === 'Ready'
        ? { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
        : { status: 'False', reason: `KubeletHasNo${type}`, message: '' };
    const times = { lastTransitionTime: time, ...(isHeard ? { lastHeartbeatTime: time } : {}) };
    return { ...condition, ...(isHeard ? well : lost), ...times };
  });
}
