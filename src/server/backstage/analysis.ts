import { compatibleError } from './errors.ts';

/** Annotation of the repository by host; other hosts have none. */
const annotations: Readonly<Record<string, string>> = {
  'github.com': 'github.com/project-slug',
  'gitlab.com': 'gitlab.com/project-slug',
  'bitbucket.org': 'bitbucket.org/project-slug',
  'dev.azure.com': 'dev.azure.com/project-slug',
};

/** Path segments that end a repository's name: what follows is a place in it. */
const inside = new Set(['-', 'blob', 'tree', 'raw', 'edit', 'src']);

/**
 * A descriptor for the repository that a URL names, by the URL alone.
 * @param target URL of a repository, or of something in it
 * @throws TARGET_NOT_URL
 */
export function analyzeTarget(target: string) {
  const url = URL.parse(target);
  if (url === null) throw compatibleError('TARGET_NOT_URL');
  const { owner, name } = repositoryOf(url);
  if (name === '') return { existingEntityFiles: [], generateEntities: [] };
  const annotation = Object.hasOwn(annotations, url.hostname) ? annotations[url.hostname] : undefined;
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, ...(annotation !== undefined && { annotations: { [annotation]: `${owner}/${name}` } }) },
    spec: { type: 'other', lifecycle: 'unknown' },
  };
  return { existingEntityFiles: [], generateEntities: [{ entity, fields: [] }] };
}

function repositoryOf(url: URL): { readonly owner: string; readonly name: string } {
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const git = segments.indexOf('_git');
  if (git > 0) return { owner: segments[git - 1] ?? '', name: segments[git + 1] ?? '' };
  // Two segments at least name a repository, whatever they are called.
  const end = segments.findIndex((segment, index) => index >= 2 && inside.has(segment));
  const parts = end === -1 ? segments : segments.slice(0, end);
  return { owner: parts.slice(0, -1).join('/'), name: (parts.at(-1) ?? '').replace(/\.git$/, '') };
}
