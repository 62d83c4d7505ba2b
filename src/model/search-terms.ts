import { nearestName } from '../base/nearest-name.ts';
import { isSearchPath, SEARCH_FILTERS, SEARCH_HAS, SEARCH_IS } from './search-filters.ts';

/** How a filter compares. */
export type SearchOperator = ':' | '>' | '>=' | '<' | '<=';

/** One part of a search: words to look for, or a filter. All parts of a search must hold. */
export type SearchTerm =
  | { readonly op: 'text'; readonly text: string; readonly isNegated: boolean }
  | {
      readonly op: 'filter';
      /** Short name in lower case (`owner`, `has`, `is`), or a dotted path as written (`facts.completeness.score`). */
      readonly key: string;
      readonly operator: SearchOperator;
      /** At least one; any of them will do. A comparison has one. */
      readonly values: readonly string[];
      readonly isNegated: boolean;
    };

/** A part of a text, in UTF-16 units. */
export interface SearchPlace {
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a part of a search, in one sentence, and where. */
export interface SearchProblem extends SearchPlace {
  readonly message: string;
}

/** A search as it was read: parts that make sense, with their places, and those that do not. */
export interface ParsedSearch {
  readonly terms: readonly (SearchTerm & SearchPlace)[];
  readonly problems: readonly SearchProblem[];
}

/** Characters that a search may have. */
export const LONGEST_SEARCH = 4000;
/** Parts that a search may have; what follows is a problem. */
const MOST_TERMS = 100;
const MOST_VALUES = 200;

const KEYS = [...SEARCH_FILTERS.map(({ key }) => key), 'has', 'is'];
const HEAD = /([A-Za-z][\w./-]*?)(:|!=|>=|<=|=|>|<)/y;

/**
 * Reads a search: words, and filters `key:value`. Values of one key are alternatives, `-` in front negates, quotes hold
 * what has spaces; a path can also be compared. Nothing is thrown: what makes no sense is a problem with its place.
 *
 * @example parseSearchTerms('owner:team-a kind:api,component -lifecycle:deprecated facts.completeness.score<50 "pay in"')
 */
export function parseSearchTerms(text: string): ParsedSearch {
  if (text.length > LONGEST_SEARCH) {
    const message = `A search has at most ${LONGEST_SEARCH} characters.`;
    return { terms: [], problems: [{ message, start: LONGEST_SEARCH, end: text.length }] };
  }
  const terms: (SearchTerm & SearchPlace)[] = [];
  const problems: SearchProblem[] = [];
  for (let at = afterSpace(text, 0); at < text.length;) {
    if (terms.length === MOST_TERMS) {
      problems.push({ message: `A search has at most ${MOST_TERMS} parts.`, start: at, end: text.length });
      break;
    }
    const piece = readPiece(text, at);
    if ('message' in piece) problems.push(piece);
    else if (piece.op === 'filter' || piece.text !== '') terms.push(piece);
    at = afterSpace(text, piece.end);
  }
  return { terms, problems };
}

/** Writes terms so that they are read as they were; a search has one way to be written. */
export function formatSearchTerms(terms: readonly SearchTerm[]): string {
  return terms.map(formatSearchTerm).join(' ');
}

/** Writes one term. */
export function formatSearchTerm(term: SearchTerm): string {
  const sign = term.isNegated ? '-' : '';
  if (term.op === 'text') return sign + (isPlainWord(term.text) ? term.text : quoted(term.text));
  return `${sign}${term.key}${term.operator}${term.values.map(formatValue).join(',')}`;
}

type Piece = (SearchTerm & SearchPlace) | SearchProblem;

function readPiece(text: string, start: number): Piece {
  const isNegated = text[start] === '-' && !isSpaceAt(text, start + 1);
  const at = isNegated ? start + 1 : start;
  HEAD.lastIndex = at;
  const [head, written = '', sign = ''] = HEAD.exec(text) ?? [];
  const key = isSearchPath(written) ? written : written.toLowerCase();
  const isKnown = KEYS.includes(key) || isSearchPath(key);
  if (head === undefined || (!isKnown && sign !== ':')) return readText(text, start, at, isNegated);
  const valueAt = at + head.length;
  const values = readValues(text, valueAt);
  if ('message' in values) return { ...values, start };
  const items = key === 'has' || key === 'is' ? values.items.map((value) => value.toLowerCase()) : values.items;
  const place = { start, end: values.end };
  const wrong = isKnown ? wrongFilter(key, sign, items) : unknownKey(written);
  if (wrong !== undefined) return { message: wrong, ...place };
  const operator = sign === '=' || sign === '!=' ? ':' : (sign as SearchOperator);
  return { op: 'filter', key, operator, values: items, isNegated: isNegated !== (sign === '!='), ...place };
}

function unknownKey(key: string): string {
  const near = nearestName(key.toLowerCase(), KEYS);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `No filter is called "${key}".${hint} In quotes it is searched as text.`;
}

/** What is wrong with a filter whose key is known; `undefined`: nothing. */
function wrongFilter(key: string, sign: string, values: readonly string[]): string | undefined {
  if (values.includes('')) return `${key}: needs a value.`;
  if (values.length > MOST_VALUES) return `${key}: takes at most ${MOST_VALUES} values.`;
  const isComparison = sign.startsWith('<') || sign.startsWith('>');
  if (isComparison && !isSearchPath(key)) return `${key} cannot be compared; write ${key}: and a value.`;
  if (isComparison && values.length > 1) return `${key}${sign} takes one value.`;
  const choices = key === 'has' ? SEARCH_HAS : key === 'is' ? SEARCH_IS : undefined;
  const foreign = choices && values.find((value) => !Object.hasOwn(choices, value));
  if (!choices || foreign === undefined) return undefined;
  return `${key}: knows ${Object.keys(choices).join(', ')}; not ${foreign}.`;
}

function readText(text: string, start: number, at: number, isNegated: boolean): Piece {
  const value = text[at] === '"' ? readQuoted(text, at) : readWord(text, at, false);
  if ('message' in value) return { ...value, start };
  return { op: 'text', text: value.text, isNegated, start, end: value.end };
}

type Values = { readonly items: readonly string[]; readonly end: number } | SearchProblem;

function readValues(text: string, start: number): Values {
  const items: string[] = [];
  let at = start;
  for (;;) {
    const value = text[at] === '"' ? readQuoted(text, at) : readWord(text, at, true);
    if ('message' in value) return value;
    items.push(value.text);
    at = value.end;
    if (text[at] !== ',') return { items, end: at };
    at += 1;
  }
}

type Read = { readonly text: string; readonly end: number } | SearchProblem;

function readWord(text: string, start: number, endsAtComma: boolean): Read {
  let end = start;
  while (end < text.length && !isSpaceAt(text, end) && !(endsAtComma && text[end] === ',')) end += 1;
  return { text: text.slice(start, end), end };
}

function readQuoted(text: string, start: number): Read {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { text: value, end: at + 1 };
    if (char === '\\' && at + 1 < text.length) {
      at += 1;
      value += text.charAt(at);
    } else value += char;
  }
  return { message: 'A quote is not closed.', start, end: text.length };
}

function afterSpace(text: string, at: number): number {
  let next = at;
  while (next < text.length && isSpaceAt(text, next)) next += 1;
  return next;
}

function isSpaceAt(text: string, at: number): boolean {
  return at >= text.length || /\s/.test(text.charAt(at));
}

/** True where a word is read as it stands, and not as a sign, a quote or a filter. */
function isPlainWord(word: string): boolean {
  if (/[\s"]|^-|^$/.test(word)) return false;
  HEAD.lastIndex = 0;
  return !HEAD.test(word);
}

function formatValue(value: string): string {
  return /[\s",]|^$|^=/.test(value) ? quoted(value) : value;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
