import type { JsonObject, JsonValue } from '../../model/json.ts';
import { isJsonObject } from '../../model/json.ts';
import { compatibleError } from './errors.ts';

/** The question of a by-query request: what a cursor carries on to the next page. */
export interface Question {
  readonly filter: readonly string[];
  readonly query: JsonObject | undefined;
  readonly orderField: { readonly field: string; readonly direction: 'asc' | 'desc' } | undefined;
  readonly fullText: { readonly term: string; readonly fields: readonly string[] } | undefined;
  readonly countTotal: boolean;
}

/** A question with the place in its list. */
export interface CursorContent {
  readonly question: Question;
  /** Cursor of the graph. */
  readonly place: string;
  /** Ref of the first entity of the first page, where an offset left out what stands before it. */
  readonly first?: string | undefined;
}

/**
 * Longest cursor that is sure to fit into a URL beside the rest of a request's head.
 */
const MAX_URL_CURSOR = 6000;

/**
 * Makes a cursor: base64 of a JSON list. Clients look into a cursor, and where they find an object with a key `query`
 * they send it in a POST body, else in a URL; so a cursor too long for a URL is such an object.
 */
export function encodeCursor({ question, place, first }: CursorContent): string {
  const { filter, query, orderField, fullText, countTotal } = question;
  const content = [
    1,
    place,
    filter,
    query ?? null,
    orderField ? [orderField.field, orderField.direction] : null,
    fullText ? [fullText.term, fullText.fields] : null,
    countTotal,
    first ?? null,
  ];
  const text = encode(content);
  return text.length <= MAX_URL_CURSOR ? text : encode({ query: content });
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * Reads a cursor of `encodeCursor`. It is not signed, so whatever it asks is parsed and checked like a first request.
 * @throws QUERY_CURSOR_INVALID
 */
export function decodeCursor(cursor: string): CursorContent {
  const value = parse(Buffer.from(cursor, 'base64url').toString());
  const content = isJsonObject(value) ? value.query : value;
  if (!Array.isArray(content) || content.length !== 8 || content[0] !== 1)
    throw compatibleError('QUERY_CURSOR_INVALID');
  const [, place, filter, query, orderField, fullText, countTotal, first] = content as readonly JsonValue[];
  if (typeof place !== 'string' || !isTextList(filter) || !(query === null || isJsonObject(query)))
    throw compatibleError('QUERY_CURSOR_INVALID');
  return {
    place,
    first: typeof first === 'string' ? first : undefined,
    question: {
      filter,
      query: query ?? undefined,
      orderField: orderField === null ? undefined : readOrder(orderField),
      fullText: fullText === null ? undefined : readFullText(fullText),
      countTotal: countTotal === true,
    },
  };
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw compatibleError('QUERY_CURSOR_INVALID', {}, error);
  }
}

function isTextList(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function readOrder(value: JsonValue | undefined): Question['orderField'] {
  if (Array.isArray(value)) {
    const [field, direction] = value as readonly JsonValue[];
    if (typeof field === 'string' && (direction === 'asc' || direction === 'desc')) return { field, direction };
  }
  throw compatibleError('QUERY_CURSOR_INVALID');
}

function readFullText(value: JsonValue | undefined): Question['fullText'] {
  if (Array.isArray(value)) {
    const [term, fields] = value as readonly JsonValue[];
    if (typeof term === 'string' && isTextList(fields)) return { term, fields };
  }
  throw compatibleError('QUERY_CURSOR_INVALID');
}
