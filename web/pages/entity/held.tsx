import type { ReactNode } from 'react';
import { EntityLink } from '../../ui/entity-link.tsx';
import { countText } from './count-text.ts';
import type { Scope } from './scope.ts';
import { useScopeCounts, useScopeProblems } from './use-scope.ts';
import { troubleByRef, worstFirst } from './worst-first.ts';

/** How the entities are that another one holds or owns. */
export interface Held {
  readonly total: number;
  /** Number of those with problems; at least so many where `isCut`. */
  readonly bad: number;
  readonly isCut: boolean;
  /** Ref of the worst. */
  readonly worst: string | undefined;
}

/** How what is in a scope is; undefined while it is not known, and where nothing is in it. */
export function useHeld(scope: Scope): Held | undefined {
  const problems = useScopeProblems(scope).data;
  const kinds = useScopeCounts(scope).data?.['kind']?.values;
  const total = kinds?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  if (!problems || total === 0) return undefined;
  const bad = worstFirst(troubleByRef(problems.items));
  return { total, bad: bad.length, isCut: problems.items.length < problems.total, worst: bad[0] };
}

/** The words for it. @param what e.g. `in it` */
export function heldText({ total, bad, isCut }: Held, what: string): string {
  const all = `${countText(total, 'entity', 'entities')} ${what}`;
  if (bad === 0) return `No problem is known of the ${all}`;
  return `${isCut ? 'At least ' : ''}${bad.toLocaleString()} of the ${all} ${bad === 1 ? 'has' : 'have'} problems`;
}

/** The sentence for it, with a link to the worst. */
export function HeldSentence({ held, what }: { readonly held: Held; readonly what: string }): ReactNode {
  return (
    <p className={held.bad > 0 ? 'verdict-problem' : undefined}>
      {heldText(held, what)}
      {held.worst !== undefined && (
        <>
          , first of all <EntityLink entityRef={held.worst} isPlain />
        </>
      )}
      .
    </p>
  );
}
