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

test('of a key with dots and what is written below keys, the latter is meant', () => {
  expect(fieldValue({ 'a.b': 1, a: { b: 2, 'c.d': 3 } }, 'a.b')).toBe(2);
  expect(fieldValue({ 'a.b': 1, a: { b: 2, 'c.d': 3 } }, 'a.c.d')).toBe(3);
  expect(fieldValue({ 'a.b': 1, a: {} }, 'a.b')).toBe(1);
});

test('a path of a thousand parts is not tried in a thousand ways', () => {
  let looks = 0;
  const watched = new Proxy(
    { kind: 'API', metadata: {} },
    {
      getOwnPropertyDescriptor: (target, key) => {
        looks += 1;
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    },
  );
  expect(fieldValue(watched, `metadata${'.a'.repeat(1_000)}`)).toBeUndefined();
  expect(looks).toBeLessThan(5);
});
