import { noCount } from '../columns.ts';
import type { HeldKind } from '../held-kind.ts';
import type { Match } from '../matching/claim-book.ts';
import type { MatchedRow } from '../matching/matches.ts';
import type { ShardPlace } from '../shard-place.ts';

/** A workload that runs: it wants replicas, or is due by the clock, or is at work. */
export interface RunningRow {
  readonly place: ShardPlace;
  readonly row: number;
  /** The entities that it belongs to, and that the asker may see. */
  readonly matches: readonly Match[];
  /** Ready replicas; undefined: it has none that others could take over, as DaemonSets and CronJobs. */
  readonly ready: number | undefined;
  /** Replicas that are wanted; undefined as `ready`. */
  readonly desired: number | undefined;
  /** It cannot be read as of now. */
  readonly isUnread: boolean;
}

/** How the rows of one kind of one cluster are read. */
interface Columns {
  readonly place: ShardPlace;
  readonly readAs: 'replicas' | 'custom' | 'daemon' | 'clock' | 'work';
  readonly desired: number | undefined;
  readonly ready: number | undefined;
  readonly active: number | undefined;
  readonly suspended: number | undefined;
  readonly isUnread: boolean;
}

const nobody: readonly Match[] = [];

/**
 * The workloads that run, among all. What is scaled to nothing, suspended or over is not; custom resources are where they have
 * replicas, so that an Application beside the Deployment it brings out is not taken for a second home.
 *
 * @param hidden refs of entities that the asker may not see
 */
export function runningRows(rows: Iterable<MatchedRow>, hidden: ReadonlySet<string>): readonly RunningRow[] {
  const found: RunningRow[] = [];
  let columns: Columns | undefined;
  for (const { place, row, matches } of rows) {
    if (columns?.place !== place) columns = columnsOf(place);
    const running = runningRow(columns, row, seenOf(matches, hidden));
    if (running !== undefined) found.push(running);
  }
  return found;
}

function seenOf(matches: readonly Match[], hidden: ReadonlySet<string>): readonly Match[] {
  if (hidden.size === 0 || matches.length === 0) return matches;
  const seen = matches.filter(({ claim }) => !hidden.has(claim.ref));
  return seen.length === 0 ? nobody : seen;
}

function columnsOf(place: ShardPlace): Columns {
  const { kind, shard } = place;
  const at = (name: string): number | undefined => shard.layout.byName.get(name)?.at;
  return {
    place,
    readAs: readingOf(kind),
    desired: at('desired'),
    ready: at('ready'),
    active: at('active'),
    suspended: at('suspended'),
    isUnread: kind.state !== 'ok',
  };
}

function readingOf({ kind }: HeldKind): Columns['readAs'] {
  switch (kind.id) {
    case 'Deployment':
    case 'StatefulSet':
      return 'replicas';
    case 'DaemonSet':
      return 'daemon';
    case 'CronJob':
      return 'clock';
    case 'Job':
      return 'work';
    default:
      return 'custom';
  }
}

function runningRow(columns: Columns, row: number, matches: readonly Match[]): RunningRow | undefined {
  const { place, readAs, isUnread } = columns;
  let ready: number | undefined;
  let desired: number | undefined;
  switch (readAs) {
    case 'replicas':
    case 'custom':
      desired = countAt(place, row, columns.desired) ?? (readAs === 'custom' ? 0 : 1);
      if (desired <= 0) return undefined;
      ready = countAt(place, row, columns.ready) ?? 0;
      break;
    case 'daemon':
      if (countAt(place, row, columns.desired) === 0) return undefined;
      break;
    case 'clock':
      if (countAt(place, row, columns.suspended) === 1) return undefined;
      break;
    case 'work':
      if ((countAt(place, row, columns.active) ?? 0) === 0) return undefined;
  }
  return { place, row, matches, ready, desired, isUnread };
}

function countAt({ shard }: ShardPlace, row: number, at: number | undefined): number | undefined {
  const slot = at === undefined ? noCount : shard.slot(row, at);
  return slot === noCount ? undefined : slot | 0;
}
