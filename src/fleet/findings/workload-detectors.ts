import { quantity } from '../reduce/quantity.ts';
import type { ClusterSight } from './cluster-sight.ts';
import type { Finding } from './finding.ts';
import type { LiveRow } from './live-row.ts';
import { sizeText } from './runtime-memory.ts';

/** A rollout whose pods fail is stuck after this, seconds. */
const STUCK_AFTER = 600;
/** Events are news for this long, seconds. */
const EVENT_NEWS = 900;
const QUOTA = /exceeded quota/i;

/** Kinds with a pod template and replicas. */
const templated = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'] as const;
const rolling = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** Rollouts that failed or do not go on. @param ofPods what was found of pods in this cluster */
export function rolloutFindings(sight: ClusterSight, ofPods: readonly Finding[]): readonly Finding[] {
  const healthy = sight.wordOf('Healthy');
  const failing = new Map<string, Finding>();
  for (const finding of ofPods) {
    const { subject, rule } = finding;
    if (subject !== undefined && rule !== 'restarting') failing.set(`${subject.kind.kind.id} ${subject.row}`, finding);
  }
  return rolling.flatMap((kind) => {
    const healthAt = sight.slotOf(kind, 'health');
    const found: Finding[] = [];
    for (const workload of sight.rows(kind, (shard, row) => shard.slot(row, healthAt) !== healthy)) {
      const finding = failedRollout(sight, workload) ?? stuckRollout(sight, workload, failing);
      if (finding !== undefined) found.push(finding);
    }
    return found;
  });
}

function failedRollout(sight: ClusterSight, workload: LiveRow): Finding | undefined {
  const failed = workload.conditions.find(
    ({ type, status, reason }) =>
      reason === 'ProgressDeadlineExceeded' || (type === 'ReplicaFailure' && status === 'True'),
  );
  if (failed === undefined) return undefined;
  const message = failed.message ?? failed.reason ?? '';
  const isQuota = QUOTA.test(message);
  return sight.finding(workload, {
    rule: isQuota ? 'quota' : 'rollout-failed',
    severity: isNoneReady(workload) ? 'critical' : 'warning',
    reason: failed.reason ?? failed.type,
    message,
    since: failed.since,
    evidence: { ...replicas(workload), backstage: 'condition-message-present' },
  });
}

function stuckRollout(
  sight: ClusterSight,
  workload: LiveRow,
  failing: ReadonlyMap<string, Finding>,
): Finding | undefined {
  const { kind, row } = workload;
  const pods = failing.get(`${kind.kind.id} ${row}`);
  if (pods?.since === undefined || workload.word('health') !== 'Progressing') return undefined;
  if (sight.now - pods.since < STUCK_AFTER) return undefined;
  return sight.finding(workload, {
    rule: 'rollout-stuck',
    severity: isNoneReady(workload) ? 'critical' : 'warning',
    reason: pods.reason,
    message: `No progress while pods fail: ${pods.message}`,
    since: pods.since,
    evidence: replicas(workload),
  });
}

function isNoneReady(workload: LiveRow): boolean {
  return (workload.count('desired') ?? 0) > 0 && workload.count('ready') === 0;
}

function replicas(workload: LiveRow): Finding['evidence'] {
  return { desired: workload.count('desired'), updated: workload.count('updated'), ready: workload.count('ready') };
}

/**
 * What pod templates say of memory: settings above the limit, and containers without one.
 * @param ofPods what was found of pods in this cluster: a setting that kills is critical
 */
export function memoryFindings(sight: ClusterSight, ofPods: readonly Finding[]): readonly Finding[] {
  const killed = ofPods.filter(({ rule, severity }) => rule === 'oom' && severity !== 'notice');
  const isKilled = ({ kind, row }: LiveRow): boolean =>
    killed.some(({ subject }) => subject?.kind === kind && subject.row === row);
  return templated.flatMap((kind) => [...sight.rows(kind)].flatMap((workload) => memoryOf(sight, workload, isKilled)));
}

function memoryOf(
  sight: ClusterSight,
  workload: LiveRow,
  isKilled: (workload: LiveRow) => boolean,
): readonly Finding[] {
  const found: Finding[] = [];
  const { containers } = sight.template(workload);
  for (const { name, memoryLimit = 0, aboveLimit } of containers) {
    const [first] = aboveLimit;
    if (first === undefined) continue;
    const needs = sizeText(first.bytes);
    const limit = sizeText(memoryLimit);
    found.push(
      sight.finding(workload, {
        rule: 'memory-above-limit',
        severity: isKilled(workload) ? 'critical' : 'warning',
        reason: 'MemoryAboveLimit',
        message: `${first.runtime} in container ${name} may take ${needs} (${first.setting}) and is killed at its limit of ${limit}`,
        evidence: { container: name, runtime: first.runtime, setting: first.setting, place: first.place, needs, limit },
      }),
    );
  }
  const unlimited = containers.filter(({ memoryLimit }) => memoryLimit === undefined).map(({ name }) => name);
  if (unlimited.length > 0) {
    const message = `No memory limit: ${unlimited.join(', ')}`;
    const evidence = { containers: unlimited };
    found.push(
      sight.finding(workload, { rule: 'no-limits', severity: 'notice', reason: 'NoLimits', message, evidence }),
    );
  }
  return found;
}

/** Quotas that are used up, and workloads that get no pods since one is. */
export function quotaFindings(sight: ClusterSight): readonly Finding[] {
  const refused = refusedPods(sight);
  const used = [...sight.rows('ResourceQuota')].map((quota) => usedUp(sight, quota));
  return [...refused, ...used.filter((finding) => finding !== undefined)];
}

function refusedPods(sight: ClusterSight): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const event of sight.events(['FailedCreate'])) {
    const message = event.text('message') ?? '';
    const last = event.time('last') ?? 0;
    if (sight.now - last > EVENT_NEWS || !QUOTA.test(message)) continue;
    const maker = sight.find(event.word('objectKind') ?? '', event.namespaceWord, event.word('objectName') ?? '');
    if (maker === undefined) continue;
    const workload = sight.ownerOf(maker);
    const hasAll = (workload.count('current') ?? 0) >= (workload.count('desired') ?? 0);
    const key = `${workload.kind.kind.id} ${workload.row}`;
    // The conditions of a Deployment say it too, and until when.
    if (hasAll || found.has(key) || workload.condition('ReplicaFailure')?.status === 'True') continue;
    found.set(
      key,
      sight.finding(workload, {
        rule: 'quota',
        severity: isNoneReady(workload) ? 'critical' : 'warning',
        reason: 'FailedCreate',
        message,
        since: event.time('first'),
        evidence: { ...replicas(workload), times: event.count('count') },
      }),
    );
  }
  return [...found.values()];
}

function usedUp(sight: ClusterSight, quota: LiveRow): Finding | undefined {
  const used = new Map(quota.lines('used').map((line) => splitPair(line)));
  const full = quota.lines('hard').filter((line) => {
    const [resource, hard] = splitPair(line);
    // What may not be used at all is a rule, not a lack.
    const limit = quantity(hard) ?? 0;
    return limit > 0 && (quantity(used.get(resource)) ?? 0) >= limit;
  });
  if (full.length === 0) return undefined;
  return sight.finding(quota, {
    rule: 'quota',
    severity: 'notice',
    reason: 'QuotaUsedUp',
    message: `All of it is used: ${full.join(', ')}`,
    evidence: { usedUp: full },
    subject: undefined,
  });
}

function splitPair(line: string): readonly [string, string] {
  const equals = line.indexOf('=');
  return [line.slice(0, equals), line.slice(equals + 1)];
}
