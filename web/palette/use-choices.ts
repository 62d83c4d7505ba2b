import { useMemo } from 'react';
import type { Facet } from '../../src/api/facets.ts';
import { api } from '../data/session.ts';
import { useResource } from '../data/use-resource.ts';
import { callingTexts, type PaletteItem } from './palette-item.ts';
import type { PaletteQuestion } from './palette-question.ts';

const MOST_VALUES = 1000;

/** Tags or kinds as items, with how many entities have them. */
export interface Choices {
  readonly items: readonly PaletteItem[];
  readonly isKnown: boolean;
}

const NOTHING: Choices = { items: [], isKnown: true };

const sources = {
  tags: { path: 'metadata.tags', sign: '#', key: 'tag' },
  kinds: { path: 'kind', sign: ':', key: 'kind' },
} as const;

/** What a question for tags or kinds can be answered with; nothing for other questions. */
export function useChoices({ kind }: PaletteQuestion): Choices {
  const group = kind === 'tags' || kind === 'kinds' ? kind : undefined;
  const path = group && sources[group].path;
  const { data } = useResource<Facet | undefined>({
    key: `palette ${path ?? ''}`,
    load: async (signal) => {
      if (path === undefined) return undefined;
      const { facets } = await api.call('GET /api/v1/facets', { query: { path: [path], limit: MOST_VALUES }, signal });
      return facets[path];
    },
    isAffected: ({ changes }) => path !== undefined && changes.length > 0,
  });
  return useMemo(() => {
    if (group === undefined) return NOTHING;
    return { isKnown: data !== undefined, items: (data?.values ?? []).map((value) => choiceItem(group, value)) };
  }, [group, data]);
}

function choiceItem(group: keyof typeof sources, { value, count }: Facet['values'][number]): PaletteItem {
  const { sign, key } = sources[group];
  const written = group === 'kinds' ? value.toLowerCase() : value;
  return {
    id: `${group} ${value}`,
    group,
    label: value,
    meta: count === 1 ? '1 entity' : `${count} entities`,
    to: `/catalog?${key}=${encodeURIComponent(written)}`,
    typed: `${sign}${written} `,
    texts: callingTexts(value),
  };
}
