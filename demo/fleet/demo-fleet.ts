import { ApiServer } from './api-server.ts';
import { Authority, type KeyPair } from './certificates.ts';
import { Cluster } from './cluster.ts';
import { turn } from './controllers.ts';
import type { JsonMap } from './kube-object.ts';

/** How often the controllers of a cluster look at what is due, ms. */
const TURN_MS = 200;
const NODES = 3;

/** The clusters of a demo, running. */
export interface DemoFleet {
  readonly servers: readonly ApiServer[];
  /** PEM of the authority that issued every certificate. */
  readonly authority: string;
  /** A client certificate for a user; `system:masters` may do everything. */
  issue(user: string, groups: readonly string[]): Promise<KeyPair>;
  close(): Promise<void>;
}

/** What every demo fleet is opened with. */
interface OpeningOptions {
  /** Port of the first; the others follow. Absent: any free ones. */
  readonly port?: number;
  /** True where connections can be frozen, slowed and cut. */
  readonly hasWireFaults?: boolean;
  readonly now: () => Date;
}

/** How a fleet of clusters with three nodes and nothing else is opened. */
export interface FleetOptions extends OpeningOptions {
  readonly names: readonly string[];
  readonly version: string;
}

/** Opens one API server a name, over clusters with nodes and nothing else. */
export function openDemoFleet({ names, version, ...opening }: FleetOptions): Promise<DemoFleet> {
  const clusters = names.map((name) => {
    const cluster = new Cluster({ name, version, now: opening.now });
    for (let node = 1; node <= NODES; node += 1) addNode(cluster, `node-${node}`);
    return cluster;
  });
  return openClusters({ clusters, ...opening });
}

/** Opens one API server a cluster, each with certificates of one authority that is made now. */
export async function openClusters({
  clusters,
  port,
  hasWireFaults = false,
  now,
}: OpeningOptions & { readonly clusters: readonly Cluster[] }): Promise<DemoFleet> {
  const authority = await Authority.make('callboard demo fleet', now());
  const identity = await authority.server(now());
  const servers: ApiServer[] = [];
  for (const [at, cluster] of clusters.entries()) {
    servers.push(
      await ApiServer.open(cluster, {
        identity,
        authority: authority.certificate,
        hasWireFaults,
        ...(port !== undefined && { port: port + at }),
      }),
    );
  }
  const ticks = setInterval(() => {
    for (const cluster of clusters) turn(cluster);
  }, TURN_MS);
  return {
    servers,
    authority: authority.certificate,
    issue: (user, groups) => authority.client(user, groups, now()),
    close: async () => {
      clearInterval(ticks);
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

function addNode(cluster: Cluster, name: string): void {
  const time = cluster.now().toISOString().slice(0, 19).concat('Z');
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'kubelet is posting ready status',
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  };
  const capacity = { cpu: '8', memory: '32Gi', pods: '110' };
  cluster.store.create(cluster.resource('', 'nodes'), {
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    spec: {},
    status: {
      capacity,
      allocatable: capacity,
      conditions: [ready],
      nodeInfo: {
        kubeletVersion: `v${cluster.version}`,
        osImage: 'Demo',
        kernelVersion: '6.12',
        containerRuntimeVersion: 'containerd://2.1',
        architecture: 'amd64',
        operatingSystem: 'linux',
      },
    },
  });
}

/**
 * A kubeconfig with one context a cluster, as JSON, which is YAML too.
 * @param describe what Callboard is told of a cluster beside its address, by the extension `callboard.dev/cluster`
 */
export function kubeconfigText(
  fleet: DemoFleet,
  user: string,
  { certificate, key }: KeyPair,
  describe?: (name: string) => JsonMap,
): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const names = fleet.servers.map((server) => server.cluster.name);
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: fleet.servers.map((server) => ({
        name: server.cluster.name,
        cluster: { server: server.url, 'certificate-authority-data': base64(server.authority) },
      })),
      users: [{ name: user, user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) } }],
      contexts: names.map((name) => ({
        name,
        context: {
          cluster: name,
          user,
          ...(describe && { extensions: [{ name: 'callboard.dev/cluster', extension: describe(name) }] }),
        },
      })),
      'current-context': names[0] ?? '',
    },
    undefined,
    2,
  );
}
