import type { CellsByColumn } from './fleet-batches.ts';
import { liveObject, memoryFleet, type MemoryFleet } from './memory-fleet.ts';

const MINUTE = 60;
const namespace = 'box-office';

/**
 * A fleet in trouble: `desk` runs in five clusters of three regions; since some minutes it is killed in circles in the busy ones, after a
 * change that reached all of them at once. One cluster does not answer, and nodes of another do not report.
 */
export function incidentFleet(): MemoryFleet {
  const fleet = memoryFleet();
  for (const name of ['prod-eu-1', 'prod-eu-2', 'prod-us-1', 'prod-us-2', 'prod-asia-1']) {
    const region = name.split('-')[1] ?? '';
    fleet.putCluster(name, { labels: { environment: 'production', region }, isProtected: true });
    fleet.watchAll(name);
    runDesk(fleet, name, region !== 'asia');
  }
  fleet.putCluster('stage-eu-1', { labels: { environment: 'staging', region: 'eu' } });
  fleet.watchAll('stage-eu-1');
  const lost = { health: 'Unknown', conditions: conditions('Ready', 'NodeStatusUnknown', 12) };
  fleet.put('stage-eu-1', 'Node', [liveObject('node-4', lost), liveObject('node-5', lost)]);
  return fleet;
}

const ago = (minutes: number): number => Math.floor(Date.now() / 1000) - minutes * MINUTE;

function conditions(type: string, reason: string, minutes: number): string {
  return JSON.stringify([
    { type, status: 'Unknown', reason, message: 'Kubelet stopped posting node status.', since: ago(minutes) },
  ]);
}

function runDesk(fleet: MemoryFleet, cluster: string, isKilled: boolean): void {
  const labels = 'app.kubernetes.io/name=desk';
  const env = [{ name: 'JAVA_TOOL_OPTIONS', value: '-Xmx2g' }];
  const template = JSON.stringify({
    spec: { containers: [{ name: 'desk', env, resources: { limits: { memory: '1Gi' } } }] },
  });
  const images = 'registry.example.com/desk:1.4.2';
  const replicas = { desired: 4, current: 4, ready: isKilled ? 1 : 4, health: isKilled ? 'Progressing' : 'Healthy' };
  fleet.put(cluster, 'Deployment', [
    liveObject('desk', {
      namespace,
      labels,
      selector: labels,
      images,
      template,
      created: ago(60 * 24 * 90),
      ...replicas,
    }),
  ]);
  const revision = (number: number, minutes: number): CellsByColumn =>
    liveObject(`desk-${number}`, {
      namespace,
      images,
      revision: String(number),
      created: ago(minutes),
      ownerKind: 'Deployment',
      ownerName: 'desk',
    });
  fleet.put(cluster, 'ReplicaSet', [revision(1, 60 * 24 * 9), revision(2, 16)]);
  const killed = {
    health: 'Degraded',
    reason: 'CrashLoopBackOff',
    failing: 'desk CrashLoopBackOff',
    lastExit: 'desk OOMKilled 137',
    restarts: 6,
    restarted: ago(1),
    unready: ago(14),
  };
  const pod = { namespace, ownerKind: 'ReplicaSet', ownerName: 'desk-2', phase: 'Running', health: 'Healthy' };
  fleet.put(
    cluster,
    'Pod',
    [0, 1, 2, 3].map((at) => liveObject(`desk-2-${at}`, { ...pod, ...(isKilled && at > 0 && killed) })),
  );
}
