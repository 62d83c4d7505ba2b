import { basename, dirname, extname, isAbsolute, sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { UiPage } from '../api/ui.ts';
import type { ComposedPage, Composition } from './compose.ts';
import { serverError } from './errors.ts';
import { answerFile } from './file-answer.ts';

/**
 * Serves the web modules of plugins under `/plugins/<id>/`: the folder in which a plugin's page modules stand, and
 * nothing else of the plugin.
 *
 * @throws MANIFEST_INVALID when a page's module is no JavaScript file by absolute path, when the pages of one plugin stand
 * in several folders, or when the folder also holds the plugin's server module, whose source would be served with it
 */
export function servePluginFiles(app: FastifyInstance, { pages }: Composition): void {
  const folders = new Map<string, string>();
  for (const composed of pages) {
    const { module } = composed.page;
    if (module === undefined) continue;
    const { id } = composed.origin.manifest;
    const problem = moduleProblem(composed, module, folders.get(id));
    if (problem !== undefined) {
      throw serverError('MANIFEST_INVALID', { manifest: id, problem: `page ${composed.page.path}: ${problem}` });
    }
    folders.set(id, dirname(module));
  }
  app.get<{ Params: { id: string; '*': string } }>(
    '/plugins/:id/*',
    { config: { permission: 'public' } },
    async (request, reply) => {
      const { id, '*': path } = request.params;
      const folder = folders.get(id);
      const file =
        folder === undefined ? undefined : await answerFile(request, reply, { folder, path, cacheControl: 'no-cache' });
      if (file === undefined) throw serverError('ROUTE_NOT_FOUND', { method: 'GET', path: `/plugins/${id}/${path}` });
      return file;
    },
  );
}

/** The pages as the web interface is told of them. */
export function uiPages({ pages }: Composition): readonly UiPage[] {
  return pages.map(({ origin, page }) => ({
    manifest: origin.manifest.id,
    path: page.path,
    title: page.title,
    ...(page.module !== undefined && { module: `/plugins/${origin.manifest.id}/${basename(page.module)}` }),
  }));
}

function moduleProblem({ origin }: ComposedPage, module: string, known: string | undefined): string | undefined {
  if (origin.plugin === undefined) return 'only a plugin may bring a module; built-in pages are part of the interface';
  if (!isAbsolute(module)) return `module ${module} must be an absolute path`;
  if (!['.js', '.mjs'].includes(extname(module))) return `module ${module} must be a .js or .mjs file`;
  const folder = dirname(module);
  if (known !== undefined && known !== folder)
    return `all page modules must stand in one folder, and ${known} is another`;
  const exposes = dirname(origin.plugin) === folder || origin.plugin.startsWith(folder + sep);
  return exposes
    ? `the folder ${folder} is served to browsers, so the server's module must not stand in it`
    : undefined;
}
