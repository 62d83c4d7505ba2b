import type { Forge } from '../config/config.ts';
import { isCommitName, isRefName, parseRepository, type Repository } from '../git/repository-url.ts';
import { forgeAnnotations, forgePage, parseForgeUrl } from './forge-url.ts';

/** What a location in a git repository means. */
export interface GitLocation {
  readonly repository: Repository;
  /** Branch, tag or commit; absent: what the repository's HEAD names. */
  readonly ref: string | undefined;
  /** File, folder or glob (`*`, `**`) from the top of the repository; `''`: all of it is searched. */
  readonly path: string;
  /** Location ref of a file of the repository. @param path from the top of the repository */
  refOf(path: string): string;
  /** Annotations for the entities of a file. */
  annotationsOf(path: string): Readonly<Record<string, string>>;
}

/** A location in a git repository, or what is wrong with it. */
export type GitLocationResult =
  | { readonly ok: true; readonly location: GitLocation }
  | { readonly ok: false; readonly reason: string };

/** A location as it is written. */
export interface WrittenLocation {
  readonly type: string;
  readonly target: string;
}

/**
 * Reads a location that git reads: of type `git` with the target `<repository>[//<path>][?ref=<ref>]`, or of type `url`
 * with the address of a page of a forge.
 *
 * @param forges the hosts whose pages are known
 * @returns undefined for any other location
 */
export function parseGitLocation(written: WrittenLocation, forges: readonly Forge[]): GitLocationResult | undefined {
  if (written.type === 'git') return gitTarget(written.target, forges);
  return written.type === 'url' ? forgeTarget(written.target, forges) : undefined;
}

/** The path that a location ref means in the repository and at the ref of a location; undefined: it lies elsewhere. */
export function pathInRepository(location: GitLocation, ref: string, forges: readonly Forge[]): string | undefined {
  const colon = ref.indexOf(':');
  const parsed = parseGitLocation({ type: ref.slice(0, colon), target: ref.slice(colon + 1) }, forges);
  if (!parsed?.ok) return undefined;
  const { repository, ref: revision, path } = parsed.location;
  return repository.url === location.repository.url && revision === location.ref ? path : undefined;
}

function forgeTarget(target: string, forges: readonly Forge[]): GitLocationResult | undefined {
  const page = parseForgeUrl(target, forges);
  if (page === undefined) return undefined;
  const { forge, repository } = page;
  const ref = page.ref === '' || page.ref === 'HEAD' ? undefined : page.ref;
  const isPinned = ref !== undefined && isCommitName(ref);
  return checked(forge.type === 'azure' ? repository : `${repository.replace(/\.git$/, '')}.git`, ref, page.path, {
    written: `url:${target}`,
    build: (path) => `url:${page.fileUrl(path)}`,
    annotate: (path, own) => forgeAnnotations(forge, page, path, { viewUrl: own.slice('url:'.length), isPinned }),
  });
}

function gitTarget(target: string, forges: readonly Forge[]): GitLocationResult {
  const [, place = '', query] = /^([^?]*)(?:\?(.*))?$/s.exec(target) ?? [];
  const asked = query === undefined ? undefined : /^ref=([^&]+)$/.exec(query)?.[1];
  if (query !== undefined && asked === undefined) {
    return { ok: false, reason: 'after ? only ref=<branch, tag or commit> may stand' };
  }
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(place)?.[0].length ?? 0;
  const slashes = place.indexOf('//', scheme);
  const address = slashes === -1 ? place : place.slice(0, slashes);
  const suffix = query === undefined ? '' : `?${query}`;
  const ref = asked === 'HEAD' ? undefined : asked;
  return checked(address, ref, slashes === -1 ? '' : place.slice(slashes), {
    written: `git:${target}`,
    build: (path) => `git:${address}//${path}${suffix}`,
    annotate: pageAnnotations(address, ref, forges),
  });
}

/** A repository on a forge has pages, however git reaches it. */
function pageAnnotations(address: string, ref: string | undefined, forges: readonly Forge[]): Names['annotate'] {
  const pattern = /^(?:https:\/\/|ssh:\/\/[\w.+-]+@|[\w.+-]+@)([\w.-]+)[/:](.+?)(?:\.git)?\/*$/;
  const [, host, name] = pattern.exec(address) ?? [];
  const forge = forges.find((one) => one.host === host);
  if (forge === undefined || ref === undefined) return () => ({});
  const page = forgePage(forge, `https://${host}/${name}`, ref);
  return (path) => forgeAnnotations(forge, page, path, { isPinned: isCommitName(ref) });
}

/** How the files of a location are called. */
interface Names {
  /** Location ref as it was written. */
  readonly written: string;
  /** Location ref of another file. */
  readonly build: (path: string) => string;
  readonly annotate: (path: string, ref: string) => Readonly<Record<string, string>>;
}

function checked(address: string, ref: string | undefined, writtenPath: string, names: Names): GitLocationResult {
  const parsed = parseRepository(address);
  if (!parsed.ok) return parsed;
  if (ref !== undefined && !isRefName(ref)) return { ok: false, reason: `${JSON.stringify(ref)} is no name of a ref` };
  const path = writtenPath.replace(/^\/+|\/+$/g, '');
  const parts = path === '' ? [] : path.split('/');
  if (parts.some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase()) || /\p{Cc}/u.test(part))) {
    return { ok: false, reason: `${JSON.stringify(path)} is no path in a repository` };
  }
  const refOf = (other: string): string => (other === path ? names.written : names.build(other));
  const annotationsOf = (other: string): Readonly<Record<string, string>> => names.annotate(other, refOf(other));
  return { ok: true, location: { repository: parsed.repository, ref, path, refOf, annotationsOf } };
}
