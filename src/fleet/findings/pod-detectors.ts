import type { ClusterSight } from './cluster-sight.ts';
import type { Evidence, Finding, FindingRule, Severity } from './finding.ts';
import type { LiveRow } from './live-row.ts';
import { OOM_NEWS, type PodTrouble, suspectPods, troubleOf } from './pod-troubles.ts';
import { sizeText } from './runtime-memory.ts';

/** Pods that are named, at most. */
const MOST_NAMED = 5;
/** Restarts are a finding where this share of the pods did, and so many. */
const RESTARTING = { share: 0.25, pods: 2 };

/** What Backstage's Kubernetes tab calls it, where it knows the like. */
const backstage: Readonly<Partial<Record<FindingRule, string>>> = {
  'crash-loop': 'container-waiting',
  'image-pull': 'container-waiting',
  'config-missing': 'container-waiting',
  'start-failed': 'container-waiting',
  oom: 'containers-restarting',
  restarting: 'containers-restarting',
  'probe-failing': 'readiness-probe-taking-too-long',
};

/** Reasons of events that say more than the pod does, by rule. */
const told: Readonly<Partial<Record<FindingRule, readonly string[]>>> = {
  'probe-failing': ['Unhealthy'],
  'image-pull': ['Failed'],
  'config-missing': ['Failed', 'FailedMount'],
};

interface Group {
  readonly workload: LiveRow;
  readonly first: PodTrouble;
  readonly troubles: PodTrouble[];
}

/** What is wrong with pods, one finding for a workload and rule. */
export function podFindings(sight: ClusterSight): readonly Finding[] {
  const groups = new Map<string, Group>();
  for (const pod of suspectPods(sight)) {
    const trouble = troubleOf(sight, pod) ?? missingMount(sight, pod);
    if (trouble === undefined) continue;
    const workload = sight.ownerOf(pod);
    const key = `${workload.kind.kind.id} ${workload.row} ${trouble.rule} ${trouble.container ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { workload, first: trouble, troubles: [trouble] });
    else group.troubles.push(trouble);
  }
  return [...groups.values()].map((group) => describe(sight, group)).filter((finding) => finding !== undefined);
}

const MISSING = /\b(configmap|secret)s? "([^"]{1,253})" not found/i;

/** A pod that waits for a volume of a ConfigMap or Secret that is not there: only an event says so. */
function missingMount(sight: ClusterSight, pod: LiveRow): PodTrouble | undefined {
  if (pod.word('phase') !== 'Pending' || pod.time('deleting') !== undefined) return undefined;
  const [event] = sight.events(['FailedMount'], pod);
  if (event === undefined || !MISSING.test(event.text('message') ?? '')) return undefined;
  return { rule: 'config-missing', pod, container: undefined, reason: 'FailedMount', since: event.time('first') };
}

function describe(sight: ClusterSight, { workload, first, troubles }: Group): Finding | undefined {
  const { rule, container, reason } = first;
  const all = sight
    .podsOf(workload)
    .filter((pod) => pod.word('phase') !== 'Failed' && pod.time('deleting') === undefined);
  const of = Math.max(all.length, troubles.length);
  if (rule === 'restarting' && (troubles.length < RESTARTING.pods || troubles.length / of < RESTARTING.share))
    return undefined;
  const pods = troubles.map(({ pod }) => pod);
  const evidence = evidenceOf(sight, workload, first, pods, of);
  const since = troubles.map((trouble) => trouble.since).filter((time) => time !== undefined);
  return sight.finding(workload, {
    rule,
    severity: severityOf(sight, workload, rule, pods),
    reason,
    message: messageOf(first, evidence),
    since: since.length === 0 ? undefined : Math.min(...since),
    evidence: { ...evidence, ...(container !== undefined && { container }) },
    pods: { affected: pods.length, of, nodes: distinct(pods.map((pod) => pod.word('node'))) },
  });
}

/** Critical where nothing of it is ready; a kill for want of memory that is long past is to be known, no more. */
function severityOf(sight: ClusterSight, workload: LiveRow, rule: FindingRule, pods: readonly LiveRow[]): Severity {
  const isNone = (workload.count('desired') ?? 0) > 0 && workload.count('ready') === 0;
  if (isNone) return 'critical';
  const last = Math.max(...pods.map((pod) => pod.time('restarted') ?? 0));
  const areUp = pods.every((pod) => pod.word('health') === 'Healthy');
  return rule === 'oom' && areUp && sight.now - last > OOM_NEWS ? 'notice' : 'warning';
}

function evidenceOf(
  sight: ClusterSight,
  workload: LiveRow,
  { rule, container, pod }: PodTrouble,
  pods: readonly LiveRow[],
  of: number,
): Evidence {
  const restarts = pods.reduce((sum, each) => sum + (each.count('restarts') ?? 0), 0);
  const limit = sight.template(workload).containers.find(({ name }) => name === container)?.memoryLimit;
  const last = Math.max(...pods.map((each) => each.time('restarted') ?? 0));
  const said = sight.events(told[rule] ?? [], pod)[0]?.text('message');
  return {
    failing: `${pods.length} of ${of} pods`,
    pods: pods.slice(0, MOST_NAMED).map(({ name }) => name),
    ...(restarts > 0 && { restarts }),
    ...(last > 0 && { lastEnd: new Date(last * 1000).toISOString(), lastExit: pod.word('lastExit') }),
    ...(rule === 'oom' && { limit: limit === undefined ? 'none' : sizeText(limit) }),
    ...(rule === 'image-pull' && { image: pod.word('images') }),
    ...(said !== undefined && { event: said }),
    ...(backstage[rule] !== undefined && { backstage: backstage[rule] }),
  };
}

function messageOf({ rule, pod, reason, container }: PodTrouble, evidence: Evidence): string {
  const which = container === undefined ? '' : ` in container ${container}`;
  const many = String(evidence['failing']);
  const event = typeof evidence['event'] === 'string' ? evidence['event'] : undefined;
  switch (rule) {
    case 'oom': {
      const restarts = evidence['restarts'] ?? 0;
      const told = restarts === 1 ? '1 restart' : `${String(restarts)} restarts`;
      return `${many} ran out of memory${which} (limit ${String(evidence['limit'])}), ${told}`;
    }
    case 'restarting':
      return `${many} restarted in the last 10 minutes${which}: ${reason}`;
    case 'crash-loop':
    case 'init-container': {
      const [, how = reason, code = ''] = pod.word('lastExit')?.split(' ') ?? [];
      return `${many} end soon after each start${which}: ${how}${code === '' ? '' : `, exit code ${code}`}`;
    }
    case 'probe-failing':
      return `${many} run but are not ready${which}${event === undefined ? '' : `: ${event}`}`;
    case 'degraded':
      return `${many} do not do well${which}: ${pod.text('message') ?? reason}`;
    default:
      return `${many}${which}: ${event ?? pod.text('message') ?? reason}`;
  }
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
