import type { HeldCluster } from '../held-cluster.ts';
import type { Finding, FindingRule, Severity } from '../findings/finding.ts';

/** How long something must not be seen before it is said to be over, seconds: pods that are killed in circles do well in between. */
export const QUIET = 180;

/** A time in which one workload, node or cluster did not do well in one cluster. Times are in seconds since 1970. */
export interface Episode {
  /** What it is about, the same in every cluster: `Deployment shop web`. */
  readonly key: string;
  readonly cluster: string;
  readonly region: string | undefined;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly began: number;
  /** When it was last seen. */
  readonly seen: number;
  readonly rule: FindingRule;
  readonly reason: string;
  readonly message: string;
  readonly severity: Severity;
  /** Pods that it was about, at most at one time, and restarts by now. */
  readonly affected: number;
  readonly of: number;
  readonly restarts: number;
  /** What of it lets it take more memory than its limit; absent: nothing. */
  readonly memory?: string | undefined;
}

/** Rules by which something does not do well now; others tell of what may come. The first tells the most. */
const troubles: readonly FindingRule[] = [
  'oom',
  'crash-loop',
  'image-pull',
  'config-missing',
  'init-container',
  'start-failed',
  'probe-failing',
  'restarting',
  'unschedulable',
  'rollout-failed',
  'node-gone',
];

/** What does not do well in a cluster now. @param now seconds since 1970 */
export function troublesOf(
  cluster: HeldCluster,
  findings: readonly Finding[],
  now: number,
): ReadonlyMap<string, Episode> {
  const found = new Map<string, Episode>();
  const memory = new Map<string, string>();
  for (const finding of findings) {
    const key = `${finding.kind} ${finding.namespace ?? ''} ${finding.name}`;
    if (finding.rule === 'memory-above-limit') memory.set(key, finding.message);
    if (finding.severity === 'notice' || !troubles.includes(finding.rule)) continue;
    const episode = episodeOf(cluster, finding, key, now);
    const known = found.get(key);
    found.set(key, known === undefined ? episode : joined(known, episode));
  }
  for (const [key, said] of memory) {
    const episode = found.get(key);
    if (episode !== undefined) found.set(key, { ...episode, memory: said });
  }
  return found;
}

function episodeOf({ name: cluster, face }: HeldCluster, finding: Finding, key: string, now: number): Episode {
  const { kind, namespace, name, rule, reason, message, severity, evidence, pods, since = now } = finding;
  const [desired, ready] = [evidence['desired'], evidence['ready']].map((value) =>
    typeof value === 'number' ? value : 0,
  );
  return {
    key,
    cluster,
    region: face.labels['region'],
    kind,
    namespace,
    name,
    began: Math.min(since, now),
    seen: now,
    rule,
    reason,
    message,
    severity,
    affected: pods?.affected ?? Math.max(0, (desired ?? 0) - (ready ?? 0)),
    of: pods?.of ?? desired ?? 0,
    restarts: typeof evidence['restarts'] === 'number' ? evidence['restarts'] : 0,
  };
}

/** Two views of one trouble, as one: the rule that tells the most speaks. */
function joined(one: Episode, other: Episode): Episode {
  const [main, less] = troubles.indexOf(one.rule) <= troubles.indexOf(other.rule) ? [one, other] : [other, one];
  return {
    ...main,
    severity: main.severity === 'critical' || less.severity === 'critical' ? 'critical' : 'warning',
    began: Math.min(one.began, other.began),
    affected: Math.max(one.affected, other.affected),
    of: Math.max(one.of, other.of),
    restarts: Math.max(one.restarts, other.restarts),
  };
}

/** The same episode as it goes on: its beginning stays, and the most that it came to. */
export function continued(known: Episode, now: Episode): Episode {
  const told = troubles.indexOf(known.rule) <= troubles.indexOf(now.rule) ? known : now;
  return {
    ...now,
    rule: told.rule,
    reason: told.reason,
    message: told.message,
    severity: known.severity === 'critical' ? 'critical' : now.severity,
    began: Math.min(known.began, now.began),
    affected: Math.max(known.affected, now.affected),
    of: Math.max(known.of, now.of),
    restarts: Math.max(known.restarts, now.restarts),
    memory: now.memory ?? known.memory,
  };
}
