import { carryingText, evacuationSentence } from '../api/evacuation-text.ts';
import type { Evacuation, LostEntity, ReducedEntity } from '../api/evacuation.ts';
import { bytesText } from '../base/bytes-text.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { documentOf, warnIncomplete } from './fleet-answer.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

/** What `callboard fleet evacuate` was told. */
export interface FleetEvacuateRequest extends ServerTarget {
  /** Names; none: a label is said. */
  readonly clusters: readonly string[];
  readonly label?: string;
  readonly output: 'table' | 'json' | 'yaml';
}

const HEAD = ['fate', 'what', 'lifecycle', 'ready', 'left in', 'carried'];
const MOST_ROWS = 60;

/** `callboard fleet evacuate`: what would be lost if clusters vanished now. @throws ARGUMENT_INVALID */
export async function runFleetEvacuate(request: FleetEvacuateRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { clusters, label, output } = request;
  if (clusters.length === 0 && label === undefined) {
    const reason = 'name clusters, or say --label, such as region=eu';
    throw commandFailure('ARGUMENT_INVALID', { argument: 'clusters', reason });
  }
  const query = { cluster: clusters.length === 0 ? undefined : [...clusters], label };
  const answer = await connectServer(request, surroundings).call('GET /api/v1/fleet/evacuation', { query });
  if (answer.clusters.length === 0) {
    const reason = `no cluster that you may see has the labels ${label ?? ''}`;
    throw commandFailure('ARGUMENT_INVALID', { argument: '--label', reason });
  }
  surroundings.out(documentOf(answer, output) ?? written(answer, label));
  warnIncomplete(answer.incomplete, surroundings);
  return exitCodes.ok;
}

function written(answer: Evacuation, label: string | undefined): string {
  const { clusters, counts } = answer;
  const guarded = clusters.filter((cluster) => cluster.protected).map(({ name }) => name);
  const own = clusters.filter(({ isOwn }) => isOwn).map(({ name }) => name);
  const rows = rowsOf(answer);
  const lines = [
    printable(evacuationSentence(answer, label)),
    guarded.length > 0 && `Protected: ${printable(guarded.join(', '))}`,
    own.length > 0 && `Callboard runs in ${printable(own.join(', '))}`,
    counts.singletons > 0 && `Singletons among what is lost: ${counts.singletons}`,
    counts.stateful > 0 && `StatefulSets: ${counts.stateful}`,
    counts.claims > 0 && `Claims of storage: ${counts.claims}, ${bytesText(counts.claimBytes)}`,
    counts.hosts > 0 && `Hosts that nothing elsewhere answers for: ${counts.hosts}`,
    counts.loadBalancers > 0 && `Load balancers: ${counts.loadBalancers}`,
    rows.length > 0 && textTable(HEAD, rows.slice(0, MOST_ROWS)),
    rows.length > MOST_ROWS && `${rows.length - MOST_ROWS} more; -o json has them`,
  ];
  return lines.filter((line) => line !== false).join('\n');
}

function rowsOf({ lost, displaced, unknown, reduced, unclaimed }: Evacuation): readonly (readonly string[])[] {
  const loss = (fate: string, { ref, lifecycle = '-', readyBefore, elsewhere }: LostEntity): readonly string[] => [
    fate,
    ref,
    lifecycle,
    `0/${readyBefore}`,
    elsewhere.join(',') || 'nowhere',
    '-',
  ];
  const rest = (fate: string, entity: ReducedEntity): readonly string[] => [
    fate,
    entity.ref,
    entity.lifecycle ?? '-',
    `${entity.readyAfter}/${entity.readyBefore}`,
    entity.stays.join(','),
    `${entity.carries}: ${carryingText(entity)}`,
  ];
  return [
    ...lost.map((entity) => loss('lost', entity)),
    ...displaced.map((entity) => loss('displaced', entity)),
    ...unclaimed
      .filter(({ stays }) => stays.length === 0)
      .map(({ kind, namespace, name, ready = 0 }) => [
        'lost',
        [kind, namespace, name].filter((part) => part !== undefined).join('/'),
        '-',
        `0/${ready}`,
        'nowhere',
        '-',
      ]),
    ...unknown.map((entity) => rest('unknown', entity)),
    ...reduced.map((entity) => rest('reduced', entity)),
  ];
}
