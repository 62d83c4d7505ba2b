import { useEffect, useRef, useState } from 'react';
import { formatSearchTerms, parseSearchTerms, type SearchTerm } from '../../../src/model/search-terms.ts';
import { hasParameter, termsOf, withTerms, type CatalogSearch } from './catalog-search.ts';
import { settledWords, splitFilters } from './filter-completion.ts';

const TYPING_MS = 250;

/** Changes the state of the page, from what it is then. */
export type ChangeSearch = (next: (now: CatalogSearch) => CatalogSearch, replace?: boolean) => void;

/** The text of the search field while it is typed. */
export interface SearchDraft {
  readonly text: string;
  /** True once nobody types any more: what makes no sense is then told. */
  readonly isEnded: boolean;
  /** Takes a new text: whole filters leave it at once, words are asked once typing rests. */
  edit(text: string): void;
  /** Takes the text as it is: all of it is asked. */
  end(): void;
}

interface Draft {
  readonly text: string;
  /** What the URL's part of the field was last, and what it will be once the last change arrived. */
  readonly seen: string;
  readonly sent: string;
  readonly isEnded: boolean;
}

/** What of the state stands in the field as text: words, and parts that make no sense. */
export function writtenText(search: CatalogSearch): string {
  return splitFilters(search.q ?? '', true).rest.trim();
}

/** The state with filters added, and with `rest` as what the field holds. What makes no sense stays in it once it is ended. */
export function withDraft(
  now: CatalogSearch,
  filters: readonly SearchTerm[],
  rest: string,
  isEnded: boolean,
): CatalogSearch {
  const before = termsOf(now).filter((term) => term.op === 'filter');
  const all = [...before, ...filters];
  const next = withTerms(now, [...all, ...settledWords(rest)]);
  if (!isEnded || parseSearchTerms(rest).problems.length === 0) return next;
  const paths = formatSearchTerms(all.filter((term) => !hasParameter(term)));
  return { ...next, q: `${paths} ${rest}`.trim() };
}

/** Keeps the text of the field beside the URL, which follows it. */
export function useSearchDraft(search: CatalogSearch, change: ChangeSearch): SearchDraft {
  const written = writtenText(search);
  const [draft, setDraft] = useState<Draft>({ text: written, seen: written, sent: written, isEnded: true });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (written !== draft.seen) {
    const isOwn = written === draft.sent;
    setDraft({ ...draft, seen: written, sent: written, ...(isOwn ? {} : { text: written, isEnded: true }) });
  }
  const send = (filters: readonly SearchTerm[], rest: string, isEnded: boolean): void => {
    clearTimeout(timer.current);
    const sent = writtenText(withDraft(search, filters, rest, isEnded));
    setDraft((now) => ({ ...now, text: rest, sent, isEnded }));
    // A filter is a choice to come back to; typing is not.
    change((now) => withDraft(now, filters, rest, isEnded), filters.length === 0);
  };
  return {
    text: draft.text,
    isEnded: draft.isEnded,
    edit: (text) => {
      const { filters, rest } = splitFilters(text, false);
      if (filters.length > 0) {
        send(filters, rest, false);
        return;
      }
      setDraft((now) => ({ ...now, text, isEnded: false }));
      clearTimeout(timer.current);
      timer.current = setTimeout(() => send([], text, false), TYPING_MS);
    },
    end: () => {
      if (draft.isEnded) return;
      const { filters, rest } = splitFilters(draft.text, true);
      send(filters, rest.trim(), true);
    },
  };
}
