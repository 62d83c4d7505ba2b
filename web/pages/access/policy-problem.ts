import type { Failure } from '../../ui/notice.tsx';

/** What is wrong in what was written, and where. */
export interface PolicyProblem {
  readonly message: string;
  /** Number of the rule, from 0. */
  readonly rule: number | undefined;
  /** Field of the rule or of the body: `where`, `permissions`, `subjects`. */
  readonly field: string | undefined;
  /** Place in a condition: 1-based line and column in characters, and how many of them. */
  readonly place: { readonly line: number; readonly column: number; readonly length: number } | undefined;
}

const CODES = new Set(['CONDITION_INVALID', 'ROLE_INVALID', 'BINDING_INVALID']);

/** The place that a refusal of the server names; undefined for any other failure. */
export function policyProblemOf(failure: Failure | undefined): PolicyProblem | undefined {
  const problem = failure?.problem;
  if (!problem || !CODES.has(problem.code)) return undefined;
  const { path, problem: text, line, column, length } = problem.details ?? {};
  const words = typeof path === 'string' ? path.split('.') : [];
  const at = words.indexOf('rules');
  const rule = at === -1 ? undefined : Number(words[at + 1]);
  const field = words.findLast((word) => !/^\d+$/.test(word));
  const isPlaced = typeof line === 'number' && typeof column === 'number';
  return {
    message: typeof text === 'string' ? text : problem.detail,
    rule: Number.isInteger(rule) ? rule : undefined,
    field,
    place: isPlaced ? { line, column, length: typeof length === 'number' ? length : 1 } : undefined,
  };
}

/** The line of a source that a place is on, and the spaces and carets that point at it. */
export function pointAt(
  source: string,
  { line, column, length }: NonNullable<PolicyProblem['place']>,
): { readonly text: string; readonly carets: string } {
  const characters = Array.from(source.split('\n')[line - 1] ?? '');
  const start = Math.min(Math.max(column - 1, 0), characters.length);
  const size = Math.max(1, Math.min(length, characters.length - start));
  return { text: characters.join(''), carets: ' '.repeat(start) + '^'.repeat(size) };
}
