import { noText } from '../columns.ts';
import type { ClusterSight } from './cluster-sight.ts';
import type { Finding } from './finding.ts';
import type { LiveRow } from './live-row.ts';

/** How long a claim may wait for its volume, and a load balancer for its address, seconds. */
const VOLUME_WITHIN = 300;
const ADDRESS_WITHIN = 600;

/** Claims without a volume. */
export function volumeFindings(sight: ClusterSight): readonly Finding[] {
  const healthAt = sight.slotOf('PersistentVolumeClaim', 'health');
  const healthy = sight.wordOf('Healthy');
  const claims = [...sight.rows('PersistentVolumeClaim', (shard, row) => shard.slot(row, healthAt) !== healthy)];
  return claims.map((claim) => volumeOf(sight, claim)).filter((finding) => finding !== undefined);
}

function volumeOf(sight: ClusterSight, claim: LiveRow): Finding | undefined {
  const phase = claim.word('phase');
  const evidence = { class: claim.word('class'), volume: claim.word('volume') };
  const user = userOf(sight, claim);
  const subject = user === undefined ? undefined : { kind: user.kind, row: user.row };
  if (phase === 'Lost') {
    const message = `Its volume ${claim.word('volume') ?? ''} is gone`;
    return sight.finding(claim, { rule: 'pvc-lost', severity: 'critical', reason: 'Lost', message, evidence, subject });
  }
  const since = claim.time('created');
  if (phase !== 'Pending' || since === undefined || sight.now - since <= VOLUME_WITHIN) return undefined;
  const [event] = sight.events(['ProvisioningFailed', 'FailedBinding'], claim);
  // Some classes wait for the first pod: without one that waits too nobody is held up.
  const isWaitedFor = event !== undefined || (user !== undefined && sight.podsOf(user).some(isPending));
  return sight.finding(claim, {
    rule: 'pvc-pending',
    severity: isWaitedFor ? 'warning' : 'notice',
    reason: event?.word('reason') ?? 'Pending',
    message: event?.text('message') ?? 'It has no volume yet',
    since,
    evidence,
    subject,
  });
}

const isPending = (pod: LiveRow): boolean => pod.word('phase') === 'Pending';

/** The workload whose pods use a claim: by its template, or as a StatefulSet names the claims of its pods. */
function userOf(sight: ClusterSight, claim: LiveRow): LiveRow | undefined {
  const { name, namespaceWord } = claim;
  for (const kind of ['StatefulSet', 'Deployment', 'DaemonSet'] as const) {
    for (const workload of sight.rows(kind, (shard, row) => shard.namespace(row) === namespaceWord)) {
      const ownName = kind === 'StatefulSet' ? `-${workload.name}-` : undefined;
      const isOrdinal =
        ownName !== undefined && /^\d+$/.test(name.split(ownName).at(-1) ?? '') && name.includes(ownName);
      if (isOrdinal || sight.template(workload).claims.includes(name)) return workload;
    }
  }
  return undefined;
}

/** Services and Ingresses that wait for an address. */
export function balancerFindings(sight: ClusterSight): readonly Finding[] {
  const balancer = sight.wordOf('LoadBalancer');
  const typeAt = sight.slotOf('Service', 'type');
  return [...sight.rows('Service', (shard, row) => shard.slot(row, typeAt) === balancer), ...sight.rows('Ingress')]
    .map((object) => addressOf(sight, object))
    .filter((finding) => finding !== undefined);
}

function addressOf(sight: ClusterSight, object: LiveRow): Finding | undefined {
  const since = object.time('created');
  const at = object.shard.layout.byName.get('addresses')?.at;
  const hasAddress = at === undefined || object.shard.slot(object.row, at) !== noText;
  if (hasAddress || since === undefined || sight.now - since <= ADDRESS_WITHIN) return undefined;
  const [event] = sight.events(['SyncLoadBalancerFailed', 'CreatingLoadBalancerFailed', 'Sync'], object);
  const user = backendOf(sight, object);
  return sight.finding(object, {
    rule: 'load-balancer-pending',
    severity: 'warning',
    reason: event?.word('reason') ?? 'NoAddress',
    message: event?.text('message') ?? 'It was not given an address',
    since,
    evidence: { class: object.word('class'), hosts: object.lines('hosts') },
    subject: user === undefined ? undefined : { kind: user.kind, row: user.row },
  });
}

