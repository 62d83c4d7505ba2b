import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { readTexts } from '../../url/search-codec.ts';

/** The view state of a definition as the URL of its page holds it, beside what else that page keeps there. */
export interface DefinitionSearch {
  /** Ids of the operations that are open, the last one opened last (a list of `url/search-codec.ts`). */
  readonly op?: string | undefined;
  /** Words that narrow the operations. */
  readonly find?: string | undefined;
  /** The text instead of the outline. */
  readonly as?: 'source' | undefined;
}

/** Takes the known keys as texts. */
export function readDefinitionSearch(search: Readonly<Record<string, unknown>>): DefinitionSearch {
  const { op, find, as } = readTexts(search, ['op', 'find', 'as']);
  return {
    ...(typeof op === 'string' && { op }),
    ...(typeof find === 'string' && { find }),
    ...(as === 'source' && { as }),
  };
}

/** The state in the URL of whatever page shows the definition, and what changes it in place. */
export function useDefinitionSearch(): readonly [DefinitionSearch, (change: DefinitionSearch) => void] {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (next: DefinitionSearch) =>
      void navigate({
        to: '.',
        search: (now) => ({ ...now, ...next }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  return [readDefinitionSearch(search), change];
}
