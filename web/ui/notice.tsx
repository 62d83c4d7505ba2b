import type { ReactNode } from 'react';
import type { ProblemDetails } from '../../src/api/problem-details.ts';
import { CopyButton } from './copy-button.tsx';
import { Mark } from './mark.tsx';

/** One sentence why there is nothing, and what to do next. `command` is shown ready to be copied. */
export function Empty({
  title,
  children,
  command,
  actions,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly command?: string;
  readonly actions?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      <EmptyBoard />
      <p className="empty-title">{title}</p>
      {children !== undefined && <div className="empty-text">{children}</div>}
      {command !== undefined && (
        <p className="empty-command">
          <code>{command}</code>
          <CopyButton text={command} label="Copy the command" />
        </p>
      )}
      {actions}
    </div>
  );
}

/** A board with nothing pinned to it. */
function EmptyBoard(): ReactNode {
  return (
    <svg className="empty-board" viewBox="0 0 96 56" aria-hidden="true">
      <path d="M4.5 4.5h87v47h-87z M18 14.5h24v16H18z M54 18.5h24v8H54z M54 34.5h16" />
      <circle cx="30" cy="14.5" r="2" />
      <circle cx="66" cy="18.5" r="2" />
    </svg>
  );
}

/** What a request that failed has to say: the sentence, what to do, and the technical words folded away. */
export interface Failure {
  readonly title: string;
  readonly detail?: string | undefined;
  /** Stable code of the server's problem, or the client's. */
  readonly code: string;
  readonly status?: number | undefined;
  /** The server's own account, where it gave one. */
  readonly problem?: ProblemDetails | undefined;
}

/** A failure in place of what could not be shown. */
export function FailureNotice({
  failure,
  onRetry,
  retryLabel = 'Try again',
}: {
  readonly failure: Failure;
  readonly onRetry?: (() => void) | undefined;
  readonly retryLabel?: string | undefined;
}): ReactNode {
  const isDenied = failure.status === 403;
  const details = failure.problem?.details ?? {};
  // What the sentence says stands in the lines then, each part by its name.
  const isExplained = isDenied && typeof details['permission'] === 'string';
  return (
    <div className={isDenied ? 'failure failure-denied' : 'failure'} role="alert">
      <p className="failure-title">
        <Mark state={isDenied ? 'denied' : 'degraded'}>{failure.title}</Mark>
      </p>
      {failure.detail !== undefined && !isExplained && <p>{failure.detail}</p>}
      {isExplained && <Denial details={details} />}
      <p className="failure-foot">
        {onRetry !== undefined && (
          <button type="button" className="button" onClick={onRetry}>
            {retryLabel}
          </button>
        )}
        <code>
          {failure.code}
          {failure.status !== undefined && ` · HTTP ${failure.status}`}
        </code>
      </p>
    </div>
  );
}

/** Which permission is missing to whom, why, and whom to ask; as far as the server says so. */
function Denial({ details }: { readonly details: Readonly<Record<string, unknown>> }): ReactNode {
  const lines = [
    ['Needs', details['permission']],
    ['You are', details['principal']],
    ['Why', details['reason']],
    ['What to do', details['contact']],
  ].filter((line): line is [string, string] => typeof line[1] === 'string' && line[1] !== '');
  return (
    <dl className="denial">
      {lines.map(([word, value], at) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{at < 2 ? <code>{value}</code> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
