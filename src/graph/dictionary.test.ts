import { expect, test } from 'vitest';
import { idsOf } from '../base/postings.ts';
import type { Entity } from '../model/entity.ts';
import type { JsonObject } from '../model/json.ts';
import { Dictionary } from './dictionary.ts';
import { flattenEntity } from './flatten.ts';
import { flavour, type Term } from './term.ts';

function flatten(dictionary: Dictionary, spec: JsonObject): Term[] {
  const entity: Entity = { apiVersion: 'v1', kind: 'Component', metadata: { name: 'a', etag: 'e' }, spec };
  return flattenEntity(dictionary, entity);
}

/** Moves entity 7 to the terms of a spec, or away with none. */
function move(dictionary: Dictionary, before: readonly Term[], spec: JsonObject | undefined): readonly Term[] {
  const after = spec ? flatten(dictionary, spec) : [];
  dictionary.replace(7, before, after);
  dictionary.unpin(after);
  return after;
}

test('a value has one term at a path, and each way of having it another', () => {
  const dictionary = new Dictionary();
  move(dictionary, [], { p: ['a', 'a', { q: 'a' }], q: 'a', Q: { 'x.y': 1 } });
  const p = dictionary.find(['spec', 'p']);
  expect(idsOf(p?.column(flavour.element)?.terms.get('a')?.ids ?? -1)).toEqual([7]);
  expect(idsOf(p?.presence(flavour.list) ?? -1)).toEqual([7]);
  expect(idsOf(p?.presence(flavour.leaves) ?? -1)).toEqual([7]);
  expect(dictionary.find(['spec', 'p', 'q'])?.column(flavour.deep)?.terms.size).toBe(1);
  expect(dictionary.find(['spec', 'p', 'q'])?.column(flavour.scalar)).toBeUndefined();
  expect(dictionary.withAlias('spec.q')).toHaveLength(2);
  expect(dictionary.withAlias('spec.q.x.y')[0]?.segment).toBe('x.y');
  expect(dictionary.withAlias('metadata.etag')).toEqual([]);
});

test('what no entity has any more is forgotten, paths and names included', () => {
  const dictionary = new Dictionary();
  const first = move(dictionary, [], { p: { q: [1, { r: [] }] }, s: 'x'.repeat(300), t: null });
  const second = move(dictionary, first, { p: { q: 2 } });
  expect(dictionary.find(['spec', 's'])).toBeUndefined();
  expect(dictionary.find(['spec', 'p', 'q', 'r'])).toBeUndefined();
  expect(dictionary.withAlias('spec.t')).toEqual([]);
  move(dictionary, second, undefined);
  expect(dictionary.root.children.size).toBe(0);
  expect(dictionary.size).toBe(0);
});

test('a term that was staged and not yet applied stays', () => {
  const dictionary = new Dictionary();
  const first = move(dictionary, [], { p: 'kept' });
  const staged = flatten(dictionary, { p: 'kept' });
  move(dictionary, first, undefined);
  const term = dictionary.find(['spec', 'p'])?.column(flavour.scalar)?.terms.get('kept');
  expect(staged).toContain(term);
  dictionary.unpin(staged);
  expect(dictionary.size).toBe(0);
});

test('a document nested beyond reason is indexed as far as is reasonable', () => {
  let nested: JsonObject = {};
  for (let depth = 0; depth < 500; depth += 1) nested = { d: nested };
  const dictionary = new Dictionary();
  expect(flatten(dictionary, nested).length).toBeLessThan(100);
});
