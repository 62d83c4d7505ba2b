import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { recall, remember } from './browser-memory.ts';
import { useShortcut } from './shortcuts.ts';

const ROW_LINK = '[data-row-link]';
const ROW = 'tr, li, [role=row], [data-row]';

/**
 * Walking a list by keys: next and previous row from anywhere, arrows, Home and End once the list has the focus; Enter opens,
 * since the row's link has the focus. The row that was opened has the focus again when one comes back to the same URL.
 *
 * @param isReady true once the rows are there
 * @returns the ref for the element around the rows; each row has one link with `data-row-link="<its id>"`
 */
export function useRowKeys(isReady: boolean): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  useShortcut('row.next', () => moveBy(list.current, 1), isReady);
  useShortcut('row.previous', () => moveBy(list.current, -1), isReady);
  useShortcut('row.open', () => open(list.current), isReady);
  useArrows(list);
  useOpenedRow(list, isReady);
  return list;
}

function linksOf(list: HTMLElement | null): readonly HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>(ROW_LINK) ?? [])];
}

/** The place of the row that the focus is in; -1: in none. */
function placeOf(links: readonly HTMLElement[]): number {
  const row = document.activeElement?.closest(ROW);
  return links.findIndex((link) => link === document.activeElement || (row != null && link.closest(ROW) === row));
}

function moveBy(list: HTMLElement | null, step: 1 | -1): boolean {
  const links = linksOf(list);
  const at = placeOf(links);
  return focus(links[at === -1 ? (step === 1 ? 0 : links.length - 1) : at + step]);
}

function open(list: HTMLElement | null): boolean {
  const links = linksOf(list);
  const link = links[placeOf(links)];
  link?.click();
  return link !== undefined;
}

function focus(link: HTMLElement | undefined): boolean {
  link?.focus();
  return link !== undefined;
}

function useArrows(list: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const element = list.current;
    const onKey = (event: KeyboardEvent): void => {
      // Fields in a row have arrows of their own, and with a modifier the browser has.
      const isRowLink = event.target instanceof Element && event.target.matches(ROW_LINK);
      if (!isRowLink || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const links = linksOf(element);
      const moves: Readonly<Record<string, () => boolean>> = {
        ArrowDown: () => moveBy(element, 1),
        ArrowUp: () => moveBy(element, -1),
        Home: () => focus(links[0]),
        End: () => focus(links.at(-1)),
      };
      if (moves[event.key]?.() === true) event.preventDefault();
    };
    element?.addEventListener('keydown', onKey);
    return () => element?.removeEventListener('keydown', onKey);
  }, [list]);
}

function useOpenedRow(list: RefObject<HTMLDivElement | null>, isReady: boolean): void {
  useEffect(() => {
    const element = list.current;
    if (!element || !isReady) return undefined;
    const key = `callboard.row:${location.pathname}${location.search}`;
    const opened = recall('sessionStorage', key);
    remember('sessionStorage', key, undefined);
    if (opened !== undefined) {
      linksOf(element)
        .find((row) => row.dataset['rowLink'] === opened)
        ?.focus({ preventScroll: true });
    }
    const onClick = (event: Event): void => {
      const link = event.target instanceof Element ? event.target.closest<HTMLElement>(ROW_LINK) : null;
      if (link) remember('sessionStorage', key, link.dataset['rowLink']);
    };
    element.addEventListener('click', onClick);
    return () => element.removeEventListener('click', onClick);
  }, [list, isReady]);
}
