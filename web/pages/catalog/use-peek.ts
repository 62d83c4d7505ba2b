import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { useLayer } from '../../ui/layers.ts';
import type { CatalogSearch } from './catalog-search.ts';

/** From this width on there is room for a pane beside the list. */
const ROOMY = '(min-width: 1280px)';

/** The entity that is looked at beside the list. */
export interface Peek {
  /** Absent: none, or no room for it. */
  readonly ref: string | undefined;
  /** Looks at an entity; where there is no room for a pane, on its page. */
  open(ref: string): void;
  close(): void;
}

/** Looking at a row: the URL says which; Escape closes it. @param focusRow puts the focus on a row */
export function usePeek(search: CatalogSearch, focusRow: (ref: string) => void): Peek {
  const navigate = useNavigate({ from: '/catalog' });
  const isRoomy = useIsRoomy();
  const ref = isRoomy && search.peek !== undefined && parseEntityRef(search.peek) ? search.peek : undefined;
  const close = (): void => {
    if (ref !== undefined) focusRow(ref);
    void navigate({ search: (now: CatalogSearch) => ({ ...now, peek: undefined }), replace: true, resetScroll: false });
  };
  useLayer(ref !== undefined, close);
  return {
    ref,
    open: (next) => {
      const params = parseEntityRef(next);
      if (!params) return;
      if (!isRoomy) void navigate({ to: '/catalog/$kind/$namespace/$name', params });
      else {
        const replace = search.peek !== undefined;
        void navigate({ search: (now: CatalogSearch) => ({ ...now, peek: next }), replace, resetScroll: false });
      }
    },
    close,
  };
}

function useIsRoomy(): boolean {
  const [isRoomy, setIsRoomy] = useState(() => matchMedia(ROOMY).matches);
  useEffect(() => {
    const query = matchMedia(ROOMY);
    const onChange = (): void => setIsRoomy(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return isRoomy;
}
