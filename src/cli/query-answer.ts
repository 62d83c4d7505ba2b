import { stringify } from 'yaml';
import type { PlanNode } from '../graph/view.ts';
import type { RenderedEntity } from '../model/entity.ts';
import type { OutputFormat } from './definition.ts';
import { printable, textTable } from './text-table.ts';

/** A question to the graph. */
export interface Question {
  /** CEL. */
  readonly where?: string | undefined;
  /** Words and filters, as the catalog page takes them. */
  readonly search?: string | undefined;
  /** `path:asc` or `path:desc`. */
  readonly order?: string | undefined;
  /** Entities wanted at most. */
  readonly limit: number;
  readonly explain: boolean;
}

/** The answer, from a server or from files. */
export interface QueryAnswer {
  readonly revision: number;
  readonly total: number;
  readonly unknown: number;
  readonly items: readonly RenderedEntity[];
  readonly plan?: PlanNode | undefined;
}

function specText({ spec }: RenderedEntity, key: string): string {
  const value = spec?.[key];
  return typeof value === 'string' ? value : '-';
}

function refOf({ kind, metadata }: RenderedEntity): string {
  return `${kind}:${String(metadata['namespace'] ?? 'default')}/${metadata.name}`.toLowerCase();
}

function planLines(node: PlanNode, depth: number): string[] {
  const counts = `true ${node.true}, unknown ${node.unknown}, evaluated ${node.evaluated}`;
  const own = `${'  '.repeat(depth)}${printable(node.step)}  [${node.access}: ${counts}]`;
  return [own, ...node.children.flatMap((child) => planLines(child, depth + 1))];
}

function countLine({ total, unknown, items }: QueryAnswer): string {
  const shown = items.length < total ? `, ${items.length} shown` : '';
  const undecided = unknown === 0 ? '' : `; unknown for ${unknown}: a value is missing, stale or in error`;
  return `${total} found${shown}${undecided}`;
}

/** The answer as it is printed. */
export function renderAnswer(answer: QueryAnswer, question: Question, output: OutputFormat): string {
  const plain = question.explain ? { ...answer, items: undefined } : { ...answer, plan: undefined };
  if (output === 'json') return JSON.stringify(plain, undefined, 2);
  if (output === 'yaml') return stringify(plain, { aliasDuplicateObjects: false }).trimEnd();
  if (question.explain) {
    const lines = answer.plan === undefined ? [] : planLines(answer.plan, 0);
    return [...lines, `${answer.total} found; unknown for ${answer.unknown}`].join('\n');
  }
  if (answer.items.length === 0) return countLine(answer);
  const rows = answer.items.map((entity) => [
    refOf(entity),
    specText(entity, 'type'),
    specText(entity, 'owner'),
    specText(entity, 'lifecycle'),
  ]);
  return `${textTable(['entity', 'type', 'owner', 'lifecycle'], rows)}\n\n${countLine(answer)}`;
}
