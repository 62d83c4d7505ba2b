import { createHash } from 'node:crypto';
import type { Policy } from '../../src/access/policy.ts';
import type { Predicate } from '../../src/model/predicate.ts';

/** True for the half of all refs that the policy hides; by a hash, so that neighbours fall on both sides. */
export function isHidden(ref: string): boolean {
  return (createHash('sha256').update(ref).digest()[0] ?? 0) % 2 === 0;
}

const visibleHalf: Predicate = {
  op: 'scan',
  source: 'the half that is not hidden',
  evaluate: (subject) => !isHidden(subject.ref),
};

/** Everybody may do everything, on half of the entities. */
export const halfPolicy: Policy = {
  decide: (_principal, permission) =>
    permission === 'catalog.entity.read'
      ? { result: 'condition', key: 'half', condition: visibleHalf }
      : { result: 'allow' },
};
