import type { ReactNode } from 'react';
import { Mark } from '../../ui/mark.tsx';
import { lineOfPath, type CodeLine } from './code-line.ts';
import type { ProblemData } from './use-entity.ts';

/** Lines drawn at most; the copy has them all. */
const MAX_LINES = 5000;

/** A descriptor with line numbers; what is wrong stands below the line of its field. */
export function CodeFrame({
  lines,
  problems,
  label,
}: {
  readonly lines: readonly CodeLine[];
  readonly problems: readonly ProblemData[];
  readonly label: string;
}): ReactNode {
  const problemsByLine = Map.groupBy(problems, ({ path }) => lineOfPath(lines, path));
  return (
    <figure className="code-frame">
      {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label={label}>
        {lines.slice(0, MAX_LINES).map(({ lead, key, value, sort }, at) => (
          // Lines have no identity but their place.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={at} className={problemsByLine.has(at) ? 'code-line is-wrong' : 'code-line'}>
            {lead}
            {key !== '' && <span className="code-key">{key}</span>}
            <span className={`code-${sort}`}>{value}</span>
            {'\n'}
            {problemsByLine.get(at)?.map((problem) => (
              <LineProblem key={problem.id} problem={problem} />
            ))}
          </span>
        ))}
      </pre>
      {lines.length > MAX_LINES && (
        <figcaption>
          The first {MAX_LINES.toLocaleString()} of {lines.length.toLocaleString()} lines; Copy takes all.
        </figcaption>
      )}
    </figure>
  );
}

function LineProblem({ problem }: { readonly problem: ProblemData }): ReactNode {
  const { severity, message, fix } = problem;
  const isError = severity === 'error';
  return (
    <span className="code-problem">
      <Mark state={isError ? 'degraded' : 'warning'}>{isError ? 'Error' : 'Warning'}</Mark> {message}
      {fix !== undefined && <span className="faint"> · {fix}</span>}
    </span>
  );
}
