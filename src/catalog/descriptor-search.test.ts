import { expect, test } from 'vitest';
import { isMeantAsDescriptor } from './descriptor-search.ts';

const groups = new Set(['backstage.io', 'scaffolder.backstage.io']);

test('broken text with template marks was meant to be filled in, but for a Template, which is written with them', () => {
  const text = (kind: string): string =>
    `apiVersion: scaffolder.backstage.io/v1beta3\nkind: ${kind}\nspec: { owner: '\${{ x }}', owner: y`;
  expect(isMeantAsDescriptor(text('Component'), 'search', groups)).toBe(false);
  expect(isMeantAsDescriptor(text('Template'), 'search', groups)).toBe(true);
  expect(isMeantAsDescriptor(text('Template').replace('backstage.io', 'example.com'), 'search', groups)).toBe(false);
});
