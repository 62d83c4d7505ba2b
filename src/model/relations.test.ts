import { describe, expect, test } from 'vitest';
import type { Entity } from './entity.ts';
import type { KindDefinition } from './kinds.ts';
import { createKindTable, relationsOf } from './relations.ts';

const component: KindDefinition = {
  kind: 'Component',
  apiVersions: ['backstage.io/v1alpha1'],
  description: 'A piece of software',
  spec: {},
  relations: [
    { field: 'owner', defaultKind: 'Group', type: 'ownedBy', reverse: 'ownerOf' },
    { field: 'dependsOn', type: 'dependsOn', reverse: 'dependencyOf' },
    { field: 'plugin.skills', defaultKind: 'AiResource', type: 'hasPart', reverse: 'partOf' },
  ],
};
const kinds = createKindTable([component]);

function entity(spec: Entity['spec'], namespace = 'default'): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'Curtain', namespace },
    ...(spec && { spec }),
  };
}

describe('relationsOf', () => {
  test('reads strings and lists, with the default kind of the field and the namespace of the entity', () => {
    const { relations } = relationsOf(entity({ owner: 'Crew', dependsOn: ['resource:default/rope'] }, 'stage'), kinds);
    expect(relations).toEqual([
      { source: 'component:stage/curtain', target: 'group:stage/crew', type: 'ownedBy', reverse: 'ownerOf' },
      {
        source: 'component:stage/curtain',
        target: 'resource:default/rope',
        type: 'dependsOn',
        reverse: 'dependencyOf',
      },
    ]);
  });

  test('names a reference that needs a kind and has none', () => {
    const result = relationsOf(entity({ dependsOn: ['rope', 7, 'Resource:rope'] }), kinds);
    expect(result.unreadable).toEqual([{ path: 'spec.dependsOn', value: 'rope' }]);
    expect(result.relations.map((relation) => relation.target)).toEqual(['resource:default/rope']);
  });

  test('makes equal references one relation, and follows nested fields', () => {
    const { relations } = relationsOf(entity({ owner: 'a', plugin: { skills: ['x', 'X'] } }), kinds);
    expect(relations.map((relation) => relation.target)).toEqual(['group:default/a', 'airesource:default/x']);
  });

  test('makes none without a spec or for an unknown kind', () => {
    expect(relationsOf(entity(undefined), kinds).relations).toEqual([]);
    expect(relationsOf({ ...entity({ owner: 'a' }), kind: 'Unheard' }, kinds).relations).toEqual([]);
  });

  test('a target that is named twice under a type is one relation, also among many', () => {
    const names = Array.from({ length: 40 }, (_, index) => `component:default/c${index % 30}`);
    const { relations } = relationsOf(entity({ owner: 'crew', dependsOn: names }), kinds);
    expect(relations).toHaveLength(31);
    expect(new Set(relations.map(({ target }) => target)).size).toBe(31);
    expect(
      relationsOf(entity({ dependsOn: ['component:a', 'Component:default/A'] }, 'default'), kinds).relations,
    ).toHaveLength(1);
  });
});

test('a kind defined twice is a fault', () => {
  expect(() => createKindTable([component], [component])).toThrow('Kind Component is defined twice');
});
