import type { HistoryItem } from '../../api/entities.ts';
import { graphError } from '../../graph/errors.ts';
import type { EntityHistoryItem, Store } from '../../store/store.ts';
import { instant } from './instant.ts';
import type { PageRequest } from './keyset.ts';

const PAGE = 20;

/** A page of an entity's history. */
export interface HistoryPage {
  readonly revision: number;
  readonly items: HistoryItem[];
  readonly next?: string;
}

/**
 * Reads the history of an entity, newest first. The caller has made sure that the entity may be seen.
 * @throws CURSOR_INVALID
 */
export async function readHistory(
  store: Store,
  ref: string,
  revision: number,
  { limit = PAGE, cursor }: PageRequest,
): Promise<HistoryPage> {
  const before = cursor === undefined ? undefined : decodeCursor(cursor);
  if (limit === 0) return { revision, items: [] };
  const found = await store.entityHistory(ref, { limit: limit + 1, before });
  const items = found.slice(0, limit).map(historyItem);
  const last = items.at(-1);
  return { revision, items, ...(found.length > limit && last !== undefined && { next: encodeCursor(last.revision) }) };
}

function historyItem({ revision, at, op, location, source, commit, body }: EntityHistoryItem): HistoryItem {
  return {
    revision,
    at: instant(at),
    op,
    location,
    source,
    ...(commit !== undefined && { commit }),
    entity: JSON.parse(body) as HistoryItem['entity'],
  };
}

function encodeCursor(revision: number): string {
  return `before-${revision}`;
}

function decodeCursor(cursor: string): number {
  const digits = /^before-(\d{1,15})$/.exec(cursor)?.[1];
  if (digits === undefined) throw graphError('CURSOR_INVALID', { reason: 'it is damaged' });
  return Number(digits);
}
