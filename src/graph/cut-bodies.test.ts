import { expect, test } from 'vitest';
import { parseFields, type Projection } from '../model/projection.ts';
import { CutBodies } from './cut-bodies.ts';

function fields(...paths: string[]): Projection {
  const projection = parseFields(paths);
  if (projection === undefined) throw new Error('no fields');
  return projection;
}

/** Entities of which it is counted how often they are read. */
function readings(value: (id: number) => string) {
  const counted = { reads: 0, read: (id: number) => body(id) };
  function body(id: number): Uint8Array {
    counted.reads += 1;
    return Buffer.from(JSON.stringify({ kind: 'Component', metadata: { name: value(id), title: 'x' } }));
  }
  return counted;
}

test('a body is cut once a projection, until its entity is forgotten', () => {
  const cuts = new CutBodies();
  let name = 'before';
  const source = readings((id) => `${name}-${id}`);
  const names = fields('metadata.name');
  expect(cuts.of([1, 2], names, source.read)).toEqual([
    '{"metadata":{"name":"before-1"}}',
    '{"metadata":{"name":"before-2"}}',
  ]);
  name = 'after';
  cuts.forget(2);
  const again = cuts.of([2, 1], fields('metadata.name'), source.read);
  expect(again).toEqual(['{"metadata":{"name":"after-2"}}', '{"metadata":{"name":"before-1"}}']);
  expect(source.reads).toBe(3);
  expect(cuts.of([1], fields('kind'), source.read)).toEqual(['{"kind":"Component"}']);
  cuts.clear();
  expect(cuts.of([1], names, source.read)).toEqual(['{"metadata":{"name":"after-1"}}']);
});

test('the projections used last are kept, as far as there is room', () => {
  const cuts = new CutBodies();
  const source = readings(() => 'n'.repeat(6 * 1024 * 1024));
  const ids = [1, 2, 3];
  const [old, recent] = [fields('metadata.name'), fields('metadata')];
  cuts.of(ids, old, source.read);
  cuts.of(ids, recent, source.read);
  expect(source.reads).toBe(6);
  cuts.of(ids, recent, source.read);
  expect(source.reads).toBe(6);
  cuts.of(ids, old, source.read);
  expect(source.reads).toBe(9);
}, 20_000);
