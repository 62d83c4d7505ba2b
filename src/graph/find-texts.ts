import { type FieldText, fieldText, type FindField } from '../model/find-match.ts';
import type { FieldPath } from '../model/predicate.ts';
import type { Cache } from './cache.ts';
import { type Column, type Flavour, flavour } from './term.ts';

/** Where in an entity the texts are that it can be found by. Values too long for the index are not searched. */
const places: readonly (readonly [FindField, FieldPath, Flavour])[] = [
  ['name', ['metadata', 'name'], flavour.scalar],
  ['title', ['metadata', 'title'], flavour.scalar],
  ['displayName', ['spec', 'profile', 'displayName'], flavour.scalar],
  ['description', ['metadata', 'description'], flavour.scalar],
  ['tag', ['metadata', 'tags'], flavour.element],
  ['email', ['spec', 'profile', 'email'], flavour.scalar],
];

/** The columns of those texts as they are now, in the order of the fields. */
export function findColumns(cache: Cache): readonly (readonly [FindField, Column])[] {
  return places.flatMap(([field, path, kind]) => {
    const column = cache.dictionary.find(path)?.column(kind);
    return column ? [[field, column] as const] : [];
  });
}

/** The texts of one entity, in the order of the fields. */
export function textsOf(cache: Cache, id: number): readonly FieldText[] {
  const terms = cache.nodes.terms(id);
  const texts: FieldText[] = [];
  for (const [field, column] of findColumns(cache)) {
    for (const term of terms) {
      if (term.column === column && term.value !== null) texts.push(fieldText(field, String(term.value)));
    }
  }
  return texts;
}
