import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import { Empty, FailureNotice, type Failure } from '../../ui/notice.tsx';

/** Why there is no graph: what was asked for is not there, or the answer did not come. */
export function GraphFailure({
  failure,
  root,
  retryKey,
}: {
  readonly failure: Failure;
  readonly root: string;
  /** Key of the question, for asking again. */
  readonly retryKey: string;
}): ReactNode {
  if (failure.status !== 404) return <FailureNotice failure={failure} onRetry={() => resources.repeat(retryKey)} />;
  const parts = parseEntityRef(root);
  return (
    <Empty
      title="The catalog has no such entity"
      actions={
        parts && (
          <Link to="/catalog/$kind/$namespace/$name" params={parts} className="button">
            See what is known of it
          </Link>
        )
      }
    >
      {failure.detail ?? root}. Nothing that you may see names it either.
    </Empty>
  );
}
