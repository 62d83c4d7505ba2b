import type { Failure } from '../ui/notice.tsx';
import { setStar, usePreferences } from './preferences.ts';

/** The starred entities of who looks. */
export interface Starred {
  /** Canonical refs, the latest first. */
  readonly refs: readonly string[];
  /** False while it is not known what is starred; `toggle` then does nothing. */
  readonly isKnown: boolean;
  readonly failure: Failure | undefined;
  has(ref: string): boolean;
  /** Stars or takes the star off, at once; where it cannot be kept it is undone and the failure answered. */
  toggle(ref: string): Promise<Failure | undefined>;
}

/** What is starred: kept on the server for who is signed in, in the browser for guests. */
export function useStarred(): Starred {
  const { stars, keptIn, isKnown, failure } = usePreferences();
  return {
    refs: stars,
    isKnown,
    failure,
    has: (ref) => stars.includes(ref),
    toggle: (ref) =>
      keptIn === undefined || !isKnown ? Promise.resolve(undefined) : setStar(keptIn, ref, !stars.includes(ref)),
  };
}
