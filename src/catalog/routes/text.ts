import type { Predicate } from '../../model/predicate.ts';

/** Where free text is looked for, as index keys. */
const TEXT_KEYS = [
  'metadata.name',
  'metadata.title',
  'metadata.description',
  'metadata.tags',
  'spec.profile.displayname',
];

/** True where a text stands in a name, title, description, tag or display name; letter case does not count. */
export function textPredicate(text: string): Predicate {
  return { op: 'fieldText', keys: TEXT_KEYS, term: text.toLowerCase() };
}
