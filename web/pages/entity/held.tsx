import type { ReactNode } from 'react';
import { isFailing, useVerdicts, verdictsByRef } from '../../data/verdicts.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { countText } from './count-text.ts';
import type { Scope } from './scope.ts';
import { useScopeCounts, useScopeProblems } from './use-scope.ts';
import { troubleByRef, worstFirst } from './worst-first.ts';

/** How the entities are that another one holds or owns. */
export interface Held {
  readonly by: 'part' | 'owner';
  readonly total: number;
  /** Number of those with problems; at least so many where `isCut`. */
  readonly bad: number;
  readonly isCut: boolean;
  /** Ref of the worst. */
  readonly worst: string | undefined;
  /** Number of those that fail in the clusters. */
  readonly failing: number;
}

/** How what is in a scope is; undefined while it is not known, and where nothing is in it. */
export function useHeld(scope: Scope, by: Held['by']): Held | undefined {
  const problems = useScopeProblems(scope).data;
  const failing = [...verdictsByRef(useVerdicts(scope.verdicts).data).values()].filter(isFailing).length;
  const kinds = useScopeCounts(scope).data?.['kind']?.values;
  const total = kinds?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  if (!problems || total === 0) return undefined;
  const bad = worstFirst(troubleByRef(problems.items));
  return { by, total, bad: bad.length, isCut: problems.items.length < problems.total, worst: bad[0], failing };
}

/** The verdict on it; undefined where no problem is known. */
export function heldWords({ by, bad, failing }: Held): string | undefined {
  if (failing > 0) return `${countText(failing, 'service')} ${by === 'owner' ? 'that it owns' : 'in it'} degraded`;
  if (bad === 0) return undefined;
  return by === 'owner' ? 'Problems in what it owns' : 'Problems in its parts';
}

/** How it is in a sentence, with a link to the worst. */
export function HeldSentence({ held }: { readonly held: Held }): ReactNode {
  const { by, total, bad, isCut, worst } = held;
  const all = `${countText(total, 'entity', 'entities')} ${by === 'owner' ? 'that it owns' : 'in it'}`;
  if (worst === undefined) return <p>No problem is known of the {all}.</p>;
  return (
    <p className="verdict-problem">
      {isCut && 'At least '}
      {bad.toLocaleString()} of the {all} {bad === 1 ? 'has' : 'have'} problems, first of all{' '}
      <EntityLink entityRef={worst} isPlain />.
    </p>
  );
}
