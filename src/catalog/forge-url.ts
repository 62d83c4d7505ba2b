import type { Forge } from '../config/config.ts';

/** What a web page of a file or folder shows. */
export interface ForgePage {
  /** Web address of the repository, without a slash at the end. */
  readonly repository: string;
  /** The ref as the page's address has it, with its sort where the forge writes one: `branch/main`, `GBmain`. */
  readonly revision: string;
  /** Branch, tag or commit. */
  readonly ref: string;
  /** From the top of the repository; `''`: all of it. */
  readonly path: string;
  /** Writes the address of another file as this one is written. */
  readonly fileUrl: (path: string) => string;
}

/** How the pages of a sort of forge are addressed. */
interface Layout {
  readonly parse: (url: URL) => ForgePage | undefined;
  /** The sort of a ref goes before it. */
  readonly revisionOf: (ref: string) => string;
  readonly view: (repository: string, revision: string, path: string) => string;
  readonly edit: (repository: string, revision: string, path: string) => string;
  /** @param folder ends with a slash, but for the top: `''` */
  readonly folder: (repository: string, revision: string, folder: string) => string;
  /** What is written after the address of a file for one of its lines, from 1. */
  readonly line: (line: number) => string;
}

const hashLine = (line: number): string => `#L${line}`;

/** Pages whose address is `<repository><before><revision>/<path>`. */
function pathLayout(
  pattern: RegExp,
  words: Readonly<Record<'view' | 'edit' | 'folder', string>>,
): Omit<Layout, 'revisionOf' | 'line'> {
  const at =
    (word: string) =>
    (repository: string, revision: string, path: string): string =>
      `${repository}${word}${revision}/${encodePath(path)}`;
  return {
    parse: ({ origin, pathname }) => {
      const groups = pattern.exec(pathname)?.groups;
      if (groups === undefined) return undefined;
      const { repository = '', word = '', sort = '', ref = '', path = '' } = groups;
      const page = { repository: origin + repository, revision: sort + ref, ref: decode(ref), path: decode(path) };
      return { ...page, fileUrl: (other) => at(word)(page.repository, page.revision, other) };
    },
    view: at(words.view),
    edit: at(words.edit),
    folder: at(words.folder),
  };
}

const layouts: Readonly<Record<Forge['type'], Layout>> = {
  github: {
    ...pathLayout(/^(?<repository>\/[^/]+\/[^/]+)(?<word>\/(?:blob|tree|raw|edit)\/)(?<ref>[^/]+)(?:\/(?<path>.*))?$/, {
      view: '/blob/',
      edit: '/edit/',
      folder: '/tree/',
    }),
    line: hashLine,
    revisionOf: encodeURIComponent,
  },
  gitlab: {
    ...pathLayout(
      /^(?<repository>(?:\/[^/]+){2,}?)(?<word>\/-\/(?:blob|tree|raw|edit)\/)(?<ref>[^/]+)(?:\/(?<path>.*))?$/,
      { view: '/-/blob/', edit: '/-/edit/', folder: '/-/tree/' },
    ),
    line: hashLine,
    revisionOf: encodeURIComponent,
  },
  bitbucket: {
    ...pathLayout(/^(?<repository>\/[^/]+\/[^/]+)(?<word>\/(?:src|raw)\/)(?<ref>[^/]+)(?:\/(?<path>.*))?$/, {
      view: '/src/',
      edit: '/src/',
      folder: '/src/',
    }),
    edit: (repository, revision, path) =>
      `${repository}/src/${revision}/${encodePath(path)}?mode=edit&spa=0&at=${revision}`,
    line: (line) => `#lines-${line}`,
    revisionOf: encodeURIComponent,
  },
  gitea: {
    ...pathLayout(
      /^(?<repository>\/[^/]+\/[^/]+)(?<word>\/(?:src|raw)\/)(?<sort>(?:branch|tag|commit)\/)(?<ref>[^/]+)(?:\/(?<path>.*))?$/,
      { view: '/src/', edit: '/_edit/', folder: '/src/' },
    ),
    edit: (repository, revision, path) =>
      `${repository}/_edit/${revision.replace(/^branch\//, '')}/${encodePath(path)}`,
    line: hashLine,
    revisionOf: (ref) => `branch/${encodeURIComponent(ref)}`,
  },
  azure: {
    parse: ({ origin, pathname, searchParams }) => {
      if (!/^(?:\/[^/]+){1,2}\/_git\/[^/]+$/.test(pathname)) return undefined;
      const path = searchParams.get('path') ?? '';
      const revision = searchParams.get('version') ?? '';
      if (!/^(?:G[BTC].+)?$/.test(revision) || (path === '' && revision === '')) return undefined;
      const repository = origin + pathname;
      return {
        repository,
        revision,
        ref: revision.slice(2),
        path: path.replace(/^\/+/, ''),
        fileUrl: (other) => azureUrl(repository, revision, other),
      };
    },
    line: (line) => `&line=${line}&lineEnd=${line + 1}&lineStartColumn=1&lineEndColumn=1`,
    revisionOf: (ref) => `GB${ref}`,
    view: azureUrl,
    edit: azureUrl,
    folder: azureUrl,
  },
};

