import { selectsLabels, parseLabelSelector } from '../label-selector.ts';
import type { Shard } from '../shard.ts';
import type { ClusterSight } from './cluster-sight.ts';
import type { Finding } from './finding.ts';
import type { LiveRow } from './live-row.ts';

/** Kinds that a budget may protect. */
const protectable = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** Autoscalers that cannot scale, or not further. */
export function scalerFindings(sight: ClusterSight): readonly Finding[] {
  const found: Finding[] = [];
  const healthy = sight.wordOf('Healthy');
  const [healthAt, currentAt, maximumAt] = ['health', 'current', 'maximum'].map((column) =>
    sight.slotOf('HorizontalPodAutoscaler', column),
  );
  // Most do well and are below their limit: their conditions need not be read.
  const isSuspect = (shard: Shard, row: number): boolean =>
    shard.slot(row, healthAt ?? 0) !== healthy || shard.slot(row, currentAt ?? 0) >= shard.slot(row, maximumAt ?? 0);
  for (const scaler of sight.rows('HorizontalPodAutoscaler', isSuspect)) {
    const finding = withoutMetrics(sight, scaler) ?? atLimit(sight, scaler);
    if (finding !== undefined) found.push(finding);
  }
  return found;
}

function targetOf(sight: ClusterSight, scaler: LiveRow): LiveRow | undefined {
  return sight.find(scaler.word('targetKind') ?? '', scaler.namespaceWord, scaler.word('targetName') ?? '');
}

function numbersOf(scaler: LiveRow): Finding['evidence'] {
  return {
    target: `${scaler.word('targetKind') ?? ''}/${scaler.word('targetName') ?? ''}`,
    minimum: scaler.count('minimum'),
    maximum: scaler.count('maximum'),
    current: scaler.count('current'),
    desired: scaler.count('desired'),
  };
}

function subjectOf(target: LiveRow | undefined): Finding['subject'] {
  return target === undefined ? undefined : { kind: target.kind, row: target.row };
}

/** Scaled to zero by hand it is at rest, which is no fault. */
function withoutMetrics(sight: ClusterSight, scaler: LiveRow): Finding | undefined {
  const active = scaler.condition('ScalingActive');
  const able = scaler.condition('AbleToScale');
  const broken =
    active?.status === 'False' && active.reason !== 'ScalingDisabled'
      ? active
      : able?.status === 'False' && able.reason?.startsWith('Failed') === true
        ? able
        : undefined;
  if (broken === undefined) return undefined;
  return sight.finding(scaler, {
    rule: 'hpa-no-metrics',
    severity: 'warning',
    reason: broken.reason ?? broken.type,
    message: broken.message ?? 'Its metrics cannot be read.',
    since: broken.since,
    evidence: numbersOf(scaler),
    subject: subjectOf(targetOf(sight, scaler)),
  });
}

/** One whose least is its most does not scale, and so has no limit to reach. */
function atLimit(sight: ClusterSight, scaler: LiveRow): Finding | undefined {
  const [minimum = 1, maximum, current = 0, desired = 0] = ['minimum', 'maximum', 'current', 'desired'].map((name) =>
    scaler.count(name),
  );
  if (maximum === undefined || minimum >= maximum || current < maximum) return undefined;
  const limited = scaler.condition('ScalingLimited');
  const isLimited = limited?.status === 'True' && limited.reason === 'TooManyReplicas';
  if (!isLimited && desired < maximum) return undefined;
  return sight.finding(scaler, {
    rule: 'hpa-at-limit',
    severity: isLimited ? 'warning' : 'notice',
    reason: isLimited ? 'TooManyReplicas' : 'AtMaximum',
    message: isLimited
      ? `It runs its most, ${maximum} replicas, and would scale further`
      : `It runs its most, ${maximum} replicas`,
    since: isLimited ? limited.since : scaler.time('scaled'),
    evidence: { ...numbersOf(scaler), backstage: 'hpa-max-current-replicas' },
    subject: subjectOf(targetOf(sight, scaler)),
  });
}

/** Budgets that let no pod go, or protect none. */
export function budgetFindings(sight: ClusterSight): readonly Finding[] {
  const found: Finding[] = [];
  for (const budget of sight.rows('PodDisruptionBudget')) {
    const finding = blocking(sight, budget) ?? protectsNothing(sight, budget);
    if (finding !== undefined) found.push(finding);
  }
  return found;
}

/** The workload whose pods a budget selects. */
function protectedBy(sight: ClusterSight, budget: LiveRow): LiveRow | undefined {
  const selector = budget.word('selector');
  if (selector === undefined) return undefined;
  const requirements = parseLabelSelector(selector);
  for (const kind of protectable) {
    const passes = (workload: LiveRow): boolean => {
      const own = workload.word('selector');
      if (own === selector) return true;
      return own !== undefined && selectsLabels(requirements, labelsOf(own));
    };
    const inNamespace = sight.rows(kind, (shard, row) => shard.namespace(row) === budget.namespaceWord);
    for (const workload of inNamespace) if (passes(workload)) return workload;
  }
  return undefined;
}

/** The labels that a selector of plain pairs asks for. */
function labelsOf(selector: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    selector.split(',').map((pair) => {
      const [key = '', value = ''] = pair.split('=');
      return [key, value];
    }),
  );
}

/** Pods that fail by themselves are another matter: the budget blocks only where it forbids what could be done. */
function blocking(sight: ClusterSight, budget: LiveRow): Finding | undefined {
  const [allowed, healthy = 0, needed = 0, expected = 0] = ['allowed', 'healthy', 'needed', 'expected'].map((name) =>
    budget.count(name),
  );
  if (allowed !== 0 || expected === 0 || healthy < Math.max(needed, expected)) return undefined;
  return sight.finding(budget, {
    rule: 'pdb-blocking',
    severity: 'warning',
    reason: 'NoDisruptionAllowed',
    message: `All ${expected} pods are healthy, ${needed} are needed: none may be evicted, and nodes cannot be drained`,
    since: budget.condition('DisruptionAllowed')?.since,
    evidence: { healthy, needed, expected, selector: budget.word('selector') },
    subject: subjectOf(protectedBy(sight, budget)),
  });
}

function protectsNothing(sight: ClusterSight, budget: LiveRow): Finding | undefined {
  if (budget.count('expected') !== 0 || budget.count('observedGeneration') === undefined) return undefined;
  // What is scaled to zero has no pods to protect now.
  if (protectedBy(sight, budget) !== undefined) return undefined;
  return sight.finding(budget, {
    rule: 'pdb-blocking',
    severity: 'notice',
    reason: 'SelectsNothing',
    message: 'It selects no pod, so it protects nothing',
    evidence: { selector: budget.word('selector') ?? '' },
    fix: 'Correct its selector, or delete it: what it was made for has no protection.',
    subject: undefined,
  });
}
