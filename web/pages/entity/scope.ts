import type { RenderedEntity } from '../../../src/model/entity.ts';
import { entityRefOf, parseEntityRef } from '../../../src/model/ref.ts';
import type { VerdictQuestion } from '../../data/verdicts.ts';

/** The entities that another one stands for: the parts of a system, what a group owns. */
export interface Scope {
  /** What they are called, e.g. `Parts`. */
  readonly title: string;
  /** `filter` of the API that chooses them. */
  readonly filter: readonly string[];
  /** The same in CEL, for the catalog's list; absent where it would be too long. */
  readonly where: string | undefined;
  /** The same as a question how they do in the clusters. */
  readonly verdicts: VerdictQuestion;
}

/** Values of one filter; a filter is 8,192 characters long at most and a ref 200. */
const VALUES = 30;
/** The API takes 64 filters; more refs than this are not rolled up. */
const MOST_REFS = 60 * VALUES;
/** A longer condition makes no URL that one would share. */
const LONGEST_WHERE = 600;

/** A filter that holds for what has a relation to any of `refs`. */
export function relationFilter(type: string, refs: readonly string[]): readonly string[] {
  const filters: string[] = [];
  for (let from = 0; from < Math.min(refs.length, MOST_REFS); from += VALUES) {
    const part = refs.slice(from, from + VALUES);
    filters.push(part.map((ref) => `relations.${type}=${ref}`).join(','));
  }
  return filters;
}

/** Targets of the relations of one type, of one kind where that is said. */
export function relatedRefs(entity: RenderedEntity, type: string, kind?: string): readonly string[] {
  return entity.relations
    .filter((relation) => relation.type === type)
    .map(({ targetRef }) => targetRef)
    .filter((ref) => kind === undefined || parseEntityRef(ref)?.kind === kind);
}

function scopeOf(title: string, type: 'ownedBy' | 'partOf', refs: readonly string[]): Scope {
  const where = refs.map((ref) => `"${ref}" in relations.${type}`).join(' || ');
  return {
    title,
    filter: relationFilter(type, refs),
    where: where.length > LONGEST_WHERE ? undefined : where,
    verdicts: type === 'ownedBy' ? { ownedBy: refs.slice(0, MOST_REFS) } : { partOf: refs.slice(0, MOST_REFS) },
  };
}

/** What is part of a system, or of a domain and of its systems; undefined for other kinds. */
export function partsScope(entity: RenderedEntity): Scope | undefined {
  const ref = entityRefOf(entity);
  if (entity.kind === 'System') return scopeOf('Parts', 'partOf', [ref]);
  if (entity.kind !== 'Domain') return undefined;
  const systems = relatedRefs(entity, 'hasPart', 'system');
  return scopeOf('Everything in it', 'partOf', [ref, ...systems]);
}

/** What any of these groups and users own. */
export function ownedScope(owners: readonly string[]): Scope {
  return scopeOf('Owns', 'ownedBy', owners);
}
