import { expect, test } from 'vitest';
import type { Entity } from '../../model/entity.ts';
import { claimOf } from './entity-claim.ts';

const ref = 'component:default/web';

function entity(annotations: Record<string, string>, kind = 'Component'): Pick<Entity, 'kind' | 'metadata' | 'spec'> {
  return {
    kind,
    metadata: { name: 'web', namespace: 'default', annotations },
    spec: { owner: 'stage', type: 'service' },
  };
}

test('what an entity claims is in Backstage’s annotations', () => {
  const said = { 'backstage.io/kubernetes-id': 'x', 'backstage.io/kubernetes-namespace': 'n' };
  expect(claimOf(ref, entity(said))).toEqual({
    ref,
    id: 'x',
    namespace: 'n',
    kind: 'Component',
    type: 'service',
    owner: 'group:default/stage',
  });
});

test('a component that says neither selector nor id is looked for by its name; nothing else is', () => {
  expect(claimOf(ref, entity({}))).toMatchObject({ name: 'web' });
  expect(claimOf(ref, entity({ 'backstage.io/kubernetes-namespace': 'n' }, 'System'))).toMatchObject({
    namespace: 'n',
  });
  expect(claimOf(ref, entity({}, 'System'))).toBeUndefined();
  expect(claimOf(ref, entity({ 'argocd/app-name': 'a' }))).toMatchObject({ name: 'web', argoApp: 'a' });
  for (const key of ['backstage.io/kubernetes-id', 'backstage.io/kubernetes-label-selector']) {
    expect(claimOf(ref, entity({ [key]: 'a=b' }))?.name, key).toBeUndefined();
  }
});
