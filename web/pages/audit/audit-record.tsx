import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AuditSearch } from './audit-search.ts';
import type { AuditData } from './use-audit.ts';

/** Everything that one record says, with ways to more of the same. */
export function AuditRecord({ item }: { readonly item: AuditData }): ReactNode {
  const { actor, action, target, outcome } = item;
  return (
    <div className="audit-record">
      <dl>
        <Line word="Record" text={String(item.sequence)} />
        <Line word="When" text={item.at} />
        <Line word="Who" text={actor} more={{ actor }} />
        <Line word="What" text={action} more={{ action }} />
        <Line word="To what" text={target} more={{ target }} />
        <Line word="Outcome" text={outcome} more={{ outcome }} />
        <Line word="Why" text={item.reason} />
        <Line word="Proved by" text={item.via} />
        <Line word="From" text={item.address} />
        <Line word="Request" text={item.requestId} />
        <Line word="Revision" text={item.revision?.toString()} />
        <Line word="Hash" text={item.hash} />
      </dl>
      {item.data !== undefined && Object.keys(item.data).length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
        <pre className="audit-data" tabIndex={0} aria-label="What more is known">
          {JSON.stringify(item.data, undefined, 2)}
        </pre>
      )}
    </div>
  );
}

/** One value; `more` leads to all records with the same one. */
function Line({
  word,
  text,
  more,
}: {
  readonly word: string;
  readonly text: string | undefined;
  readonly more?: AuditSearch;
}): ReactNode {
  if (text === undefined || text === '') return null;
  return (
    <div>
      <dt>{word}</dt>
      <dd>
        <code className="wrap">{text}</code>{' '}
        {more && (
          <Link to="/audit" search={(now: AuditSearch) => ({ ...now, before: undefined, ...more })} className="accent">
            only these<span className="visually-hidden"> : {word}</span>
          </Link>
        )}
      </dd>
    </div>
  );
}
