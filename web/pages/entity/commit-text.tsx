import type { ReactNode } from 'react';
import { forgeCommit } from '../../ui/forge-place.ts';

const SHOWN = 8;

/** A commit by its first letters; a link where the forge that shows `page` has a place for it. */
export function CommitText({
  commit,
  page,
}: {
  readonly commit: string;
  readonly page: string | undefined;
}): ReactNode {
  const url = page === undefined ? undefined : forgeCommit(page, commit);
  const text = (
    <code className="faint" title={commit}>
      {commit.slice(0, SHOWN)}
    </code>
  );
  if (url === undefined) return text;
  return (
    <a href={url} rel="noreferrer" className="commit-link">
      {text}
    </a>
  );
}
