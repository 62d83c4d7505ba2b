import { readTexts } from '../../url/search-codec.ts';

/** What the URL of the sign-in page says. */
export interface SignInSearch {
  /** Code of what went wrong. */
  readonly problem?: string | undefined;
  /** Path to go to afterwards. */
  readonly redirectUrl?: string | undefined;
}

/** Takes the known keys where they are texts; others stay in the URL untouched. */
export function readSignInSearch(search: Readonly<Record<string, unknown>>): SignInSearch {
  return readTexts(search, ['problem', 'redirectUrl']);
}

/** The path if it leads to a place of this server, else the catalog. Browsers read `/\` and `//` as another host. */
export function localPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/catalog';
}

/** Where a provider's sign-in starts, so that it comes back to `wanted`. */
export function startUrl(startPath: string, wanted: string): string {
  return `${startPath}${startPath.includes('?') ? '&' : '?'}redirectUrl=${encodeURIComponent(wanted)}`;
}
