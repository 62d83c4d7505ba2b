import type { Hash64 } from '../base/digest.ts';
import type { Change, StoredEntity } from '../model/change.ts';
import type { Entity } from '../model/entity.ts';
import { type KindTable, relationsOf } from '../model/relations.ts';
import { type PresentRecord, recordDigest } from '../store/digest.ts';
import type { Dictionary } from './dictionary.ts';
import { flattenEntity } from './flatten.ts';
import type { Pacer } from './pacer.ts';
import type { Edge, RelationIndex } from './relation-index.ts';
import type { Term } from './term.ts';

/** A change with all that can be worked out before it is applied. The terms are pinned, the targets of edges held. */
export interface StagedChange {
  readonly change: Change;
  readonly terms: readonly Term[];
  readonly edges: readonly Edge[];
  /** Digest of the record; absent where it is deleted. */
  readonly digest: Hash64 | undefined;
  /** The parsed body of an entity; absent where it is not JSON, and for other records. */
  readonly entity: Entity | undefined;
}

/** What staging needs to know. */
export interface Stage {
  readonly cache: { readonly dictionary: Dictionary; readonly relations: RelationIndex };
  readonly kinds: KindTable;
  /** Told of an entity whose body cannot be read; it is kept out, and everything else goes on. */
  readonly unreadable: (stored: StoredEntity, cause: unknown) => void;
}

/**
 * Does the costly part of applying changes, parsing and flattening, in slices and without changing anything that a
 * reader sees: a value that no entity has yet is in no answer. What is left is entering ids into sets, which `Cache.apply`
 * does at once, so that readers only ever see whole revisions.
 *
 * @param digests of the changes, where they are known already
 */
export async function stageChanges(
  stage: Stage,
  changes: readonly Change[],
  pacer: Pacer,
  digests: readonly Hash64[] = [],
): Promise<StagedChange[]> {
  const staged: StagedChange[] = [];
  for (const [index, change] of changes.entries()) {
    staged.push(stageChange(stage, change, digests[index]));
    if (pacer.isDue()) await pacer.pause();
  }
  return staged;
}

function stageChange(stage: Stage, change: Change, known: Hash64 | undefined): StagedChange {
  if (change.value === null) return { change, terms: [], edges: [], digest: undefined, entity: undefined };
  const digest = known ?? recordDigest(change as PresentRecord);
  if (change.type !== 'entity') return { change, terms: [], edges: [], digest, entity: undefined };
  const entity = parseBody(stage, change.value);
  if (entity === undefined) return { change, terms: [], edges: [], digest, entity };
  const { dictionary, relations } = stage.cache;
  const edges = relations.edgesOf(relationsOf(entity, stage.kinds).relations);
  return { change, terms: flattenEntity(dictionary, entity), edges, digest, entity };
}

function parseBody(stage: Stage, stored: StoredEntity): Entity | undefined {
  try {
    return JSON.parse(stored.body) as Entity;
  } catch (cause) {
    stage.unreadable(stored, cause);
    return undefined;
  }
}
