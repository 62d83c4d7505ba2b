import { useState } from 'react';
import type { Static } from 'typebox';
import type { RefreshReport } from '../../../src/api/sources.ts';
import { describeFailure } from '../../data/failure.ts';
import { api, resources } from '../../data/session.ts';
import type { Failure } from '../../ui/notice.tsx';

/** Key of the answer about all sources. */
export const SOURCES = 'sources';

/** What to look at again: an entity, or a location or source. */
export type RefreshTarget = { readonly entityRef: string } | { readonly location: string };

/** How far a refresh is. */
export type RefreshState =
  | { readonly phase: 'idle' | 'running' }
  | { readonly phase: 'done'; readonly report: Static<typeof RefreshReport> }
  | { readonly phase: 'failed'; readonly failure: Failure };

/** A refresh that a person may start, and what came of the last. */
export interface Refresh {
  readonly state: RefreshState;
  readonly start: () => void;
}

/** Looks again when it is started; one at a time. The pages themselves change by the live stream. */
export function useRefresh(target: RefreshTarget): Refresh {
  const [state, setState] = useState<RefreshState>({ phase: 'idle' });
  const start = (): void => {
    if (state.phase === 'running') return;
    setState({ phase: 'running' });
    api.call('POST /api/v1/sources/refresh', { body: target }).then(
      (report) => {
        setState({ phase: 'done', report });
        // When it was looked at last is nothing that the stream tells.
        resources.repeat(SOURCES);
      },
      (thrown: unknown) => setState({ phase: 'failed', failure: describeFailure(thrown) }),
    );
  };
  return { state, start };
}
