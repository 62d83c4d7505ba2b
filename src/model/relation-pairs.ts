import type { KindTable } from './relations.ts';

/** The two names of one kind of edge: as its source shows it and as its target does. The source needs, or belongs to, the target. */
export interface RelationPair {
  /** E.g. `dependsOn`. */
  readonly type: string;
  /** E.g. `dependencyOf`. */
  readonly reverse: string;
}

/** The pairs of Backstage's model, the ones that say what breaks what first. */
const KNOWN: readonly RelationPair[] = [
  { type: 'dependsOn', reverse: 'dependencyOf' },
  { type: 'consumesApi', reverse: 'apiConsumedBy' },
  { type: 'providesApi', reverse: 'apiProvidedBy' },
  { type: 'partOf', reverse: 'hasPart' },
  { type: 'ownedBy', reverse: 'ownerOf' },
  { type: 'childOf', reverse: 'parentOf' },
  { type: 'memberOf', reverse: 'hasMember' },
];

/**
 * Every kind of edge once, whichever end declares it: the known ones, then those that other kinds bring, in the direction
 * in which the first field declares them.
 */
export function relationPairs(kinds: KindTable): readonly RelationPair[] {
  const pairs = [...KNOWN];
  for (const { relations } of kinds.values()) {
    for (const { type, reverse } of relations) {
      const isThere = pairs.some((pair) => pair.type === type || pair.type === reverse);
      if (!isThere) pairs.push({ type, reverse });
    }
  }
  return pairs;
}
