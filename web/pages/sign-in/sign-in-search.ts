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
