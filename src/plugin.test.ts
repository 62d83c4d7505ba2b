import { expect, test } from 'vitest';
import type { Manifest } from './plugin.ts';
import * as face from './plugin.ts';

test('the public face for plugins is these values and no others', () => {
  expect(Object.keys(face).sort()).toEqual(['EVERYTHING', 'Type', 'defineRoute', 'pluginApiVersion']);
  expect(face.pluginApiVersion).toBe(1);
});

test('is enough to write a manifest with', () => {
  const { defineRoute, Type } = face;
  const manifest: Manifest = {
    id: 'hello',
    title: 'Hello',
    routes: [
      {
        contract: defineRoute({
          method: 'GET',
          path: '/api/plugins/hello/count',
          summary: 'Number of entities that you may see',
          tag: 'Hello',
          permission: 'catalog.entity.read',
          response: Type.Object({ count: Type.Integer() }),
        }),
        handle: ({ view }) => ({ count: view.list({ limit: 0 }).total }),
      },
    ],
  };
  expect(manifest.routes).toHaveLength(1);
});
