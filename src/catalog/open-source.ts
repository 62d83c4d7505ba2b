import type { AllowedHost, CatalogConfig } from '../config/config.ts';
import type { GitMirrors } from '../git/git-mirrors.ts';
import type { Repository } from '../git/repository-url.ts';
import { isOnList } from '../url/allow-list.ts';
import { failure } from './errors.ts';
import { FileSource } from './file-source.ts';
import { parseGitLocation, type GitLocationResult } from './git-location.ts';
import { GitSource } from './git-source.ts';
import { locationRef } from './registration.ts';
import { SharedFileReader } from './shared-file-reader.ts';
import type { CatalogSource, SourceRoot } from './source.ts';
import type { SourceFactory } from './source-set.ts';
import type { UrlReader } from '../url/url-reader.ts';
import { UrlSource } from './url-source.ts';

/** What sources are made with. */
export interface SourceParts {
  readonly settings: CatalogConfig;
  /** Hosts that may be read. */
  readonly allow: readonly AllowedHost[];
  readonly urls: UrlReader;
  /** Absent: git repositories are not read. */
  readonly mirrors: GitMirrors | undefined;
}

/** Makes sources. A root that nothing reads, or that may not be read, is a source that says so. */
export function sourceFactory(parts: SourceParts): SourceFactory {
  const files = new SharedFileReader();
  return (root) => {
    const colon = root.location.indexOf(':');
    const written = { type: root.location.slice(0, colon), target: root.location.slice(colon + 1) };
    if (written.type === 'file') return new FileSource(root);
    const git = parseGitLocation(written, parts.settings.forges);
    if (git !== undefined) return openGit(root, git, parts, files);
    if (written.type === 'url') return openUrl(root, parts, files);
    return refused(root, `nothing reads locations of type ${written.type}`);
  };
}

function openUrl(root: SourceRoot, { settings, urls }: SourceParts, files: SharedFileReader): CatalogSource {
  const { refreshSeconds, forges } = settings;
  const isForeign = (url: string): boolean => parseGitLocation({ type: 'url', target: url }, forges) !== undefined;
  return new UrlSource({ root, urls, files, refreshSeconds, isForeign });
}

function openGit(
  root: SourceRoot,
  parsed: GitLocationResult,
  parts: SourceParts,
  files: SharedFileReader,
): CatalogSource {
  const { settings, mirrors } = parts;
  if (!parsed.ok) return refused(root, parsed.reason);
  if (mirrors === undefined) return refused(root, 'git repositories are not read here');
  const { repository } = parsed.location;
  if (!mayRead(repository, root, parts)) return refused(root, refusalOf(repository));
  const { refreshSeconds, forges } = settings;
  return new GitSource(root, { location: parsed.location, mirrors, files, forges, refreshSeconds });
}

/** The configuration may name any repository; whatever else leads to one, only those on hosts that may be read. */
function mayRead({ host, url }: Repository, root: SourceRoot, { settings, allow }: SourceParts): boolean {
  if (settings.locations.some((location) => locationRef(location) === root.location)) return true;
  if (host === undefined) return false;
  if (settings.forges.some((forge) => forge.host === host)) return true;
  const path = /^[^/@]+@[^/:]+:(.*)$/.exec(url)?.[1];
  const web = URL.parse(path === undefined ? url.replace(/^ssh:\/\/[^/@]*@?/, 'https://') : `https://${host}/${path}`);
  return web !== null && isOnList(web, allow);
}

function refusalOf({ host }: Repository): string {
  return host === undefined
    ? 'only the configuration may name a repository on the server itself'
    : `repositories of ${host} may not be read; add - host: ${host} in reading.allow of the configuration (backend.reading.allow of app-config.yaml)`;
}

function refused(root: SourceRoot, reason: string): CatalogSource {
  return {
    id: root.location,
    root,
    // oxlint-disable-next-line require-yield -- it has nothing to tell
    async *read() {
      throw failure('SOURCE_UNREADABLE', { target: root.location, reason });
    },
    refresh: () => undefined,
  };
}
