import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Incomplete } from '../../../src/api/fleet.ts';
import { Mark } from '../../ui/mark.tsx';

/** Clusters that are named; of more only the number is told. */
const NAMED = 4;

/** Says for which clusters a list may not be whole. @param what may be so for that */
export function UnreadNotice({
  incomplete,
  what,
}: {
  readonly incomplete: readonly Incomplete[];
  readonly what: string;
}): ReactNode {
  const names = [...new Set(incomplete.map(({ cluster }) => cluster))];
  if (names.length === 0) return null;
  return (
    <p className="unowned-unread">
      <Mark state="unknown">
        {names.length === 1 ? '1 cluster' : `${names.length} clusters`} cannot be read as of now; {what}:
      </Mark>{' '}
      {names.slice(0, NAMED).map((name, at) => (
        <span key={name}>
          {at > 0 && ', '}
          <Link to="/clusters/$name" params={{ name }}>
            {name}
          </Link>
        </span>
      ))}
      {names.length > NAMED && ` and ${names.length - NAMED} more`}
    </p>
  );
}
