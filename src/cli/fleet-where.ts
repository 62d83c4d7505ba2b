import { claimRuleWords } from '../api/claim-rules.ts';
import type { Running, RunningCell, RunningWorkload } from '../api/running.ts';
import { ageText } from '../base/age-text.ts';
import { CallboardError } from '../base/errors.ts';
import { type EntityRefParts, parseEntityRef } from '../model/ref.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { documentOf, warnIncomplete } from './fleet-answer.ts';
import { connectServer, type ServerConnection, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

/** What `callboard fleet where` was told. */
export interface FleetWhereRequest extends ServerTarget {
  /** Ref of an entity as it was typed; a component where it names no kind. */
  readonly entity: string;
  readonly output: 'table' | 'json' | 'yaml';
}

const RANK: Readonly<Record<RunningCell['status'], number>> = {
  Degraded: 0,
  Missing: 1,
  Unknown: 2,
  Progressing: 3,
  Suspended: 4,
  Healthy: 5,
};

const HEAD = ['status', 'cluster', 'workload', 'ready', 'restarts', 'image', 'since', 'reason'];

/** So many entities are named in the place of one that is not there. */
const MOST_NEAR = 3;
/** Longest words that are looked for at once. */
const MOST_LETTERS = 200;

/**
 * `callboard fleet where`: where an entity runs and how it does there, the worst first.
 * @throws ARGUMENT_INVALID, ENTITY_UNKNOWN
 */
export async function runFleetWhere(request: FleetWhereRequest, surroundings: Surroundings): Promise<ExitCode> {
  const params = parseEntityRef(request.entity, { defaultKind: 'component' });
  if (params === undefined) {
    const reason = 'the ref of an entity is expected, such as lights or component:default/lights';
    throw commandFailure('ARGUMENT_INVALID', { argument: 'entity', reason });
  }
  const connection = connectServer(request, surroundings);
  const running = await connection
    .call('GET /api/v1/entities/:kind/:namespace/:name/running', { params })
    .catch(async (error: unknown) => Promise.reject(await unknownEntity(connection, params, error)));
  surroundings.out(documentOf(running, request.output) ?? written(running, surroundings.clock.now()));
  warnIncomplete(running.incomplete, surroundings);
  return exitCodes.ok;
}

/** The error of an entity that is not there, with those of about its name; any other error as it is. */
async function unknownEntity(connection: ServerConnection, { name }: EntityRefParts, error: unknown): Promise<unknown> {
  if (!(error instanceof CallboardError) || error.code !== 'LIVE_ENTITY_UNKNOWN') return error;
  const query = { q: name.slice(0, MOST_LETTERS), limit: MOST_NEAR };
  const { items } = await connection.call('GET /api/v1/find', { query });
  const near = items.map(({ ref }) => printable(ref)).join(', ');
  const fix = near === '' ? 'callboard find shows what there is' : `Did you mean ${near}?`;
  return commandFailure('ENTITY_UNKNOWN', { reason: error.message, fix }, error);
}

function written({ ref, verdict, workloads, looked }: Running, now: number): string {
  if (workloads.length === 0) {
    const doubt = verdict.status === 'Unknown' ? ` Unknown: ${printable(verdict.message ?? '')}` : '';
    return `${printable(ref)} was found in none of ${looked} clusters.${doubt}`;
  }
  const spread = Object.entries(verdict.spread).map(([status, count]) => `${count} ${status}`);
  const cells = workloads.flatMap((workload) => workload.cells.map((cell) => ({ workload, cell })));
  const worstFirst = cells.toSorted((left, right) => RANK[left.cell.status] - RANK[right.cell.status]);
  const rows = worstFirst.map(({ workload, cell }) => rowOf(workload, cell, now));
  const rules = new Set(worstFirst.map(({ cell }) => claimRuleWords[cell.rule]));
  const head = `${printable(ref)}: ${verdict.status} (${spread.join(', ')})`;
  return `${head}\n${textTable(HEAD, rows)}\nFound by ${[...rules].join('; ')}.`;
}

function rowOf({ kind, namespace, name }: RunningWorkload, cell: RunningCell, now: number): readonly string[] {
  const { status, cluster, ready = 0, desired, restarts, images, since, reason, lastStatus } = cell;
  const was = lastStatus === undefined ? '' : ` (was ${lastStatus})`;
  return [
    `${status}${was}`,
    cluster,
    [kind, namespace, name].filter((part) => part !== undefined).join('/'),
    desired === undefined ? '-' : `${ready}/${desired}`,
    String(restarts),
    images[0] ?? '-',
    since === undefined ? '-' : `${ageText(now - Date.parse(since))} ago`,
    reason ?? '',
  ];
}
