import { useEffect, useState } from 'react';
import type { RenderedEntity } from '../../src/model/entity.ts';
import { entityRefOf } from '../../src/model/ref.ts';
import { api } from '../data/session.ts';
import { useResource } from '../data/use-resource.ts';
import { matching, type Choice } from './combobox.tsx';

const TYPING_MS = 200;
const SUGGESTIONS = 12;
const FIELDS = ['kind,metadata.name,metadata.namespace,metadata.title,spec.profile.displayName'];

/** Whoever is signed in, and whoever is not: subjects beside those of the catalog. */
const COLLECTIVES: readonly Choice[] = [
  { value: 'everyone', note: 'whoever is signed in' },
  { value: 'guests', note: 'whoever is not, where guests are let in' },
];

/** Users, groups and the collectives that a text may mean: whom a role can be bound to. */
export function useSubjectChoices(text: string): readonly Choice[] {
  const found = useEntityChoices(text, 'kind == "User" || kind == "Group"');
  return [...matching(COLLECTIVES, text), ...found];
}

/** Users that a text may mean. */
export function usePrincipalChoices(text: string): readonly Choice[] {
  return useEntityChoices(text, 'kind == "User"');
}

/**
 * Entities that a text may mean: part of a name or title, or the beginning of a ref.
 * @param where a condition in CEL
 * @param isAsked false: none, and nothing is asked for
 */
export function useEntityChoices(text: string, where?: string, isAsked = true): readonly Choice[] {
  const settled = useSettled(text.trim());
  const word = settled.slice(Math.max(settled.lastIndexOf('/'), settled.lastIndexOf(':')) + 1);
  const query = { q: word === '' ? undefined : word.slice(0, 200), where, limit: SUGGESTIONS, fields: FIELDS };
  const entities = useResource<{ readonly items: readonly RenderedEntity[] }>({
    key: `choices ${isAsked} ${JSON.stringify(query)}`,
    load: (signal) => (isAsked ? api.call('GET /api/v1/entities', { query, signal }) : Promise.resolve({ items: [] })),
    isAffected: () => false,
  });
  const prefix = settled.slice(0, settled.length - word.length).toLowerCase();
  const choices = (entities.data?.items ?? []).map((entity) => ({ value: entityRefOf(entity), note: titleOf(entity) }));
  return choices.filter(({ value }) => value.startsWith(prefix));
}

function titleOf({ metadata, spec }: RenderedEntity): string | undefined {
  const profile = spec?.['profile'];
  const name =
    typeof profile === 'object' && profile !== null && 'displayName' in profile ? profile['displayName'] : undefined;
  return typeof name === 'string' ? name : metadata.title;
}

/** The text once typing rests. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
