import type { GraphReader } from '../../graph/view.ts';
import { EVERYTHING, type Predicate, type PrincipalContext } from '../../model/predicate.ts';
import type { Decision } from '../policy.ts';

/** For how many entities two decisions permit something, and for how many only one of them does. */
export interface EntityDifference {
  readonly before: number;
  readonly after: number;
  readonly gained: number;
  readonly lost: number;
  /** Ref of an entity that only the later permits. */
  readonly exampleGained?: string | undefined;
  readonly exampleLost?: string | undefined;
}

const NOTHING: Predicate = { op: 'constant', value: false };

/** Compares two decisions of one principal over the whole catalog. @throws QUERY_TOO_EXPENSIVE */
export function compareEntities(
  before: Decision,
  after: Decision,
  { graph, context }: { readonly graph: GraphReader; readonly context: PrincipalContext },
): EntityDifference {
  const view = graph.view({ kind: 'all', key: 'all', principal: context });
  const [old, next] = [predicateOf(before), predicateOf(after)];
  const count = (where: Predicate): number => view.list({ where, limit: 0 }).total;
  const example = (wanted: Predicate, other: Predicate): string | undefined => {
    // What is unknown to the other is not permitted by it either, and yet not found here: an example may be missing.
    const { ids } = view.list({ where: { op: 'and', args: [wanted, { op: 'not', arg: other }] }, limit: 1 });
    return ids[0] === undefined ? undefined : view.refOf(ids[0]);
  };
  const [had, has] = [count(old), count(next)];
  const both = old === next ? had : count({ op: 'and', args: [old, next] });
  return {
    before: had,
    after: has,
    gained: has - both,
    lost: had - both,
    exampleGained: has > both ? example(next, old) : undefined,
    exampleLost: had > both ? example(old, next) : undefined,
  };
}

function predicateOf(decision: Decision): Predicate {
  if (decision.result === 'condition') return decision.condition;
  return decision.result === 'allow' ? EVERYTHING : NOTHING;
}
