import { ApiServer } from './api-server.ts';
import { Authority, type KeyPair } from './certificates.ts';
import { Cluster } from './cluster.ts';
import { turn } from './controllers.ts';

/** How often the controllers of a cluster look, ms. */
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

/** How a demo fleet is opened. */
export interface FleetOptions {
  readonly names: readonly string[];
  readonly version: string;
  /** Port of the first; the others follow. Absent: any free ones. */
  readonly port?: number;
  readonly now: () => Date;
}

/** Opens one API server a name, each with certificates of one authority that is made now. */
export async function openDemoFleet({ names, version, port, now }: FleetOptions): Promise<DemoFleet> {
  const authority = await Authority.make('callboard demo fleet', now());
  const identity = await authority.server(now());
  const servers: ApiServer[] = [];
  for (const [at, name] of names.entries()) {
    const cluster = new Cluster({ name, version, now });
    for (let node = 1; node <= NODES; node += 1) addNode(cluster, `node-${node}`);
    servers.push(
      await ApiServer.open(cluster, {
        identity,
        authority: authority.certificate,
        ...(port !== undefined && { port: port + at }),
      }),
    );
  }
  const turns = setInterval(() => {
    for (const { cluster } of servers) turn(cluster);
  }, TURN_MS);
  return {
    servers,
    authority: authority.certificate,
    issue: (user, groups) => authority.client(user, groups, now()),
    close: async () => {
      clearInterval(turns);
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

/** A kubeconfig with one context a cluster, as JSON, which is YAML too. */
export function kubeconfigText(fleet: DemoFleet, user: string, { certificate, key }: KeyPair): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: fleet.servers.map((server) => ({
        name: server.cluster.name,
        cluster: { server: server.url, 'certificate-authority-data': base64(fleet.authority) },
      })),
      users: [{ name: user, user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) } }],
      contexts: fleet.servers.map((server) => ({
        name: server.cluster.name,
        context: { cluster: server.cluster.name, user },
      })),
      'current-context': fleet.servers[0]?.cluster.name ?? '',
    },
    undefined,
    2,
  );
}
