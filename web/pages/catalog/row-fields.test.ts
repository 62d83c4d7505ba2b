import { expect, test } from 'vitest';
import { readRow } from './row-fields.ts';

const envelope = { apiVersion: 'backstage.io/v1alpha1', relations: [] };

test('short refs are read with the kinds and the namespace that the descriptor means', () => {
  const row = readRow({
    ...envelope,
    kind: 'Component',
    metadata: { name: 'Desk', namespace: 'front' },
    spec: { type: 'service', owner: 'box-office', system: 'default/tickets' },
  });
  expect(row).toMatchObject({
    ref: 'component:front/desk',
    title: 'Desk',
    isRenamed: false,
    type: 'service',
    owner: 'group:front/box-office',
    partOf: 'system:default/tickets',
    lifecycle: undefined,
  });
});

test('values of other types than text are not shown, and people go by their display name', () => {
  const row = readRow({
    ...envelope,
    kind: 'User',
    metadata: { name: 'usher-one' },
    spec: { owner: { a: 1 }, type: 7, profile: { displayName: 'Usher One' } },
  });
  expect(row).toMatchObject({ title: 'Usher One', isRenamed: false, owner: undefined, type: undefined });
});

test('a title that says something else than the name is told apart from one that only spells it', () => {
  const titled = (title: string) => readRow({ ...envelope, kind: 'Group', metadata: { name: 'show-calling', title } });
  expect(titled('Show Calling').isRenamed).toBe(false);
  expect(titled('Prompt desk').isRenamed).toBe(true);
});

test('a location that the server made goes by what it leads to', () => {
  const name = 'generated-3fba8fc025217bfdf2a8be8271e1f8d77d896fb5';
  const spec = { type: 'file', target: '/srv/catalog' };
  const row = readRow({ ...envelope, kind: 'Location', metadata: { name }, spec });
  expect(row).toMatchObject({ title: '/srv/catalog', isRenamed: false, type: 'file' });
});
