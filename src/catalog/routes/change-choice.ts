import type { Edges } from '../../graph/edges.ts';
import { Pacer } from '../../graph/pacer.ts';
import type { View } from '../../graph/view.ts';
import type { DomainContext } from '../../manifest/manifest.ts';
import { canonicalOwners, ownedPredicate, type OwnedSelection } from './ownership.ts';

/** Entities that are asked of the graph at once: each time the whole condition is answered. */
const PAGE = 20_000;
/** What an entity depends on. */
const DEPENDENCIES = ['dependsOn', 'consumesApi'] as const;

/** Which changes are asked for: of what. */
export interface ChangeSelection extends OwnedSelection {
  readonly dependencies?: boolean | undefined;
}

/** What is chosen, as it is when the question comes. */
export interface ChangeChoice {
  /** Whether an entity is there, and who asks may see it. */
  exists(ref: string): boolean;
  /** How an entity that is there counts. */
  of(ref: string): 'chosen' | 'dependency' | undefined;
  /**
   * Of what is gone: all of it, what these owned, or nothing. Whether a condition held for it, or who might see it, can no
   * longer be decided.
   */
  readonly gone: 'all' | 'none' | ReadonlySet<string>;
}

/**
 * Works out what is chosen, without holding the event loop.
 * @throws ENTITY_REF_INVALID, EXPRESSION_INVALID, FILTER_INVALID, SEARCH_INVALID
 */
export async function chooseChanges(
  view: View,
  { dependencies = false, owner = [], ...selection }: ChangeSelection,
  { clock }: Pick<DomainContext, 'clock'>,
): Promise<ChangeChoice> {
  const where = ownedPredicate({ owner, ...selection });
  const seesAll = view.visibility.kind === 'all';
  const exists = (ref: string): boolean => view.find(ref) !== undefined;
  if (where === undefined) {
    return { exists, of: (ref) => (exists(ref) ? 'chosen' : undefined), gone: seesAll ? 'all' : 'none' };
  }
  const chosen = new Set<string>();
  const needed = new Set<string>();
  const pacer = new Pacer(clock);
  let cursor: string | undefined;
  do {
    const { ids, next } = view.list({ where, limit: PAGE, ...(cursor !== undefined && { cursor }) });
    const edges = view.edges();
    for (const id of ids) chosen.add(view.refOf(id));
    if (dependencies) for (const id of ids) addDependencies(edges, id, needed);
    cursor = next;
    if (pacer.isDue()) await pacer.pause();
  } while (cursor !== undefined);
  const isByOwnerAlone = Object.values(selection).every((part) => part === undefined || part.length === 0);
  return {
    exists,
    of(ref) {
      if (!exists(ref)) return undefined;
      if (chosen.has(ref)) return 'chosen';
      return needed.has(ref) ? 'dependency' : undefined;
    },
    gone: seesAll && isByOwnerAlone ? new Set(canonicalOwners(owner)) : 'none',
  };
}

function addDependencies(edges: Edges, id: number, needed: Set<string>): void {
  for (const type of DEPENDENCIES) for (const end of edges.ends(id, type, 'out')) needed.add(edges.refOf(end));
}
