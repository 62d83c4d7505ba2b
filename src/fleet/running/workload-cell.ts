import type { ClaimRule } from '../../live/claim.ts';
import type { Health, HealthStatus } from '../health/health.ts';
import { list, text, tree, whole } from '../reduce/json-read.ts';
import { instant } from '../render.ts';
import type { Hit } from '../row-order.ts';
import type { CellReader } from './cell-reader.ts';
import { statusOf } from './verdict.ts';

/** Pods that are named where they fail, at most. */
const MOST_FAILING = 5;

/** A workload of an entity, and why it is. */
export interface ClaimedRow extends Hit {
  readonly rule: ClaimRule;
}

/** A pod that fails. */
export interface FailingPod {
  readonly name: string;
  readonly reason: string;
  readonly message?: string | undefined;
  readonly since?: string | undefined;
}

/** One workload in one cluster. */
export interface WorkloadCell {
  readonly cluster: string;
  readonly status: HealthStatus;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly since?: string | undefined;
  /** What is shown was so at this time, where that is not now; then the status is unknown, and this what it was. */
  readonly asOf?: string | undefined;
  readonly lastStatus?: HealthStatus | undefined;
  readonly desired?: number | undefined;
  readonly ready?: number | undefined;
  readonly updated?: number | undefined;
  readonly revision?: string | undefined;
  readonly selector?: string | undefined;
  readonly images: readonly string[];
  readonly pods: number;
  readonly restarts: number;
  readonly failing: readonly FailingPod[];
  readonly failingCount: number;
  readonly rule: ClaimRule;
}

/** Describes a workload with its pods. */
export function workloadCell(cells: CellReader, { place, row, rule }: ClaimedRow, pods: readonly Hit[]): WorkloadCell {
  const { shard, kind, cluster } = place;
  const failing = pods.filter((pod) => statusOf(cells.word(pod.place.shard, pod.row, 'health')) === 'Degraded');
  const named = failing.slice(0, MOST_FAILING).map((pod) => failingPod(cells, pod));
  const health = withPods(ownHealth(cells, place.shard, row), named);
  const isNow = kind.state === 'ok';
  const count = (column: string): number | undefined => cells.count(shard, row, column);
  return {
    cluster: cluster.name,
    status: isNow ? health.status : 'Unknown',
    reason: isNow ? health.reason : (kind.reason?.code ?? 'NotRead'),
    message: isNow ? messageOf(cells, place, row, { health, named }) : kind.reason?.message,
    since: isNow ? since(cells, shard, row, failing, health) : instant(kind.since),
    asOf: isNow || kind.asOf === undefined ? undefined : instant(kind.asOf),
    lastStatus: isNow ? undefined : health.status,
    desired: count('desired'),
    ready: count('ready'),
    updated: count('updated'),
    revision: cells.word(shard, row, 'revision'),
    selector: cells.word(shard, row, 'selector'),
    images: cells.word(shard, row, 'images')?.split('\n') ?? [],
    pods: pods.length,
    restarts: pods.reduce((sum, pod) => sum + (cells.count(pod.place.shard, pod.row, 'restarts') ?? 0), 0),
    failing: named,
    failingCount: failing.length,
    rule,
  };
}

function messageOf(
  cells: CellReader,
  { shard }: Hit['place'],
  row: number,
  { health, named }: { readonly health: Health; readonly named: readonly FailingPod[] },
): string | undefined {
  return health.status === 'Healthy' ? undefined : (named[0]?.message ?? conditionMessage(cells, shard, row));
}

function ownHealth(cells: CellReader, shard: Hit['place']['shard'], row: number): Health {
  return { status: statusOf(cells.word(shard, row, 'health')), reason: cells.word(shard, row, 'healthReason') };
}

/** A rollout that goes on while its pods fail is not on its way: it fails, for the reason of the pods. */
function withPods(own: Health, failing: readonly FailingPod[]): Health {
  const [first] = failing;
  if (first === undefined) return own;
  if (own.status === 'Progressing') return { status: 'Degraded', reason: first.reason };
  return own.status === 'Degraded' ? { status: 'Degraded', reason: first.reason } : own;
}

function failingPod(cells: CellReader, { place: { shard }, row }: Hit): FailingPod {
  const unready = cells.time(shard, row, 'unready');
  return {
    name: shard.name(row),
    reason: cells.word(shard, row, 'healthReason') ?? cells.word(shard, row, 'reason') ?? 'Failing',
    message: cells.text(shard, row, 'message'),
    since: unready === undefined ? undefined : instant(unready * 1000),
  };
}

interface Told {
  readonly status: unknown;
  readonly message: string | undefined;
  readonly since: number | undefined;
}

function conditionsOf(cells: CellReader, shard: Hit['place']['shard'], row: number): readonly Told[] {
  const json = cells.text(shard, row, 'conditions');
  if (json === undefined) return [];
  const conditions = list(JSON.parse(json)).map(tree);
  return conditions.map(({ status, message, since: began }) => ({
    status,
    message: text(message),
    since: whole(began),
  }));
}

/** The message of the first condition that is not met. */
function conditionMessage(cells: CellReader, shard: Hit['place']['shard'], row: number): string | undefined {
  return conditionsOf(cells, shard, row).find(({ status, message }) => status !== 'True' && message !== undefined)
    ?.message;
}

/** Since when it is not healthy, as the cluster tells it. */
function since(
  cells: CellReader,
  shard: Hit['place']['shard'],
  row: number,
  failing: readonly Hit[],
  { status }: Health,
): string | undefined {
  if (status === 'Healthy') return undefined;
  const times = failing.map((pod) => cells.time(pod.place.shard, pod.row, 'unready'));
  const told = conditionsOf(cells, shard, row).filter((each) => each.status !== 'True');
  const known = [...times, ...told.map((each) => each.since)].filter((each) => each !== undefined);
  return known.length === 0 ? undefined : instant(Math.min(...known) * 1000);
}