/** The workload behind a Service, or behind the first Service of an Ingress: the one with just its selector. */
function backendOf(sight: ClusterSight, object: LiveRow): LiveRow | undefined {
  const [behind = ''] = object.lines('services');
  const service = object.kind.kind.id === 'Service' ? object : sight.find('Service', object.namespaceWord, behind);
  const selector = service?.wordId('selector') ?? 0;
  if (selector === 0) return undefined;
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet'] as const) {
    const selectorAt = sight.slotOf(kind, 'selector');
    const isBehind = sight.rows(
      kind,
      (shard, row) => shard.namespace(row) === object.namespaceWord && shard.slot(row, selectorAt) === selector,
    );
    for (const workload of isBehind) return workload;
  }
  return undefined;
}

/** Nodes that do not report, or run short. */
export function nodeFindings(sight: ClusterSight): readonly Finding[] {
  const healthAt = sight.slotOf('Node', 'health');
  const healthy = sight.wordOf('Healthy');
  const found: Finding[] = [];
  for (const node of sight.rows('Node', (shard, row) => shard.slot(row, healthAt) !== healthy)) {
    const finding = nodeOf(sight, node);
    if (finding !== undefined) found.push(finding);
  }
  return found;
}

function nodeOf(sight: ClusterSight, node: LiveRow): Finding | undefined {
  const ready = node.condition('Ready');
  const nodeAt = sight.slotOf('Pod', 'node');
  const word = sight.wordOf(node.name);
  const pods = word < 0 ? [] : [...sight.rows('Pod', (shard, row) => shard.slot(row, nodeAt) === word)];
  const evidence = { pods: pods.length, zone: node.word('zone'), instance: node.word('instance') };
  const about = { subject: undefined, pods: { affected: pods.length, of: pods.length, nodes: [node.name] } };
  if (node.count('ready') !== 1) {
    const reason = ready?.reason ?? node.word('healthReason') ?? 'NotReady';
    const message = ready?.message ?? 'The node does not report';
    return sight.finding(node, {
      rule: 'node-gone',
      severity: 'warning',
      reason,
      message,
      since: ready?.since,
      evidence,
      ...about,
    });
  }
  const pressure = node.lines('pressure');
  if (pressure.length === 0) return undefined;
  const [first = ''] = pressure;
  const condition = node.condition(first);
  const message = condition?.message ?? first;
  return sight.finding(node, {
    rule: 'node-pressure',
    severity: 'warning',
    reason: first,
    message,
    since: condition?.since,
    evidence: { ...evidence, conditions: pressure },
    ...about,
  });
}

/** Kinds whose health the other detectors tell of in their own words. */
const explained: ReadonlySet<string> = new Set([
  'Pod',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Node',
  'HorizontalPodAutoscaler',
  'PersistentVolumeClaim',
]);

/** What says of itself that it does not do well, and nothing else says why. @param known findings of this cluster */
export function otherFindings(sight: ClusterSight, known: readonly Finding[]): readonly Finding[] {
  const degraded = sight.wordOf('Degraded');
  if (degraded < 0) return [];
  const told = new Set(
    known
      .filter(({ severity }) => severity !== 'notice')
      .map(({ kind, namespace, name }) => `${kind} ${namespace ?? ''} ${name}`),
  );
  const found: Finding[] = [];
  for (const [id, { layout }] of sight.cluster.kinds) {
    const healthAt = layout.byName.get('health')?.at;
    if (healthAt === undefined || explained.has(id)) continue;
    for (const object of sight.rows(id, (shard, row) => shard.slot(row, healthAt) === degraded)) {
      if (told.has(`${id} ${object.namespace ?? ''} ${object.name}`)) continue;
      const bad = object.conditions.find(({ status, message }) => status !== 'True' && message !== undefined);
      found.push(
        sight.finding(object, {
          rule: 'degraded',
          severity: 'warning',
          reason: object.word('healthReason') ?? 'Degraded',
          message: bad?.message ?? object.word('healthReason') ?? 'It is degraded',
          since: bad?.since,
          evidence: { ...(id === 'Deployment' && bad !== undefined && { backstage: 'condition-message-present' }) },
        }),
      );
    }
  }
  return found;
}
