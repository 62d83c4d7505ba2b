import type { Forge } from '../config/config.ts';
import { forgeLinePage, parseForgeUrl } from './forge-url.ts';
import { parseGitLocation } from './git-location.ts';

/**
 * The page of a forge that shows a line of a file in a repository.
 *
 * @param location location ref, `type:target`
 * @param line from 1; absent: the file
 * @param forges the hosts whose pages are known
 * @returns undefined for what lies at no known forge, and for what names no single file
 */
export function linePage(location: string, line: number | undefined, forges: readonly Forge[]): string | undefined {
  const colon = location.indexOf(':');
  const parsed = parseGitLocation({ type: location.slice(0, colon), target: location.slice(colon + 1) }, forges);
  if (!parsed?.ok || parsed.location.path === '' || parsed.location.path.includes('*')) return undefined;
  const { path, annotationsOf } = parsed.location;
  const page = parseForgeUrl(annotationsOf(path)['backstage.io/view-url'] ?? '', forges);
  return page && forgeLinePage(page, line);
}
