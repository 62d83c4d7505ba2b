import type { Cluster } from './cluster.ts';
import { wholeSeconds } from './object-store.ts';
import type { ClusterPlan } from './world-clusters.ts';
import { type Manifest, manifest } from './world-objects.ts';

/** What a cluster has before anybody's programs: nodes, storage, doors, and what keeps it running. */
export function platformOf(plan: ClusterPlan, cluster: Cluster): readonly Manifest[] {
  const nodes = Array.from({ length: plan.nodes }, (_, at) => nodeOf(plan, `${plan.name}-node-${at + 1}`, cluster, at));
  return [
    ...nodes,
    ...['doors', 'monitoring'].map((name) => namespaceOf(name, 'machinery')),
    manifest('storage.k8s.io', 'storageclasses', {
      metadata: { name: 'standard' },
      provisioner: 'disks.lantern.example',
    }),
    manifest('networking.k8s.io', 'ingressclasses', {
      metadata: { name: 'house-doors' },
      spec: { controller: 'lantern.example/doors' },
    }),
    manifest('gateway.networking.k8s.io', 'gateways', {
      metadata: { name: 'house-doors', namespace: 'doors' },
      spec: { gatewayClassName: 'house-doors', listeners: [{ name: 'https', port: 443, protocol: 'HTTPS' }] },
    }),
    ...perNode('kube-system', 'kube-proxy', `registry.k8s.io/kube-proxy:v${plan.version}`),
    ...perNode('monitoring', 'node-figures', 'registry.lantern.example/platform/node-figures:1.9.1'),
    ...replicated('kube-system', 'coredns', 'registry.k8s.io/coredns/coredns:v1.12.1', 2),
    ...replicated('doors', 'door-keeper', 'registry.lantern.example/platform/door-keeper:3.2.0', 2),
    ...replicated('monitoring', 'figures-collector', 'registry.lantern.example/platform/figures-collector:2.53.1', 1),
  ];
}

/** A namespace of a team, with its quota. */
export function namespaceManifests(name: string, team: string, pods: number): readonly Manifest[] {
  const hard = { pods: String(pods), 'requests.cpu': `${pods}`, 'requests.memory': `${pods}Gi` };
  const quota = manifest('', 'resourcequotas', {
    metadata: { name: 'team', namespace: name },
    spec: { hard },
    status: { hard, used: { pods: '0', 'requests.cpu': '0', 'requests.memory': '0' } },
  });
  return [namespaceOf(name, team), quota];
}

function namespaceOf(name: string, team: string): Manifest {
  return manifest('', 'namespaces', {
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, 'lantern.example/team': team } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
}

function perNode(namespace: string, name: string, image: string): readonly Manifest[] {
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'platform' };
  const spec = { selector: { matchLabels: labels }, template: systemTemplate(name, image, labels) };
  return [manifest('apps', 'daemonsets', { metadata: { name, namespace, labels }, spec })];
}

function replicated(namespace: string, name: string, image: string, replicas: number): readonly Manifest[] {
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'platform' };
  const spec = { replicas, selector: { matchLabels: labels }, template: systemTemplate(name, image, labels) };
  return [manifest('apps', 'deployments', { metadata: { name, namespace, labels }, spec })];
}

function systemTemplate(
  name: string,
  image: string,
  labels: Readonly<Record<string, string>>,
): Manifest['object'][string] {
  const resources = { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } };
  return { metadata: { labels }, spec: { containers: [{ name, image, resources }] } };
}

/** Conditions of a node; of the first four all but `Ready` say that nothing is wrong by being false. */
export function nodeConditions(isReady: boolean, now: Date): readonly Manifest['object'][] {
  const time = wholeSeconds(now);
  const times = { lastHeartbeatTime: time, lastTransitionTime: time };
  const lost = { status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
  const calm = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => ({
    type,
    ...(isReady ? { status: 'False', reason: `KubeletHasNo${type}`, message: '' } : lost),
    ...times,
  }));
  const ready = { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  return [
    ...calm,
    { type: 'Ready', ...(isReady ? ready : lost), ...times },
  ] as unknown as readonly Manifest['object'][];
}

function nodeOf(plan: ClusterPlan, name: string, cluster: Cluster, at: number): Manifest {
  const capacity = { cpu: '8', memory: '32Gi', 'ephemeral-storage': '100Gi', pods: '110' };
  const allocatable = { ...capacity, cpu: '7800m', memory: '30Gi' };
  return manifest('', 'nodes', {
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': 'lantern.large',
        'topology.kubernetes.io/region': plan.region,
        'topology.kubernetes.io/zone': `${plan.region}-${'abc'[at % 3] ?? 'a'}`,
      },
    },
    spec: { podCIDR: `10.244.${at}.0/24` },
    status: {
      capacity,
      allocatable,
      conditions: nodeConditions(true, cluster.now()),
      addresses: [
        { type: 'InternalIP', address: `10.0.${at}.1` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        kubeletVersion: `v${plan.version}`,
        osImage: 'Lantern OS 12',
        kernelVersion: '6.12.9',
        containerRuntimeVersion: 'containerd://2.1.4',
        architecture: 'amd64',
        operatingSystem: 'linux',
      },
    },
  });
}
