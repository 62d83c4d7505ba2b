import type { HistoryItem } from '../api/entities.ts';
import { changedPaths } from '../model/changed-paths.ts';
import { parseEntityRef } from '../model/ref.ts';
import type { OutputFormat } from './definition.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { readLimit } from './limit.ts';
import { connectServer, type ServerConnection, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable } from './text-table.ts';

/** What `callboard history` was told. */
export interface HistoryRequest extends ServerTarget {
  readonly entity: string;
  readonly limit: string;
  readonly output: OutputFormat;
}

const PAGE = 100;

/** A step with the fields that differ from the one before it, where that is remembered. */
interface Step extends HistoryItem {
  readonly changed?: readonly string[];
}

/** `callboard history`: what changed, when, from which source and commit; newest first. */
export async function runHistory(request: HistoryRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out } = surroundings;
  const { entity, output } = request;
  const parts = parseEntityRef(entity);
  if (parts === undefined) {
    const reason = 'an entity ref with its kind is expected, such as component:default/lights';
    throw commandFailure('ARGUMENT_INVALID', { argument: 'entity', reason });
  }
  const steps = await readSteps(connectServer(request, surroundings), parts, readLimit(request.limit));
  out(output === 'json' ? JSON.stringify({ items: steps }, undefined, 2) : steps.map(stepText).join('\n\n'));
  return exitCodes.ok;
}

async function readSteps(
  connection: ServerConnection,
  params: { readonly kind: string; readonly namespace: string; readonly name: string },
  most: number,
): Promise<readonly Step[]> {
  const items: HistoryItem[] = [];
  let cursor: string | undefined;
  // One more than asked says what the last one changed.
  do {
    const limit = Math.min(PAGE, most + 1 - items.length);
    const page = await connection.call('GET /api/v1/entities/:kind/:namespace/:name/history', {
      params,
      query: { limit, cursor },
    });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length <= most);
  return items.slice(0, most).map((item, at) => withChanges(item, items[at + 1]));
}

function withChanges(item: HistoryItem, before: HistoryItem | undefined): Step {
  return item.op === 'updated' && before ? { ...item, changed: changedPaths(before.entity, item.entity) } : item;
}

function stepText({ at, op, revision, location, commit, changed = [] }: Step): string {
  const where = `    ${location.replace(/^file:/, '')}${commit === undefined ? '' : ` at ${commit}`}`;
  const what = changed.length === 0 ? [] : [`    ${changed.join(', ')}`];
  return [`${at}  ${op}  (revision ${revision})`, where, ...what].map(printable).join('\n');
}
