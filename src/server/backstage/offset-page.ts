import type { JsonValue } from '../../model/json.ts';
import { isJsonObject } from '../../model/json.ts';
import { compatibleError } from './errors.ts';

/** A page by number, as the older list API counts. */
export interface OffsetPage {
  readonly limit: number | undefined;
  readonly offset: number;
}

/**
 * The `Link` header of the next page: the request's own URL under the catalog's prefix, with `after`.
 * @param url path and query as sent
 */
export function nextLink(url: string, page: OffsetPage): string {
  const next = new URL(url, 'http://localhost');
  next.searchParams.delete('offset');
  next.searchParams.set('after', Buffer.from(JSON.stringify(page)).toString('base64'));
  return `<${next.pathname.replace(/^\/api\/catalog/, '')}${next.search}>; rel="next"`;
}

/**
 * Reads `after`: base64 of `{limit, offset}`.
 * @throws QUERY_AFTER_INVALID
 */
export function decodeOffset(after: string): OffsetPage {
  const value = parse(Buffer.from(after, 'base64').toString());
  if (!isJsonObject(value)) throw compatibleError('QUERY_AFTER_INVALID');
  const { limit, offset } = value;
  if (!isCount(offset ?? 0) || !(limit === undefined || (isCount(limit) && limit > 0)))
    throw compatibleError('QUERY_AFTER_INVALID');
  return { limit, offset: isCount(offset) ? offset : 0 };
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw compatibleError('QUERY_AFTER_INVALID', {}, error);
  }
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
