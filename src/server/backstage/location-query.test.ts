import { expect, test } from 'vitest';
import type { JsonObject } from '../../model/json.ts';
import { chooseLocations, encodeLocationCursor, locationPage } from './location-query.ts';

const a = { id: 'a1', type: 'url', target: 'https://x.example.com/A.yaml', entityRef: 'location:default/generated-1' };
const b = { id: 'b2', type: 'git', target: 'https://y.example.com/b', entityRef: 'location:default/generated-2' };

test.each<[JsonObject, readonly object[]]>([
  [{}, [a, b]],
  [{ type: 'URL' }, [a]],
  [{ type: 'url', id: 'b2' }, []],
  [{ target: { $hasPrefix: 'https://X' } }, [a]],
  [{ entityRef: { $in: ['location:default/generated-2', 'x'] } }, [b]],
  [{ $any: [{ id: 'a1' }, { type: 'git' }] }, [a, b]],
  [{ $not: { type: 'git' } }, [a]],
  [{ $not: { $all: [{ id: 'a1' }, { type: 'url' }] } }, [b]],
  [{ target: { $exists: true } }, [a, b]],
  [{ target: { $exists: false } }, []],
  [{ $any: [] }, []],
  [{ $all: [] }, []],
  [{ $not: { $all: [] } }, [a, b]],
  [{ $any: [{ $all: [] }, { id: 'b2' }] }, [b]],
])('%j', (query, expected) => {
  expect(chooseLocations([a, b], query)).toEqual(expected);
});

test.each<[JsonObject, string]>([
  [{ kind: 'x' }, 'LOCATION_FIELD_UNKNOWN'],
  [{ $any: [{ id: 'a1' }, { constructor: 'x' }] }, 'LOCATION_FIELD_UNKNOWN'],
  [{ relations: { $contains: { type: 'ownedBy' } } }, 'LOCATION_FIELD_UNKNOWN'],
  [{ $and: [] }, 'PREDICATE_INVALID'],
])('%j is refused, also where there is no location', (query, code) => {
  expect(() => chooseLocations([], query)).toThrow(expect.objectContaining({ code, status: 400 }));
});

test('a cursor carries the whole page on; a new limit counts', () => {
  const page = { query: { type: 'url' }, limit: 7, afterId: 'a1' };
  expect(locationPage({ cursor: encodeLocationCursor(page) })).toEqual(page);
  expect(locationPage({ cursor: encodeLocationCursor(page), limit: 2 })).toEqual({ ...page, limit: 2 });
  expect(locationPage({})).toEqual({ query: {}, limit: 1000, afterId: undefined });
});
