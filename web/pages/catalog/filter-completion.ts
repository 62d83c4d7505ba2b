import {
  isSearchPath,
  SEARCH_FILTERS,
  SEARCH_HAS,
  SEARCH_IS,
  searchFilter,
} from '../../../src/model/search-filters.ts';
import { formatSearchTerm, parseSearchTerms, type SearchTerm } from '../../../src/model/search-terms.ts';

/** What is being typed at the end of the text: the name of a filter, or a value of one. */
export type TypedPart =
  | { readonly kind: 'key'; readonly start: number; readonly sign: string; readonly prefix: string }
  | {
      readonly kind: 'value';
      /** Where the value begins. */
      readonly start: number;
      readonly key: string;
      readonly prefix: string;
      /** Values that stand before it. */
      readonly others: readonly string[];
    };

/** One thing that can be taken; `text` replaces what was typed from the part's start on. */
export interface FilterChoice {
  readonly text: string;
  readonly label: string;
  readonly note?: string | undefined;
  /** True where the term is whole with it. */
  readonly isWhole: boolean;
}

const KEY = /(?:^|\s)(-?)([A-Za-z][\w./-]*)?$/;
const VALUE = /(?:^|\s)-?([A-Za-z][\w./-]*?)(:|!=|=)((?:"(?:[^"\\]|\\.)*"?|[^\s"])*)$/;

/** The part at the end of a text that completion helps with; `undefined`: inside quotes, or nothing to help with. */
export function typedPart(text: string): TypedPart | undefined {
  const value = VALUE.exec(text);
  if (value) {
    const [, written = '', , values = ''] = value;
    const key = isSearchPath(written) ? written : written.toLowerCase();
    const { before, last } = splitValues(values);
    return { kind: 'value', start: text.length - last.length, key, prefix: last.replace(/^"/, ''), others: before };
  }
  const key = KEY.exec(text);
  const open = parseSearchTerms(text).problems.at(-1);
  const isQuoted = open !== undefined && /^-?"/.test(text.slice(open.start));
  if (!key || isQuoted) return undefined;
  const [, sign = '', prefix = ''] = key;
  return { kind: 'key', start: text.length - prefix.length, sign, prefix };
}

/** Values joined by commas outside of quotes. */
function splitValues(text: string): { readonly before: readonly string[]; readonly last: string } {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"?|[^,"])+|(?<=,|^)(?=,|$)/g) ?? [''];
  const last = text.endsWith(',') ? '' : (parts.at(-1) ?? '');
  const before = text.endsWith(',') ? parts : parts.slice(0, -1);
  return { before: before.filter((part) => part !== '').map((part) => part.replaceAll('"', '')), last };
}

/** The filters that a prefix may mean. */
export function keyChoices(prefix: string): readonly FilterChoice[] {
  const wanted = prefix.toLowerCase();
  const all = [
    ...SEARCH_FILTERS.map(({ key, description }) => ({ key, note: description })),
    { key: 'has', note: Object.keys(SEARCH_HAS).join(', ') },
    { key: 'is', note: Object.keys(SEARCH_IS).join(', ') },
  ];
  return all
    .filter(({ key }) => key.startsWith(wanted))
    .map(({ key, note }) => ({ text: `${key}:`, label: `${key}:`, note, isWhole: false }));
}

/** What `has:` and `is:` may ask; `undefined` for filters whose values are of the catalog. */
export function fixedChoices(key: string, prefix: string): readonly FilterChoice[] | undefined {
  const known = key === 'has' ? SEARCH_HAS : key === 'is' ? SEARCH_IS : undefined;
  if (known === undefined) return undefined;
  return Object.entries(known)
    .filter(([name]) => name.startsWith(prefix.toLowerCase()))
    .map(([name, { description }]) => ({ text: name, label: name, note: description, isWhole: true }));
}

/** The path whose values complete a filter. */
export function valuePath(key: string): string | undefined {
  return searchFilter(key)?.path ?? (isSearchPath(key) ? key : undefined);
}

/** A value as the language writes it, alone. */
export function writtenValue(value: string): string {
  const term: SearchTerm = { op: 'filter', key: 'x', operator: ':', values: [value], isNegated: false };
  return formatSearchTerm(term).slice('x:'.length);
}

/** A text split into filters that are whole and the rest: words, and what is still being typed or is wrong. */
export interface SplitText {
  readonly filters: readonly SearchTerm[];
  readonly rest: string;
}

/**
 * Takes the filters out of a text.
 * @param isEnded false: the last part may still be being typed, and stays
 */
export function splitFilters(text: string, isEnded: boolean): SplitText {
  const filters: SearchTerm[] = [];
  let rest = '';
  let at = 0;
  for (const { start, end, ...term } of parseSearchTerms(text).terms) {
    const isOpen = !isEnded && end === text.length;
    if (term.op !== 'filter' || isOpen) continue;
    filters.push(term);
    rest += text.slice(at, start);
    at = end;
  }
  rest += text.slice(at);
  return { filters, rest: filters.length === 0 ? text : rest.replace(/\s+/g, ' ').trimStart() };
}

/** The words of a text, as it is asked while the rest is being typed. */
export function settledWords(text: string): readonly SearchTerm[] {
  return parseSearchTerms(text).terms.flatMap(({ start: _start, end: _end, ...term }) =>
    term.op === 'text' ? [term] : [],
  );
}
