import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { RefObject } from 'react';
import { recall, remember } from './browser-memory.ts';
import { useKeys } from './keys.ts';

const ROW_LINK = '[data-row-link]';

/**
 * Walking a list by keys: `j` and `k` anywhere, arrows once the list has the focus; Enter opens, since the row's link has
 * the focus. The row that was opened has the focus again when one comes back to the same URL.
 *
 * @param isReady true once the rows are there
 * @returns the ref for the element around the rows; each row has one link with `data-row-link="<its id>"`
 */
export function useRowKeys(isReady: boolean): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);

  const move = useCallback((step: 1 | -1): boolean => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>(ROW_LINK) ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = at === -1 ? (step === 1 ? 0 : links.length - 1) : at + step;
    links[next]?.focus();
    return links[next] !== undefined;
  }, []);

  const moveInside = useCallback(
    (step: 1 | -1): boolean => list.current?.contains(document.activeElement) === true && move(step),
    [move],
  );

  useKeys(
    useMemo(
      () => ({
        j: () => move(1),
        k: () => move(-1),
        ArrowDown: () => moveInside(1),
        ArrowUp: () => moveInside(-1),
      }),
      [move, moveInside],
    ),
  );
  useOpenedRow(list, isReady);
  return list;
}

function useOpenedRow(list: RefObject<HTMLDivElement | null>, isReady: boolean): void {
  useEffect(() => {
    const element = list.current;
    if (!element || !isReady) return undefined;
    const key = `callboard.row:${location.pathname}${location.search}`;
    const opened = recall('sessionStorage', key);
    remember('sessionStorage', key, undefined);
    if (opened !== undefined) {
      const link = [...element.querySelectorAll<HTMLElement>(ROW_LINK)].find(
        (row) => row.dataset['rowLink'] === opened,
      );
      link?.focus({ preventScroll: true });
    }
    const onClick = (event: Event): void => {
      const link = event.target instanceof Element ? event.target.closest<HTMLElement>(ROW_LINK) : null;
      if (link) remember('sessionStorage', key, link.dataset['rowLink']);
    };
    element.addEventListener('click', onClick);
    return () => element.removeEventListener('click', onClick);
  }, [list, isReady]);
}
