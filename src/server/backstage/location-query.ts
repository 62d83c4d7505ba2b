import type { Registration } from '../../catalog/control.ts';
import { parseBackstageQuery } from '../../model/backstage-query.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { Predicate } from '../../model/predicate.ts';
import { compatibleError } from './errors.ts';

/** A page of registered locations as it is asked for; a cursor carries it on. */
export interface LocationPage {
  readonly query: JsonObject;
  readonly limit: number;
  /** Id that the page stands after. */
  readonly afterId: string | undefined;
}

/** Locations on a page where none is asked. */
const PAGE = 1000;

type Test = (registration: Registration) => boolean;

const fields: Readonly<Record<string, (registration: Registration) => string>> = {
  id: ({ id }) => id,
  type: ({ type }) => type,
  target: ({ target }) => target,
  entityref: ({ entityRef }) => entityRef,
};

/**
 * The registered locations for which a query holds.
 * @throws PREDICATE_INVALID, LOCATION_FIELD_UNKNOWN
 */
export function chooseLocations(registrations: readonly Registration[], query: JsonObject): readonly Registration[] {
  // Parsed first as it is, which bounds its depth.
  parseBackstageQuery(query);
  const test = testOf(parseBackstageQuery(withoutEmptyAll(query)));
  return registrations.filter(test);
}

/** Of locations Backstage has an empty `$all` hold for none, other than of entities. */
function withoutEmptyAll(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutEmptyAll);
  if (!isJsonObject(value)) return value;
  const { $all } = value;
  if (Array.isArray($all) && $all.length === 0) return { $any: [] };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutEmptyAll(item ?? null)]));
}

function testOf(predicate: Predicate): Test {
  switch (predicate.op) {
    case 'constant':
      return () => predicate.value === true;
    case 'and':
    case 'or': {
      const tests = predicate.args.map(testOf);
      return predicate.op === 'and'
        ? (registration) => tests.every((test) => test(registration))
        : (registration) => tests.some((test) => test(registration));
    }
    case 'not': {
      const test = testOf(predicate.arg);
      return (registration) => !test(registration);
    }
    case 'field': {
      const { values } = predicate;
      const read = reader(predicate.key);
      return (registration) => values === undefined || values.includes(read(registration));
    }
    case 'fieldPrefix': {
      const read = reader(predicate.key);
      return (registration) => read(registration).startsWith(predicate.prefix);
    }
    default:
      throw new Error(`a query of the compatible API has no ${predicate.op}`);
  }
}

function reader(key: string): (registration: Registration) => string {
  const read = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (read === undefined) throw compatibleError('LOCATION_FIELD_UNKNOWN', { field: key.slice(0, 200) });
  return (registration) => read(registration).toLowerCase();
}

/**
 * What a request asks: its cursor says it all, but for a new limit.
 * @throws LOCATION_CURSOR_INVALID
 */
export function locationPage(body: {
  readonly query?: JsonObject;
  readonly limit?: number;
  readonly cursor?: string;
}): LocationPage {
  const { query = {}, limit, cursor } = body;
  if (cursor === undefined) return { query, limit: limit ?? PAGE, afterId: undefined };
  const page = decodeCursor(cursor);
  return { ...page, limit: limit ?? page.limit };
}

/** Base64 of the page as JSON. */
export function encodeLocationCursor(page: LocationPage): string {
  return Buffer.from(JSON.stringify(page)).toString('base64url');
}

function decodeCursor(cursor: string): LocationPage {
  const { query, limit, afterId } = parse(Buffer.from(cursor, 'base64url').toString());
  if (!isJsonObject(query) || typeof limit !== 'number' || !(limit >= 1) || typeof afterId !== 'string')
    throw compatibleError('LOCATION_CURSOR_INVALID');
  return { query, limit, afterId };
}

function parse(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw compatibleError('LOCATION_CURSOR_INVALID', {}, error);
  }
  if (!isJsonObject(value)) throw compatibleError('LOCATION_CURSOR_INVALID');
  return value;
}
