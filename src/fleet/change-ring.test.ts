import { expect, test } from 'vitest';
import type { LiveChange, LiveTold } from '../live/live-reader.ts';
import { ChangeRing } from './change-ring.ts';

const change = (name: string, cluster = 'eu', namespace = 'shop'): LiveChange => ({
  type: 'put',
  cluster,
  kind: 'Pod',
  namespace,
  name,
});

function follow(ring: ChangeRing, sequence: number, epoch = 'e'): readonly LiveTold[] {
  const told: LiveTold[] = [];
  ring.follow({ epoch, sequence }, 'all', (one) => told.push(one))();
  return told;
}

test('tells what came after a position, and then what comes', () => {
  const ring = new ChangeRing('e');
  ring.add([change('a')], []);
  ring.add([change('b')], ['eu']);
  const told: LiveTold[] = [];
  const stop = ring.follow({ epoch: 'e', sequence: 1 }, 'all', (one) => told.push(one));
  ring.add([change('c')], []);
  stop();
  ring.add([change('d')], []);
  expect(told).toEqual([
    { type: 'changes', position: { epoch: 'e', sequence: 2 }, objects: [change('b')], clusters: ['eu'] },
    { type: 'changes', position: { epoch: 'e', sequence: 3 }, objects: [change('c')], clusters: [] },
  ]);
});

test('tells to relist after another epoch, and after a position of the future', () => {
  const ring = new ChangeRing('e');
  ring.add([change('a')], []);
  expect(follow(ring, 0, 'f')).toMatchObject([{ type: 'relist', reason: 'epoch', position: { sequence: 1 } }]);
  expect(follow(ring, 2)).toMatchObject([{ type: 'relist', reason: 'epoch' }]);
});

test('keeps the last changes and tells to relist before them', () => {
  const ring = new ChangeRing('e');
  for (let at = 0; at < 200; at += 1)
    ring.add(
      Array.from({ length: 999 }, () => change('a')),
      [],
    );
  expect(follow(ring, 100)).toMatchObject([{ type: 'relist', reason: 'expired', position: { sequence: 200 } }]);
  expect(follow(ring, 135)).toHaveLength(65);
});

test('does not tell a great many changes one by one', () => {
  const ring = new ChangeRing('e');
  const told: LiveTold[] = [];
  ring.add([change('a')], []);
  ring.follow(undefined, 'all', (one) => told.push(one));
  ring.add(
    Array.from({ length: 20_000 }, () => change('a')),
    [],
  );
  expect(told).toMatchObject([{ type: 'relist', reason: 'expired', position: { sequence: 2 } }]);
  expect(follow(ring, 1)).toMatchObject([{ type: 'relist' }]);
  expect(follow(ring, 2)).toEqual([]);
});

test('tells only what the scope lets see', () => {
  const ring = new ChangeRing('e');
  const told: LiveTold[] = [];
  ring.follow(undefined, { eu: ['shop'], us: true }, (one) => told.push(one));
  ring.add([change('a'), change('b', 'eu', 'bank'), change('c', 'us', 'bank'), change('d', 'lab')], ['eu', 'lab']);
  ring.add([change('e', 'lab')], ['lab']);
  expect(told).toMatchObject([{ objects: [{ name: 'a' }, { name: 'c' }], clusters: ['eu'] }]);
});
