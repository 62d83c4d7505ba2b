import { liveObject, memoryFleet, type MemoryFleet } from '../support/memory-fleet.ts';

/** Clusters by name: environment, region, and what is wrong with them. */
const clusters: readonly (readonly [name: string, environment: string, region: string, trouble?: string])[] = [
  ['prod-eu-1', 'production', 'eu-west'],
  ['prod-eu-2', 'production', 'eu-west', 'partial'],
  ['prod-eu-3', 'production', 'eu-west', 'unreachable'],
  ['prod-us-1', 'production', 'us-east'],
  ['prod-us-2', 'production', 'us-east', 'denied'],
  ['stage-eu-1', 'staging', 'eu-west', 'stale'],
  ['stage-eu-2', 'staging', 'eu-west'],
];

/** Something that nobody registered; its namespace is nobody's either. */
function runPrinter(fleet: MemoryFleet): void {
  fleet.put('prod-eu-1', 'Deployment', [
    liveObject('poster-printer', {
      namespace: 'foyer',
      labels: 'app=poster-printer\nlantern.example/team=stage',
      images: 'registry.example.com/poster-printer:3',
      desired: 1,
      ready: 1,
      health: 'Healthy',
    }),
  ]);
}

/** A small fleet in all states: in each of its clusters a namespace, a node, three pods and two Warning events. */
export function stageFleet(): MemoryFleet {
  const fleet = memoryFleet();
  for (const [name, environment, region, trouble] of clusters) {
    fleet.putCluster(name, {
      labels: { environment, region, owner: 'stage' },
      server: `https://${name}.example.com:6443`,
      origin: `kubeconfig /etc/callboard/kubeconfig, context ${name}`,
      isProtected: environment === 'production',
      ...(name === 'prod-eu-1' && { warnings: ['The certificate of its API server is not checked.'] }),
    });
    fleet.store.setConnection(name, 1, { version: 'v1.34.2', identity: name });
    if (trouble !== 'unreachable') {
      fill(fleet, name);
      runDesk(fleet, name, trouble === 'partial');
    }
    disturb(fleet, name, trouble);
  }
  runPrinter(fleet);
  return fleet;
}

function fill(fleet: MemoryFleet, name: string): void {
  const namespace = 'box-office';
  fleet.watchAll(name);
  fleet.list(name, 'Namespace', [liveObject(namespace, { phase: 'Active' })]);
  fleet.list(name, 'Node', [liveObject('node-1', { ready: 1 })]);
  fleet.list(
    name,
    'Pod',
    [1, 2, 3].map((number) => liveObject(`till-${number}`, { namespace, phase: 'Running' })),
  );
  fleet.list(
    name,
    'Event',
    ['BackOff', 'Unhealthy'].map((reason, at) =>
      liveObject(`till-${reason}`, {
        namespace,
        reason,
        type: 'Warning',
        message: `${reason}: the till does not answer`,
        objectKind: 'Pod',
        objectName: `till-${at + 1}`,
        count: at + 1,
        last: Math.floor(Date.now() / 1000) - at,
      }),
    ),
  );
}

/** The desk of the theatre runs everywhere that can be read; in one cluster one of its pods fails. */
function runDesk(fleet: MemoryFleet, cluster: string, fails: boolean): void {
  const namespace = 'box-office';
  const labels = 'app.kubernetes.io/name=desk';
  fleet.put(cluster, 'Deployment', [
    liveObject('desk', {
      namespace,
      labels,
      selector: labels,
      images: `registry.example.com/desk:${cluster.startsWith('stage') ? '1.5.0' : '1.4.2'}`,
      desired: 2,
      ready: fails ? 1 : 2,
      health: fails ? 'Progressing' : 'Healthy',
      ...(fails && { healthReason: 'BecomingAvailable' }),
    }),
  ]);
  fleet.put(cluster, 'ReplicaSet', [liveObject('desk-7f9', { namespace, ownerKind: 'Deployment', ownerName: 'desk' })]);
  const pod = { namespace, labels, ownerKind: 'ReplicaSet', ownerName: 'desk-7f9', containers: 1, node: 'node-1' };
  const failing = {
    ready: 0,
    restarts: 7,
    reason: 'CrashLoopBackOff',
    health: 'Degraded',
    healthReason: 'CrashLoopBackOff',
    failing: 'desk CrashLoopBackOff',
    lastExit: 'desk OOMKilled 137',
    restarted: Math.floor(Date.now() / 1000) - 90,
    message: 'back-off 5m0s restarting failed container',
    unready: Math.floor(Date.now() / 1000) - 720,
  };
  const well = { ready: 1, restarts: 0, reason: 'Running', health: 'Healthy' };
  fleet.put(cluster, 'Pod', [
    liveObject('desk-7f9-x2v9k', { ...pod, ...(fails ? failing : well) }),
    liveObject('desk-7f9-m8q2d', { ...pod, ...well }),
  ]);
}

function disturb(fleet: MemoryFleet, name: string, trouble: string | undefined): void {
  if (trouble === 'unreachable') {
    const message = `Nothing listens at ${name}.example.com:6443: the connection is refused`;
    fleet.setState(name, { state: 'unreachable', reason: { code: 'ConnectionRefused', message } });
  } else if (trouble === 'denied') {
    const message = 'The credentials are refused (401): the token has ended';
    fleet.setState(name, { state: 'denied', reason: { code: 'Unauthorized', message } });
  } else if (trouble === 'stale') {
    const message = 'It is shown as it was saved; the cluster was not read since.';
    fleet.setState(name, { state: 'stale', reason: { code: 'Snapshot', message } });
  } else if (trouble === 'partial') {
    fleet.setState(name, { state: 'denied', reason: { code: 'Forbidden', message: 'may not list jobs' } }, ['Job']);
  }
}
