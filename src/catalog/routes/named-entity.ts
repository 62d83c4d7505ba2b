import type { View } from '../../graph/view.ts';
import { formatEntityRef, parseEntityRef, type EntityRefParts } from '../../model/ref.ts';
import { routeError } from './errors.ts';

/** An entity that the view shows. */
export interface NamedEntity {
  readonly ref: string;
  /** Handle in the view, valid until the next await. */
  readonly id: number;
}

/**
 * Finds the entity that a path names, in any letter case.
 * @throws ENTITY_NOT_FOUND when there is none, or none that the view shows: the two look alike
 */
export function namedEntity(view: View, parts: EntityRefParts): NamedEntity {
  const ref = formatEntityRef(parts);
  const id = view.find(ref);
  if (id === undefined) throw routeError('ENTITY_NOT_FOUND', { ref });
  return { ref, id };
}

/**
 * The canonical form of a ref as a client writes it.
 * @param defaultKind kind of a ref that names none; without it the kind must be written
 * @throws ENTITY_REF_INVALID
 */
export function canonicalRef(text: string, defaultKind?: string): string {
  const parts = parseEntityRef(text, { defaultKind });
  if (parts === undefined) throw routeError('ENTITY_REF_INVALID', { ref: text.slice(0, 200) });
  return formatEntityRef(parts);
}
