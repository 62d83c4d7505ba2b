import type { Change, StoredEntity } from '../model/change.ts';
import type { Entity } from '../model/entity.ts';
import { type KindTable, type Relation, relationsOf } from '../model/relations.ts';
import type { Dictionary } from './dictionary.ts';
import { flattenEntity } from './flatten.ts';
import type { Pacer } from './pacer.ts';
import type { Term } from './term.ts';

/** A change with all that can be worked out before it is applied. The terms are pinned. */
export interface StagedChange {
  readonly change: Change;
  readonly terms: readonly Term[];
  readonly relations: readonly Relation[];
  /** False for an entity whose body is not JSON. */
  readonly readable: boolean;
}

/** What staging needs to know. */
export interface Stage {
  readonly dictionary: Dictionary;
  readonly kinds: KindTable;
  /** Told of an entity whose body cannot be read; it is kept out, and everything else goes on. */
  readonly unreadable: (stored: StoredEntity, cause: unknown) => void;
}

/**
 * Does the costly part of applying changes, parsing and flattening, in slices and without changing anything that a
 * reader sees: a value that no entity has yet is in no answer. What is left is entering ids into sets, which `Cache.apply`
 * does at once, so that readers only ever see whole revisions.
 */
export async function stageChanges(stage: Stage, changes: readonly Change[], pacer: Pacer): Promise<StagedChange[]> {
  const staged: StagedChange[] = [];
  for (const change of changes) {
    staged.push(stageChange(stage, change));
    if (pacer.isDue()) await pacer.pause();
  }
  return staged;
}

function stageChange(stage: Stage, change: Change): StagedChange {
  if (change.type !== 'entity' || change.value === null) return { change, terms: [], relations: [], readable: true };
  const entity = parseBody(stage, change.value);
  if (entity === undefined) return { change, terms: [], relations: [], readable: false };
  return {
    change,
    terms: flattenEntity(stage.dictionary, entity),
    relations: relationsOf(entity, stage.kinds).relations,
    readable: true,
  };
}

function parseBody(stage: Stage, stored: StoredEntity): Entity | undefined {
  try {
    return JSON.parse(stored.body) as Entity;
  } catch (cause) {
    stage.unreadable(stored, cause);
    return undefined;
  }
}
