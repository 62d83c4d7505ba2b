import { recall, remember } from '../ui/browser-memory.ts';
import { parsed } from './preferences.ts';
import { resources } from './session.ts';
import { useResource } from './use-resource.ts';
import { useUi, whenUiIsKnown } from './use-ui.ts';

/** An entity that was visited. */
export interface RecentItem {
  /** Canonical ref. */
  readonly ref: string;
  readonly title: string;
  readonly kind: string;
  /** Last visit, ms since the epoch. */
  readonly at: number;
}

/** Visits that are remembered. */
const MOST_RECENT = 20;

/** The entities visited last in this browser by who looks, the latest first; each once. */
export function useRecent(): readonly RecentItem[] {
  const principal = useUi().data?.principal.ref;
  const { data } = useResource<readonly RecentItem[]>({
    key: resourceKey(principal),
    load: () => Promise.resolve(principal === undefined ? [] : readRecent(principal)),
    isAffected: () => false,
  });
  return data ?? [];
}

/** Remembers a visit in this browser. */
export function noteVisit(visit: Omit<RecentItem, 'at'>): void {
  whenUiIsKnown(({ principal: { ref } }) => {
    const others = readRecent(ref).filter((item) => item.ref !== visit.ref);
    const items = [{ ...visit, at: Date.now() }, ...others].slice(0, MOST_RECENT);
    remember('localStorage', storageKey(ref), JSON.stringify(items));
    resources.put(resourceKey(ref), items);
  });
}

function readRecent(principal: string): readonly RecentItem[] {
  const value = parsed(recall('localStorage', storageKey(principal)));
  return Array.isArray(value) ? (value as unknown[]).filter(isRecentItem) : [];
}

function isRecentItem(item: unknown): item is RecentItem {
  if (typeof item !== 'object' || item === null) return false;
  const { ref, title, kind, at } = item as Readonly<Record<string, unknown>>;
  return [ref, title, kind].every((text) => typeof text === 'string') && typeof at === 'number';
}

/** By principal: what one saw, the next one at the same browser may not be allowed to. */
function storageKey(principal: string): string {
  return `callboard.recent ${principal}`;
}

function resourceKey(principal: string | undefined): string {
  return `recent ${principal ?? ''}`;
}
