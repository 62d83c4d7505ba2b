import type { Principal } from '../../access/principal.ts';
import type { LogProblem, LogQuery } from '../../api/logs.ts';
import { CallboardError } from '../../base/errors.ts';
import type { Impersonation } from '../../kube/connection.ts';
import type { LogPodsAnswer, LogPodsQuery } from '../../live/log-pods.ts';
import type { LiveReader, LiveScope } from '../../live/live-reader.ts';
import type { ActingGate } from '../acting/acting-gate.ts';
import { fleetError } from '../errors.ts';
import type { LogPlace } from './log-question.ts';

/** Who asks for which pods. */
export interface PodsAsked {
  readonly query: LogPodsQuery;
  readonly scope: LiveScope;
  readonly principal: Principal;
}

/** The pods that may be read, and as whom. */
export interface ReadablePods {
  readonly pods: readonly LogPlace[];
  /** By cluster. */
  readonly users: Readonly<Record<string, Impersonation>>;
  /** Clusters on which it cannot be asked as who asks, and why. */
  readonly refusals: readonly CallboardError[];
  readonly problems: readonly Omit<LogProblem, 'type'>[];
}

/** What a query asks for. @throws LOG_QUERY_INVALID */
export function podsQueryOf({ cluster, namespace, kind, name, pod }: LogQuery): LogPodsQuery {
  const isWorkload = kind !== undefined && name !== undefined;
  if ((kind === undefined) !== (name === undefined) || isWorkload === (pod !== undefined))
    throw fleetError('LOG_QUERY_INVALID', { problem: 'they are of a workload, by kind and name, or of pods' });
  return { clusters: cluster, namespace, ...(isWorkload ? { workload: { kind, name } } : { pods: pod ?? [] }) };
}

/** What is asked for, in words. */
export function nameOfPods({ namespace, workload, pods }: LogPodsQuery): string {
  return workload === undefined
    ? `${namespace}/${(pods ?? []).join(', ')}`
    : `${workload.kind} ${namespace}/${workload.name}`;
}

/** Finds pods as they are now, and as whom their clusters are asked. */
export async function readablePods(
  live: Pick<LiveReader, 'logPods'>,
  gate: ActingGate,
  { query, scope, principal }: PodsAsked,
): Promise<ReadablePods> {
  const answer = JSON.parse(Buffer.from(await live.logPods(query, scope)).toString()) as LogPodsAnswer;
  const found = withUnseen(answer.pods, query);
  const users: Record<string, Impersonation> = {};
  const refusals = new Map<string, CallboardError>();
  for (const { cluster, namespace } of found) {
    if (Object.hasOwn(users, cluster) || refusals.has(cluster)) continue;
    try {
      users[cluster] = gate.as(principal, 'fleet.log.read', { cluster, namespace });
    } catch (thrown) {
      if (!(thrown instanceof CallboardError)) throw thrown;
      refusals.set(cluster, thrown);
    }
  }
  return {
    pods: found.filter(({ cluster }) => Object.hasOwn(users, cluster)),
    users,
    refusals: [...refusals.values()],
    problems: Array.from(refusals, ([cluster, { code, message }]) => ({ cluster, code, message })),
  };
}

/** Pods of one cluster that are not held, perhaps since it is not read now, are asked for all the same. */
function withUnseen(found: LogPodsAnswer['pods'], { clusters = [], namespace, pods = [] }: LogPodsQuery) {
  const [cluster] = clusters;
  if (cluster === undefined || clusters.length > 1) return found;
  const known = new Set(found.map(({ pod }) => pod));
  return [...found, ...pods.filter((pod) => !known.has(pod)).map((pod) => ({ cluster, namespace, pod }))];
}
