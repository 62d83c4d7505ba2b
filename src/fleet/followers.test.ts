import { describe, expect, test } from 'vitest';
import type { LivePosition, LiveTold } from '../live/live-reader.ts';
import { Followers } from './followers.ts';

const at = (sequence: number): LivePosition => ({ epoch: 'e', sequence });
const changed = (sequence: number, ...names: string[]): LiveTold => ({
  type: 'changes',
  position: at(sequence),
  objects: names.map((name) => ({ type: 'put', cluster: 'stage', kind: 'Pod', namespace: 'a', name })),
  clusters: [],
});

function open(early: readonly LiveTold[] = []): {
  followers: Followers;
  change: (told: LiveTold) => void;
  told: [number, LiveTold][];
} {
  const listeners = new Set<(told: LiveTold) => void>();
  const told: [number, LiveTold][] = [];
  const followers = new Followers({
    store: {
      follow: (_after, _scope, listener) => {
        for (const each of early) listener(each);
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    tell: (id, each) => told.push([id, each]),
  });
  return { followers, change: (each) => listeners.forEach((listener) => listener(each)), told };
}

describe('followers of changes', () => {
  test('are told at the next flush, each object once, at the newest position', () => {
    const { followers, change, told } = open();
    followers.follow(7, undefined, 'all');
    change(changed(1, 'web-1'));
    change(changed(2, 'web-1', 'web-2'));
    change({ ...changed(3), clusters: ['stage'] } as LiveTold);
    expect(told).toEqual([]);
    followers.flush();
    followers.flush();
    expect(told).toEqual([[7, { ...changed(3, 'web-1', 'web-2'), clusters: ['stage'] }]]);
  });

  test('get what was replayed to them when they came', () => {
    const { followers, told } = open([changed(5, 'web-5')]);
    followers.follow(1, at(4), 'all');
    followers.flush();
    expect(told).toEqual([[1, changed(5, 'web-5')]]);
  });

  test('are told to read anew at once, and of nothing before that', () => {
    const { followers, change, told } = open();
    followers.follow(1, undefined, 'all');
    change(changed(1, 'web-1'));
    const relist: LiveTold = { type: 'relist', position: at(2), reason: 'expired' };
    change(relist);
    followers.flush();
    expect(told).toEqual([[1, relist]]);
  });

  test('who would be told of too much reads anew', () => {
    const { followers, change, told } = open();
    followers.follow(1, undefined, 'all');
    change(changed(9, ...Array.from({ length: 5_001 }, (_, index) => `web-${index}`)));
    followers.flush();
    expect(told).toEqual([[1, { type: 'relist', position: at(9), reason: 'slow' }]]);
  });

  test('are told nothing when they have gone', () => {
    const { followers, change, told } = open();
    followers.follow(1, undefined, 'all');
    change(changed(1, 'web-1'));
    followers.unfollow(1);
    change(changed(2, 'web-2'));
    followers.flush();
    expect(told).toEqual([]);
  });
});
