import { printable } from './text-table.ts';

/** Something wrong in a file or behind a URL, as a command tells it. */
export interface ToldFinding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  /** What is wrong, with the offending value. */
  readonly message: string;
  readonly fix?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Path of the field; empty or absent: the document as a whole. */
  readonly path?: string | undefined;
}

/**
 * A finding in one line, `place:line:column  severity  field: message  (code)`, and its fix in the next.
 * @param place file or location ref; of a location in a file its path, which editors open
 */
export function findingLines(place: string, finding: ToldFinding): readonly string[] {
  const { severity, code, message, fix, line, column, path = '' } = finding;
  const parts = [place.replace(/^file:/, ''), line, line === undefined ? undefined : column];
  const at = parts.filter((part) => part !== undefined).join(':');
  const said = path === '' ? message : `${path}: ${message}`;
  const told = `${printable(at)}  ${severity}  ${printable(said)}  (${code})`;
  return fix === undefined ? [told] : [told, `    -> ${printable(fix)}`];
}

/** A number with its noun: `1 error`, `2 errors`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** How many findings are errors and how many warnings. */
export function severityCounts(findings: readonly Pick<ToldFinding, 'severity'>[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return `${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}`;
}
