import type { ProblemItem } from '../api/problems.ts';
import type { OutputFormat } from './definition.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { findingLines, plural } from './finding-text.ts';
import { readLimit } from './limit.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';

/** What `callboard problems` was told. */
export interface ProblemsRequest extends ServerTarget {
  readonly output: OutputFormat;
  readonly limit: string;
  readonly owner?: string;
  readonly location?: string;
  readonly source?: string;
  readonly entity?: string;
  readonly severity?: 'error' | 'warning';
}

const PAGE = 1000;

/** `callboard problems`: errors first, then by location and line. */
export async function runProblems(request: ProblemsRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out } = surroundings;
  const { output, limit, owner, location, source, entity, severity } = request;
  const most = readLimit(limit);
  const connection = connectServer(request, surroundings);
  const items: ProblemItem[] = [];
  let total = 0;
  let cursor: string | undefined;
  do {
    const page = await connection.call('GET /api/v1/problems', {
      query: { owner, location, source, entity, severity, cursor, limit: Math.min(PAGE, most - items.length) },
    });
    items.push(...page.items);
    ({ total, next: cursor } = page);
  } while (cursor !== undefined && items.length < most);
  if (output === 'json') {
    out(JSON.stringify({ total, items }, undefined, 2));
    return exitCodes.ok;
  }
  const shown = items.length < total ? `, ${items.length} shown` : '';
  const lines = items.flatMap((item) => findingLines(item.location, item));
  out([...lines, `${plural(total, 'problem')}${shown}`].join('\n'));
  return exitCodes.ok;
}
