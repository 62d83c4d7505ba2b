import { meantValues, searchFilter } from '../../../src/model/search-filters.ts';
import { useSummaries } from '../../data/entity-summaries.ts';
import { api } from '../../data/session.ts';
import { useResource } from '../../data/use-resource.ts';
import type { CatalogSearch, FilterKey } from './catalog-search.ts';
import { FILTER_KEYS } from './catalog-search.ts';
import { facetLabel } from './facet-label.ts';
import {
  fixedChoices,
  keyChoices,
  valuePath,
  writtenValue,
  type FilterChoice,
  type TypedPart,
} from './filter-completion.ts';
import { readRow } from './row-fields.ts';
import { questionOf, type FacetData } from './use-catalog.ts';
import { usePathChoices } from './use-path-choices.ts';

/** Values that completion knows of a filter, the most frequent. */
const KNOWN_VALUES = 1000;
/** Choices that are shown. */
const SHOWN = 12;

/** What may follow the text: names of filters and paths, or values with their counts under the rest of the search. */
export function useFilterChoices(search: CatalogSearch, part: TypedPart | undefined): readonly FilterChoice[] {
  const paths = usePathChoices(part?.kind === 'key' ? part.prefix : undefined);
  const values = useValueChoices(search, part);
  if (part === undefined) return [];
  if (part.kind === 'value') return values.slice(0, SHOWN);
  return [...keyChoices(part.prefix), ...paths].slice(0, SHOWN);
}

function useValueChoices(search: CatalogSearch, part: TypedPart | undefined): readonly FilterChoice[] {
  const key = part?.kind === 'value' ? part.key : '';
  const path = valuePath(key);
  const except: FilterKey | undefined = FILTER_KEYS.find((own) => own === key);
  const query = { ...questionOf(search, except), path: [path ?? ''], limit: KNOWN_VALUES };
  const facet = useResource<FacetData | undefined>({
    key: path === undefined ? 'choices none' : `choices ${JSON.stringify(query)}`,
    load: async (signal) =>
      path === undefined ? undefined : (await api.call('GET /api/v1/facets', { query, signal })).facets[path],
    isAffected: () => false,
  });
  const wanted = part?.prefix.toLowerCase() ?? '';
  const others = part?.kind === 'value' ? part.others : [];
  const known = facet.isPrevious ? [] : (facet.data?.values ?? []);
  const found = matchingValues(key, known, wanted, others).slice(0, SHOWN);
  const names = useNames(searchFilter(key)?.refKinds === undefined ? [] : found.map(({ value }) => value));
  if (part?.kind !== 'value') return [];
  const fixed = fixedChoices(key, wanted);
  if (fixed) return fixed;
  return found.map(({ value, count }) => ({
    text: writtenValue(shortValue(key, value)),
    label: facetLabel(key, value),
    note: [names.get(value), count.toLocaleString()].filter((text) => text !== undefined).join(' · '),
    isWhole: true,
  }));
}

function matchingValues(
  key: string,
  values: FacetData['values'],
  wanted: string,
  others: readonly string[],
): FacetData['values'] {
  const filter = searchFilter(key);
  const taken = new Set(others.flatMap((other) => (filter ? meantValues(filter, other) : [other.toLowerCase()])));
  const kinds = filter?.refKinds;
  const own = values.filter(({ value }) => {
    const isOfKind = kinds === undefined || kinds.some((kind) => value.startsWith(`${kind}:`));
    return isOfKind && !taken.has(value.toLowerCase()) && facetLabel(key, value).toLowerCase().includes(wanted);
  });
  const begins = own.filter(({ value }) => facetLabel(key, value).toLowerCase().startsWith(wanted));
  return [...begins, ...own.filter((value) => !begins.includes(value))];
}

/** A ref as short as it stays clear: without the kind and namespace that are meant anyway. */
function shortValue(key: string, value: string): string {
  const filter = searchFilter(key);
  const [kind] = filter?.refKinds ?? [];
  const prefix = `${kind}:default/`;
  return kind !== undefined && value.startsWith(prefix) ? value.slice(prefix.length) : value;
}

/** Titles of groups and people by ref, where they say more than the name. */
function useNames(refs: readonly string[]): ReadonlyMap<string, string> {
  const { data } = useSummaries(refs);
  const names = new Map<string, string>();
  for (const [ref, entity] of data ?? []) {
    const row = readRow(entity);
    if (row.title.toLowerCase() !== entity.metadata.name.toLowerCase()) names.set(ref, row.title);
  }
  return names;
}
