import { expect, test } from 'vitest';
import type { Problem } from '../model/problem.ts';
import { EntityStatuses } from './entity-status.ts';

const schema: Problem = {
  id: 'p1',
  source: 'file:/c',
  location: 'file:/c/a.yaml',
  code: 'entity-schema',
  severity: 'error',
  message: 'spec.type must be text, not 5',
  entityRef: 'component:default/desk',
  line: 4,
  column: 9,
  path: 'spec.type',
  since: 1,
};

function shown(statuses: EntityStatuses, ref: string, location = 'file:/c/a.yaml'): unknown {
  const text = statuses.textOf(ref, location);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

test('an error of an entity’s own declaration is its status, until it is gone', () => {
  const statuses = new EntityStatuses(() => undefined);
  expect(statuses.set('p1', schema)).toEqual(['component:default/desk']);
  const message = 'spec.type must be text, not 5 (spec.type at file:/c/a.yaml:4:9)';
  expect(shown(statuses, 'component:default/desk')).toEqual({
    items: [
      {
        type: 'backstage.io/catalog-processing',
        level: 'error',
        message: `InputError: ${message}`,
        error: { name: 'InputError', message },
      },
    ],
  });
  expect(statuses.set('p1', undefined)).toEqual(['component:default/desk']);
  expect(shown(statuses, 'component:default/desk')).toBeUndefined();
});

test('what another location says wrong of the same ref, and warnings, are not its status', () => {
  const statuses = new EntityStatuses(() => undefined);
  statuses.set('p1', schema);
  statuses.set('p2', { ...schema, id: 'p2', severity: 'warning', entityRef: 'component:default/other' });
  expect(shown(statuses, 'component:default/desk', 'file:/c/b.yaml')).toBeUndefined();
  expect(shown(statuses, 'component:default/other')).toBeUndefined();
});

test('an error of a file as a whole is the status of the Location that names it, also when that one changes', () => {
  const named = new Map([['url:https://example.com/a.yaml', 'location:default/one']]);
  const statuses = new EntityStatuses((location) => named.get(location));
  const { entityRef: _none, ...whole } = schema;
  const missing: Problem = { ...whole, location: 'url:https://example.com/a.yaml', code: 'target-missing' };
  expect(statuses.set('p1', missing)).toEqual(['location:default/one']);
  expect(shown(statuses, 'location:default/one')).toMatchObject({ items: [{ error: { name: 'NotFoundError' } }] });
  named.set(missing.location, 'location:default/two');
  expect(statuses.moved(missing.location, 'location:default/one')).toEqual([
    'location:default/one',
    'location:default/two',
  ]);
  expect(shown(statuses, 'location:default/one')).toBeUndefined();
  expect(shown(statuses, 'location:default/two')).toMatchObject({ items: [{ level: 'error' }] });
});
