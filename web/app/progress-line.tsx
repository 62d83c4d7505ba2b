import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useRouterState } from '@tanstack/react-router';
import { resources } from '../data/session.ts';

/** True while the page waits for an answer that somebody asked for, or for the code of a page. */
export function useIsAwaited(): boolean {
  const isPageAwaited = useRouterState({ select: ({ isLoading }) => isLoading });
  return useSyncExternalStore(resources.onAwaited, resources.isAwaited) || isPageAwaited;
}

/** Two pixels below the head that move while the page waits; they come only when it takes longer (style sheet). */
export function ProgressLine(): ReactNode {
  return useIsAwaited() ? <div className="shell-progress" aria-hidden="true" /> : null;
}
