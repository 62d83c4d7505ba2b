import { expect, test } from 'vitest';
import { builtinKinds } from './builtin-kinds.ts';
import type { KindDefinition } from './kinds.ts';
import { relationPairs } from './relation-pairs.ts';
import { createKindTable } from './relations.ts';

const own: KindDefinition = {
  kind: 'Show',
  apiVersions: ['v1'],
  description: 'A performance',
  spec: {},
  relations: [
    { field: 'stage', type: 'playedAt', reverse: 'stageOf' },
    { field: 'shows', type: 'stageOf', reverse: 'playedAt' },
  ],
};

test('each kind of edge is there once, in one direction, whichever end declares it', () => {
  const pairs = relationPairs(createKindTable(builtinKinds, [own]));
  const names = pairs.flatMap(({ type, reverse }) => [type, reverse]);
  expect(new Set(names).size).toBe(names.length);
  expect(pairs[0]).toEqual({ type: 'dependsOn', reverse: 'dependencyOf' });
  expect(pairs.at(-1)).toEqual({ type: 'playedAt', reverse: 'stageOf' });
});

test('every relation of the built-in kinds is known', () => {
  const names = new Set(relationPairs(createKindTable(builtinKinds)).flatMap(({ type, reverse }) => [type, reverse]));
  for (const { relations } of builtinKinds) for (const { type } of relations) expect(names).toContain(type);
});
