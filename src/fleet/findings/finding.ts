import type { HeldKind } from '../held-kind.ts';

/** What detectors look for, the worst first: of findings of one severity the earlier rule comes first. */
export const findingRules = [
  'memory-above-limit',
  'oom',
  'crash-loop',
  'image-pull',
  'config-missing',
  'init-container',
  'start-failed',
  'unschedulable',
  'quota',
  'probe-failing',
  'restarting',
  'rollout-failed',
  'rollout-stuck',
  'unstaged-change',
  'node-gone',
  'node-pressure',
  'pvc-lost',
  'pvc-pending',
  'load-balancer-pending',
  'job-failed',
  'cronjob-missed',
  'hpa-no-metrics',
  'hpa-at-limit',
  'pdb-blocking',
  'version-skew',
  'degraded',
  'no-limits',
] as const;
export type FindingRule = (typeof findingRules)[number];

/** The worst first. `critical`: what it is for is not done; `warning`: it will be, or in part; `notice`: nothing fails yet. */
export const severities = ['critical', 'warning', 'notice'] as const;
export type Severity = (typeof severities)[number];

/** What somebody looked at, in words and numbers. */
export type Evidence = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The workload whose finding it is: a row of what a kind of its cluster holds now. */
export interface Subject {
  readonly kind: HeldKind;
  readonly row: number;
}

/** How many of the pods of a workload it is about. */
export interface AffectedPods {
  readonly affected: number;
  readonly of: number;
  readonly nodes: readonly string[];
}

/** One thing that a detector found in one cluster. */
export interface Finding {
  readonly rule: FindingRule;
  readonly severity: Severity;
  readonly cluster: string;
  /** Id of the kind. */
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** One word, that of Kubernetes where it has one. */
  readonly reason: string;
  readonly message: string;
  /** Seconds since 1970, as the cluster tells it. */
  readonly since: number | undefined;
  readonly evidence: Evidence;
  readonly fix: string;
  readonly subject: Subject | undefined;
  readonly pods: AffectedPods | undefined;
}

/** Order of findings: the worst first, then the longest. */
export function compareFindings(left: Finding, right: Finding): number {
  return (
    severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
    findingRules.indexOf(left.rule) - findingRules.indexOf(right.rule) ||
    (left.since ?? Infinity) - (right.since ?? Infinity) ||
    compareWords(left.cluster, right.cluster) ||
    compareWords(left.name, right.name)
  );
}

function compareWords(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
