import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { composeManifests } from './compose.ts';
import { servePluginFiles, uiPages } from './plugin-files.ts';

function compose(plugin: string | undefined, ...modules: readonly string[]): ReturnType<typeof composeManifests> {
  const pages = modules.map((module, at) => ({ path: `/p${at}`, title: 'P', module }));
  return composeManifests([{ manifest: { id: 'hello', title: 'Hello', pages }, plugin }]);
}

test('pages are told by the URL of their module; a page of its own has none', () => {
  expect(uiPages(compose('/x/plugin.mjs', '/x/web/page.js'))).toEqual([
    { manifest: 'hello', path: '/p0', title: 'P', module: '/plugins/hello/page.js' },
  ]);
  const own = composeManifests([{ manifest: { id: 'catalog', title: 'C', pages: [{ path: '/', title: 'Catalog' }] } }]);
  expect(uiPages(own)).toEqual([{ manifest: 'catalog', path: '/', title: 'Catalog' }]);
});

test.each([
  ['a module beside the server module', '/x/plugin.mjs', ['/x/page.js'], 'must not stand in it'],
  ['a module above the server module', '/x/server/plugin.mjs', ['/x/page.js'], 'must not stand in it'],
  ['modules in two folders', '/x/plugin.mjs', ['/x/a/page.js', '/x/b/page.js'], 'one folder'],
  ['a relative module', '/x/plugin.mjs', ['web/page.js'], 'absolute'],
  ['a module that is no JavaScript', '/x/plugin.mjs', ['/x/web/page.tsx'], '.js or .mjs'],
  ['a built-in page with a module', undefined, ['/x/web/page.js'], 'only a plugin'],
])('%s does not start', (_what, plugin, modules, message) => {
  expect(() => servePluginFiles(fastify(), compose(plugin, ...modules))).toThrow(
    expect.objectContaining({ code: 'MANIFEST_INVALID', message: expect.stringContaining(message) }),
  );
});
