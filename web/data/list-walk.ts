import { useNavigate } from '@tanstack/react-router';
import { parseEntityRef } from '../../src/model/ref.ts';
import { recall, remember } from '../ui/browser-memory.ts';
import { useShortcut } from '../ui/shortcuts.ts';

const STORAGE_KEY = 'callboard.list';
/** Entities of a list that are kept: some pages. */
const MOST = 500;

/** Keeps the list that one comes from, for going through it on the pages of its entities; it lives as long as the tab. */
export function rememberList(refs: readonly string[]): void {
  remember('sessionStorage', STORAGE_KEY, refs.slice(0, MOST).join(' '));
}

/** Goes to the previous and next entity of the list that one came from, by their keys. @param ref canonical, of this page */
export function useListWalk(ref: string): void {
  const navigate = useNavigate();
  const go = (step: 1 | -1): boolean => {
    const refs = recall('sessionStorage', STORAGE_KEY)?.split(' ') ?? [];
    const at = refs.indexOf(ref);
    const next = at === -1 ? undefined : refs[at + step];
    const params = next === undefined ? undefined : parseEntityRef(next);
    if (!params) return false;
    // Back leads to the list, not through everything that was looked at.
    void navigate({ to: '/catalog/$kind/$namespace/$name', params, replace: true });
    return true;
  };
  useShortcut('item.previous', () => go(-1));
  useShortcut('item.next', () => go(1));
}
