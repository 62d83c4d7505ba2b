import type { ChangedData, OwnedData, ScopeData } from './use-home.ts';
import { countText } from '../entity/count-text.ts';

const NOUNS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  API: ['API', 'APIs'],
};

/** `12 components`, `1 API`. */
export function kindCount({ kind, count }: OwnedData['kinds'][number]): string {
  const [one, many] = NOUNS[kind] ?? [kind.toLowerCase(), `${kind.toLowerCase()}s`];
  return countText(count, one, many);
}

/** Joins words as a sentence does: `a, b and c`. */
export function joined(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What Home is called. */
export function homeTitle({ choice, teams }: ScopeData): string {
  if (choice === 'everything') return 'Everything';
  if (choice === 'none') return 'Home';
  return teams.length > 2 ? `Your ${teams.length} teams` : joined(teams.map(({ title }) => title));
}

const SHOWN_FIELDS = 3;

/** What became of an entity, in a few words. */
export function changeText({ change, fields }: ChangedData): string {
  if (change === 'created') return 'new';
  if (change === 'removed') return 'removed';
  if (fields === undefined) return 'changed';
  if (fields.length === 0) return 'moved to another place';
  const names = fields.map(fieldName);
  const shown = names.slice(0, SHOWN_FIELDS).join(', ');
  return names.length > SHOWN_FIELDS ? `${shown} and ${names.length - SHOWN_FIELDS} more` : shown;
}

/** `spec.owner` is said as `owner`; of an annotation its own key counts. */
function fieldName(path: string): string {
  return path.replace(/^(metadata\.(annotations|labels)|metadata|spec)\./, '');
}

const ASPECTS = ['owner', 'description', 'lifecycle', 'system', 'tags', 'links'];

/** How many entities lack what: `2 without a description, 9 without tags`. */
export function missingText(items: OwnedData['items']): string {
  const counts = ASPECTS.map(
    (aspect) => [aspect, items.filter(({ missing }) => missing.includes(aspect)).length] as const,
  );
  return joined(
    counts.filter(([, count]) => count > 0).map(([aspect, count]) => `${count} without ${withArticle(aspect)}`),
  );
}

function withArticle(aspect: string): string {
  if (aspect.endsWith('s')) return aspect;
  return aspect === 'owner' ? 'an owner' : `a ${aspect}`;
}
