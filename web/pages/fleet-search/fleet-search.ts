import { formatList, parseList, readTexts } from '../../url/search-codec.ts';

/** Objects of a page, and most of them that are ever asked for. */
export const PAGE = 100;
const MOST = 1000;

/** The view state of the search of the fleet as its URL holds it. */
export interface FleetSearch {
  /** The words, all of which must be found in one object. */
  readonly q?: string | undefined;
  /** List of ids of kinds. */
  readonly kind?: string | undefined;
  /** List of names of clusters. */
  readonly cluster?: string | undefined;
  /** How many objects are shown, where that is more than usual. */
  readonly show?: string | undefined;
}

/** What is asked of the server. */
export interface FleetQuestion {
  /** Absent: nothing is asked yet. */
  readonly q: string | undefined;
  readonly kind: readonly string[];
  readonly cluster: readonly string[];
  readonly limit: number;
}

/** Takes the known keys where they make sense; others stay in the URL untouched. */
export function readFleetSearch(search: Readonly<Record<string, unknown>>): FleetSearch {
  const read = readTexts(search, ['q', 'kind', 'cluster', 'show']);
  const show = Number(read['show']);
  if (!Number.isInteger(show) || show <= PAGE || show > MOST) delete read['show'];
  return read;
}

/** The question of a URL; a filter that is still being written asks nothing yet. */
export function questionOf({ q = '', kind, cluster, show }: FleetSearch): FleetQuestion {
  const words = takeFilters(q, true).words.trim();
  return {
    q: words === '' ? undefined : words,
    kind: parseList(kind),
    cluster: parseList(cluster),
    limit: show === undefined ? PAGE : Number(show),
  };
}

/** The `show` that shows more; undefined where all are shown that can be. */
export function nextShow({ limit }: FleetQuestion, total: number): string | undefined {
  return limit >= total || limit >= MOST ? undefined : String(Math.min(MOST, limit < 500 ? 500 : MOST));
}

/** A text without its filters, and these. */
export interface Taken {
  readonly words: string;
  readonly kind: readonly string[];
  readonly cluster: readonly string[];
}

/**
 * Takes `kind:` and `cluster:` with their values out of what is typed.
 *
 * @param isDone false: the last word may still go on, and is left where it is
 */
export function takeFilters(text: string, isDone: boolean): Taken {
  const found = { kind: [] as string[], cluster: [] as string[] };
  const pattern = isDone ? /(?<=^|\s)(kind|cluster):(\S*)(?:\s|$)/gi : /(?<=^|\s)(kind|cluster):(\S+)\s/gi;
  const words = text.replace(pattern, (_, key: string, values: string) => {
    const isKind = key.toLowerCase() === 'kind';
    const own = values.split(',').filter((value) => value !== '');
    found[isKind ? 'kind' : 'cluster'].push(...(isKind ? own.map(capitalised) : own));
    return '';
  });
  return { words, ...found };
}

/** Ids of kinds begin with a capital, which nobody types. */
function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The state after a text was typed: whole filters in it become choices. */
export function withText(search: FleetSearch, text: string, isDone: boolean): FleetSearch {
  const { words, kind, cluster } = takeFilters(text, isDone);
  return {
    ...search,
    q: words.trim() === '' ? undefined : words,
    kind: withItems(search.kind, kind),
    cluster: withItems(search.cluster, cluster),
    show: undefined,
  };
}

function withItems(list: string | undefined, items: readonly string[]): string | undefined {
  return items.length === 0 ? list : formatList([...new Set([...parseList(list), ...items])]);
}

/** A text in parts, with those that hold one of the words marked. */
export function markedParts(
  text: string,
  words: readonly string[],
): readonly { readonly text: string; readonly isFound: boolean }[] {
  const escaped = words.filter((word) => word !== '').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (escaped.length === 0) return [{ text, isFound: false }];
  // Split at a group: every second part is what was found.
  return text
    .split(new RegExp(`(${escaped.toSorted((left, right) => right.length - left.length).join('|')})`, 'gi'))
    .map((part, at) => ({ text: part, isFound: at % 2 === 1 }))
    .filter((part) => part.text !== '');
}
