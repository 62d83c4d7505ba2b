import { expect, test } from 'vitest';
import { fieldValue } from './field-value.ts';

const entity = {
  kind: 'API',
  metadata: { annotations: { 'example.org/size': 'L', plain: 'x' }, tags: ['a', 'b'] },
  relations: [
    { type: 'ownedBy', targetRef: 'group:default/stage' },
    { type: 'partOf', targetRef: 'system:default/tickets' },
    { type: 'ownedBy', targetRef: 'user:default/jo' },
  ],
};

test.each([
  ['kind', 'API'],
  ['metadata.tags', ['a', 'b']],
  ['metadata.annotations.plain', 'x'],
  ['metadata.annotations.example.org/size', 'L'],
  ['relations.ownedBy', ['group:default/stage', 'user:default/jo']],
  ['relations.dependsOn', undefined],
  ['metadata.none.below', undefined],
  ['constructor', undefined],
])('at %s stands %j', (path, value) => {
  expect(fieldValue(entity, path)).toEqual(value);
});
