import type { ProblemData } from '../entity/use-entity.ts';

/** A location with line and column, as editors open it: `/srv/a.yaml:3:5`. */
export function placeText({ location, line, column }: Pick<ProblemData, 'location' | 'line' | 'column'>): string {
  const parts = [location.replace(/^(file|url):/, ''), line, line === undefined ? undefined : column];
  return parts.filter((part) => part !== undefined).join(':');
}

/** Problems as a message to somebody: one line each, and its fix below it. */
export function problemsText(problems: readonly ProblemData[]): string {
  return problems
    .flatMap((problem) => {
      const { severity, message, code, fix, path } = problem;
      const said = path === undefined || message.includes(path) ? message : `${path}: ${message}`;
      const line = `${placeText(problem)}  ${severity}  ${said}  (${code})`;
      return fix === undefined ? [line] : [line, `    -> ${fix}`];
    })
    .join('\n');
}

const COLUMNS = [
  ['severity', ({ severity }) => severity],
  ['code', ({ code }) => code],
  ['location', ({ location }) => location],
  ['line', ({ line }) => line],
  ['column', ({ column }) => column],
  ['field', ({ path }) => path],
  ['entity', ({ entityRef }) => entityRef],
  ['owners', ({ owners }) => owners?.join(' ')],
  ['message', ({ message }) => message],
  ['fix', ({ fix }) => fix],
  ['since', ({ since }) => since],
  ['url', ({ viewUrl }) => viewUrl],
] as const satisfies readonly (readonly [string, (problem: ProblemData) => string | number | undefined])[];

/** Problems as a table (RFC 4180). */
export function problemsCsv(problems: readonly ProblemData[]): string {
  const rows = problems.map((problem) => COLUMNS.map(([, read]) => cell(read(problem))));
  return [COLUMNS.map(([name]) => name), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe before it: messages quote what strangers wrote
 * (OWASP, CSV injection).
 */
function cell(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
