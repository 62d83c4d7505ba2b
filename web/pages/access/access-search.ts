import { readTexts } from '../../url/search-codec.ts';

/** The view state of the page of roles and bindings. */
export interface AccessSearch {
  readonly view?: 'bindings' | 'permissions' | undefined;
  /** Only what contains this text. */
  readonly q?: string | undefined;
}

/** Takes the known keys where they have a meaning. */
export function readAccessSearch(search: Readonly<Record<string, unknown>>): AccessSearch {
  const read = readTexts(search, ['view', 'q']);
  if (read['view'] !== 'bindings' && read['view'] !== 'permissions') delete read['view'];
  return read;
}

/** The question of the page that tells why. */
export interface CheckSearch {
  readonly principal?: string | undefined;
  readonly permission?: string | undefined;
  readonly entity?: string | undefined;
}

/** Takes the known keys where they are texts. */
export function readCheckSearch(search: Readonly<Record<string, unknown>>): CheckSearch {
  return readTexts(search, ['principal', 'permission', 'entity']);
}

/** The view state of the page of everybody's sessions. */
export interface SessionsSearch {
  readonly principal?: string | undefined;
}

/** Takes the known key where it is a text. */
export function readSessionsSearch(search: Readonly<Record<string, unknown>>): SessionsSearch {
  return readTexts(search, ['principal']);
}

/** What a new binding begins with. */
export interface NewBindingSearch {
  readonly role?: string | undefined;
}

/** Takes the known key where it is a text. */
export function readNewBindingSearch(search: Readonly<Record<string, unknown>>): NewBindingSearch {
  return readTexts(search, ['role']);
}
