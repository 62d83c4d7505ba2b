import type { ReactNode } from 'react';
import { CodeFrame } from '../../ui/code-frame.tsx';
import { Mark } from '../../ui/mark.tsx';
import { lineOfPath, type CodeLine } from './code-line.ts';
import type { ProblemData } from './use-entity.ts';

/** A descriptor with line numbers; what is wrong stands below the line of its field. */
export function DescriptorCode({
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
    <CodeFrame
      label={label}
      count={lines.length}
      draw={(at) => <Line line={lines[at]} />}
      isWrong={(at) => problemsByLine.has(at)}
      below={(at) => problemsByLine.get(at)?.map((problem) => <LineProblem key={problem.id} problem={problem} />)}
    />
  );
}

function Line({ line }: { readonly line: CodeLine | undefined }): ReactNode {
  if (!line) return null;
  const { lead, key, value, sort } = line;
  return (
    <>
      {lead}
      {key !== '' && <span className="code-key">{key}</span>}
      <span className={`code-${sort}`}>{value}</span>
    </>
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