function azureUrl(repository: string, revision: string, path: string): string {
  const version = revision === '' ? '' : `&version=${encodeURIComponent(revision)}`;
  return `${repository}?path=/${encodePath(path)}${version}`;
}

/**
 * Reads the address of a page that shows a file or a folder of a repository. Where a branch ends and a path begins
 * cannot be seen: the first part is the ref, unless its slashes are written `%2F`.
 */
export function parseForgeUrl(
  text: string,
  forges: readonly Forge[],
): (ForgePage & { readonly forge: Forge }) | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const forge = forges.find(({ host }) => host === url.host);
  if (forge === undefined || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  try {
    const page = layouts[forge.type].parse(url);
    return page && { ...page, forge };
  } catch (thrown) {
    // An address with a stray % is no page.
    if (!(thrown instanceof URIError)) throw thrown;
    return undefined;
  }
}

/** The page of a forge for a ref that is known otherwise. @param web web address of the repository */
export function forgePage(forge: Forge, web: string, ref: string): Pick<ForgePage, 'repository' | 'revision'> {
  return { repository: web, revision: layouts[forge.type].revisionOf(ref) };
}

/** The address of the page that shows a line of the file that a page shows. @param line from 1; absent: the file */
export function forgeLinePage(
  { forge, repository, revision, path }: ForgePage & { readonly forge: Forge },
  line: number | undefined,
): string {
  const layout = layouts[forge.type];
  return layout.view(repository, revision, path) + (line === undefined ? '' : layout.line(line));
}

/**
 * The annotations that Backstage gives what it reads from a forge: where to see it, where to edit it, and what lies
 * beside it.
 *
 * @param path of a file, from the top of the repository
 * @param isPinned true where the ref is a commit: nothing can be edited there
 */
export function forgeAnnotations(
  forge: Forge,
  { repository, revision }: Pick<ForgePage, 'repository' | 'revision'>,
  path: string,
  { viewUrl, isPinned }: { readonly viewUrl?: string | undefined; readonly isPinned: boolean },
): Readonly<Record<string, string>> {
  const { view, edit, folder } = layouts[forge.type];
  const beside = path.slice(0, path.lastIndexOf('/') + 1);
  return {
    'backstage.io/view-url': viewUrl ?? view(repository, revision, path),
    ...(!isPinned && { 'backstage.io/edit-url': edit(repository, revision, path) }),
    'backstage.io/source-location': `url:${folder(repository, revision, beside)}`,
  };
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function decode(text: string): string {
  return decodeURIComponent(text);
}
