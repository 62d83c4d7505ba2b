import type { Batch } from '../src/fleet/batch.ts';
import { operation } from '../src/fleet/batch.ts';
import { columnsOf, liveKinds } from '../src/live/kind-table.ts';

type Cells = Readonly<Record<string, string | number | undefined>>;

/** Sizes of a synthetic fleet, a cluster each. */
export const perCluster = { deployments: 110, replicaSets: 11, pods: 1_800, statefulSets: 23, others: 100 } as const;

const EPOCH = Date.UTC(2026, 0, 1) / 1000;
const ROWS = 500;

/** Text that looks random and is the same every time. */
function digest(seed: number, length: number): string {
  let state = (seed + 1) * 2_654_435_761;
  let text = '';
  while (text.length < length) {
    state = Math.imul(state ^ (state >>> 15), 2_246_822_519) >>> 0;
    text += state.toString(36);
  }
  return text.slice(0, length);
}

function uid(seed: number): string {
  const hex = Buffer.from(digest(seed, 16)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** One of 5,000 services as it stands in a cluster. */
interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly labels: string;
  readonly image: string;
}

function serviceAt(cluster: number, place: number): Service {
  const number = (cluster * 37 + place * 53) % 5_000;
  const team = number % 400;
  const name = `${['orders', 'ledger', 'search', 'profile', 'basket', 'stream', 'billing'][number % 7] ?? ''}-${digest(number, 5)}`;
  const labels = [
    `app.kubernetes.io/instance=${name}`,
    'app.kubernetes.io/managed-by=Helm',
    `app.kubernetes.io/name=${name}`,
    `app.kubernetes.io/part-of=system-${team % 120}`,
    `backstage.io/kubernetes-id=${name}`,
    `helm.sh/chart=service-${number % 9}.2.1`,
    `team=team-${team}`,
  ].join('\n');
  const image = `registry.example.com/team-${team}/${name}:1.${number % 60}.`;
  return { name, namespace: `team-${team}`, labels, image };
}

function template(service: Service, cluster: number): string {
  const env = Array.from({ length: 12 }, (_, at) => ({ name: `SETTING_${at}`, value: digest(at * 7 + cluster, 18) }));
  const container = {
    name: 'main',
    image: service.image,
    env,
    resources: { requests: { cpu: '250m', memory: '512Mi' } },
  };
  const probes = { livenessProbe: { httpGet: { path: '/health', port: 8080 } }, terminationGracePeriodSeconds: 30 };
  return JSON.stringify({ spec: { containers: [{ ...container, ...probes }], serviceAccountName: service.name } });
}

/** Objects of one cluster of a synthetic fleet, by id of kind. */
export function* objectsOf(cluster: number): Generator<readonly [string, readonly Cells[]]> {
  const seed = cluster * 10_000;
  const services = Array.from({ length: perCluster.deployments }, (_, place) => serviceAt(cluster, place));
  const common = (name: string, number: number, service: Service, more: Cells): Cells => ({
    namespace: service.namespace,
    name,
    uid: uid(seed + number),
    created: EPOCH + number,
    labels: service.labels,
    ...more,
  });
  const hash = (place: number, age: number): string => digest(seed + place * 20 + age, 9);
  const namespaces = [...new Set(services.map(({ namespace }) => namespace))];
  yield ['Namespace', namespaces.map((name, at) => ({ name, uid: uid(seed + at), created: EPOCH, phase: 'Active' }))];
  const conditions = JSON.stringify(
    ['Available', 'Progressing'].map((type) => ({
      type,
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "${digest(seed, 20)}" has successfully progressed.`,
      since: EPOCH,
    })),
  );
  yield [
    'Deployment',
    services.map((service, place) =>
      common(service.name, place, service, {
        desired: 16,
        current: 16,
        updated: 16,
        ready: 16,
        available: 16,
        generation: 12,
        observedGeneration: 12,
        revision: '11',
        deadline: 600,
        strategy: 'RollingUpdate',
        images: `${service.image}\nproxy:2.1`,
        selector: `app.kubernetes.io/name=${service.name}`,
        template: template(service, cluster),
        conditions,
        annotations: `meta.helm.sh/release-name=${service.name}`,
      }),
    ),
  ];
  yield [
    'ReplicaSet',
    services.flatMap((service, place) =>
      Array.from({ length: perCluster.replicaSets }, (_, age) =>
        common(`${service.name}-${hash(place, age)}`, 200 + place * 11 + age, service, {
          ownerKind: 'Deployment',
          ownerName: service.name,
          generation: 2,
          observedGeneration: 2,
          desired: age === 0 ? 16 : 0,
          current: age === 0 ? 16 : 0,
          ready: age === 0 ? 16 : 0,
          available: age === 0 ? 16 : 0,
          revision: String(11 - age),
          images: `${service.image}${age}\nproxy:2.1`,
        }),
      ),
    ),
  ];
  yield [
    'Pod',
    Array.from({ length: perCluster.pods }, (_, at) => {
      const place = at % services.length;
      const service = services[place] ?? serviceAt(cluster, place);
      const owner = `${service.name}-${hash(place, 0)}`;
      const isFailing = at % 97 === 0;
      return common(`${owner}-${digest(seed + at * 3, 5)}`, 2_000 + at, service, {
        ownerKind: 'ReplicaSet',
        ownerName: owner,
        phase: 'Running',
        reason: isFailing ? 'CrashLoopBackOff' : 'Running',
        message: isFailing ? 'back-off 5m0s restarting failed container' : undefined,
        node: `node-${cluster}-${at % 60}`,
        ready: isFailing ? 1 : 2,
        containers: 2,
        restarts: isFailing ? at % 40 : at % 3,
        started: EPOCH + at,
        images: `${service.image}\nproxy:2.1`,
        failing: isFailing ? 'main CrashLoopBackOff' : undefined,
        unmet: isFailing ? 'Ready ContainersNotReady' : undefined,
      });
    }),
  ];
  for (const kind of [
    'StatefulSet',
    'Service',
    'HorizontalPodAutoscaler',
    'PodDisruptionBudget',
    'Job',
    'ConfigMap',
    'Event',
  ]) {
    const size = kind === 'StatefulSet' ? perCluster.statefulSets : perCluster.others;
    const objects = services.slice(0, size).map((service, place) =>
      common(`${service.name}-${kind.toLowerCase()}`, 5_000 + place, service, {
        selector: `app.kubernetes.io/name=${service.name}`,
        ports: 'http 80/TCP',
        type: 'ClusterIP',
        targetName: service.name,
        desired: 3,
        conditions,
        images: service.image,
        reason: 'BackOff',
        message: `Back-off restarting ${service.name}`,
        last: EPOCH + place,
        count: 4,
        objectKind: 'Pod',
        objectName: `${service.name}-${digest(place, 5)}`,
        source: 'kubelet',
      }),
    );
    yield [kind, objects];
  }
}

/** Name of a cluster of the synthetic fleet. */
export function clusterName(cluster: number): string {
  return `${['prod', 'stage', 'edge'][cluster % 3] ?? ''}-eu-${cluster}`;
}

/** Batches as readers send them: a list in pages. */
export function* listBatches(cluster: number, kindId: string, objects: readonly Cells[]): Generator<Batch> {
  for (let from = 0; from < objects.length; from += ROWS) {
    yield packed(cluster, kindId, 'page', objects.slice(from, from + ROWS), from === 0);
  }
  yield packed(cluster, kindId, 'listed', [], false);
}

/** One batch of objects to put. */
export function packed(
  cluster: number,
  kindId: string,
  step: Batch['step'],
  objects: readonly Cells[],
  isFirst: boolean,
): Batch {
  const columns = liveKinds.filter(({ id }) => id === kindId).flatMap(columnsOf);
  const texts: string[] = [];
  const places = new Map<string, number>();
  const placeOf = (text: string): number => {
    const known = places.get(text) ?? texts.length;
    if (known === texts.length) texts.push(text);
    places.set(text, known);
    return known;
  };
  const cells = objects.flatMap((object) => [
    operation.put,
    ...columns.map(({ name, type }) => {
      const cell = object[name];
      if (type === 'word' || type === 'text') return typeof cell === 'string' ? placeOf(cell) : Number.NaN;
      return typeof cell === 'number' ? cell : Number.NaN;
    }),
  ]);
  return {
    type: 'batch',
    cluster: clusterName(cluster),
    generation: 1,
    kind: kindId,
    step,
    isFirst,
    resourceVersion: step === 'page' ? undefined : '1',
    texts,
    cells: new Float64Array(cells),
    rows: objects.length,
    receivedAt: EPOCH * 1000,
  };
}
