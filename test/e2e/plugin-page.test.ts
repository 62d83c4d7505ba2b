import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';

/** A plugin as somebody else writes it: plain modules, nothing from this repository but bare names. */
const manifest = `
import { fileURLToPath } from 'node:url';
const file = (name) => fileURLToPath(new URL('./pages/' + name, import.meta.url));
export const manifest = {
  id: 'prompter',
  title: 'Prompter',
  pages: [
    { path: '/prompter', title: 'Prompter', module: file('prompter.js') },
    { path: '/prompter-throws', title: 'Throws', module: file('throws.js') },
    { path: '/prompter-empty', title: 'Exports nothing', module: file('nothing.js') },
  ],
};
`;

const page = `
import React, { useState, useSyncExternalStore } from 'react';
import { jsx, jsxs } from 'react/jsx-runtime';
import { createPortal } from 'react-dom';
import { EntityLink, PageHead, Panel, api, useResource } from 'callboard-ui';

export default function Prompter() {
  const [lines, setLines] = useState(1);
  const entities = useResource({
    key: 'prompter',
    load: (signal, minRevision) => api.call('GET /api/v1/entities', { query: { limit: 5, minRevision }, signal }),
    isAffected: (batch) => batch.changes.length > 0,
  });
  globalThis.pluginReact = React;
  return jsxs('div', { children: [
    jsx(PageHead, { title: 'Prompter', sub: 'Whispers lines' }),
    jsx('button', { className: 'button', onClick: () => setLines(lines + 1), children: 'Lines: ' + lines }),
    jsx(Panel, { title: 'Cast', children: (entities.data?.items ?? []).map((entity) =>
      jsx(EntityLink, { entityRef: ('component:default/' + entity.metadata.name) }, entity.metadata.name)) }),
    createPortal(jsx('aside', { id: 'box', children: 'In the box' }), document.body),
  ] });
}
`;

describeInBrowser('the page of a plugin from elsewhere', ({ open, webFolder }) => {
  let folder: string;
  let server: TestServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-plugin-'));
    await mkdir(join(folder, 'pages'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'plugin.js'), manifest);
    await writeFile(join(folder, 'pages/prompter.js'), page);
    await writeFile(
      join(folder, 'pages/throws.js'),
      "export default function Throws() { throw new Error('Forgot the line'); }",
    );
    await writeFile(join(folder, 'pages/nothing.js'), 'export const title = "Nothing";');
    server = await startTestServer({
      plugins: [join(folder, 'plugin.js')],
      entities: [component('curtain')],
      webFolder: webFolder(),
    });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('is in the navigation, runs in the same React as the app, and updates live', async () => {
    const { page: tab, errors, close } = await open(`${server.url}/catalog`);
    await tab.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Prompter', exact: true }).click();
    await tab.getByRole('heading', { name: 'Prompter', level: 1 }).waitFor();
    // Hooks, context of the router, portals: each fails with a second React on the page.
    await tab.getByRole('button', { name: 'Lines: 1' }).click();
    await tab.getByRole('button', { name: 'Lines: 2' }).waitFor();
    await tab.getByText('In the box').waitFor();
    // As text, since the test runner would rewrite an import of its own.
    const isSame = await tab.evaluate("import('react').then((react) => react.useState === pluginReact.useState)");
    expect(isSame).toBe(true);

    await tab.getByRole('link', { name: 'curtain' }).waitFor();
    await server.put(component('footlight'));
    await tab.getByRole('link', { name: 'footlight' }).waitFor();
    await tab.getByRole('link', { name: 'footlight' }).click();
    await tab.getByRole('heading', { name: 'footlight', level: 1 }).waitFor();
    await tab.goBack();
    await tab.reload();
    await tab.getByRole('button', { name: 'Lines: 1' }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('that fails says so in its own place; the rest goes on', async () => {
    const { page: tab, errors, close } = await open(`${server.url}/prompter-throws`);
    await tab.getByText('The page of this plugin failed.').waitFor();
    await tab.getByText('Forgot the line').waitFor();
    await tab.getByRole('link', { name: 'Exports nothing' }).click();
    await tab.getByText(/has no default export/).waitFor();
    await tab.getByRole('link', { name: 'Catalog', exact: true }).click();
    await tab.getByRole('link', { name: 'curtain' }).waitFor();
    // React tells the console of what a boundary caught; anything else would be a fault of ours.
    expect(errors.filter((error) => !/Forgot the line|no default export/.test(error))).toEqual([]);
    await close();
  });
});
