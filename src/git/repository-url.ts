import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A repository that can be read. */
export interface Repository {
  /** As git is given it: a URL without password, `user@host:path`, or an absolute path. Equal text, same repository. */
  readonly url: string;
  /** Protocols that git may use for it, as `GIT_ALLOW_PROTOCOL` takes them. */
  readonly protocols: string;
  /** Host, with the port where it is not the usual one; absent for a repository on this machine's disk. */
  readonly host: string | undefined;
}

/** A repository, or why it is none. */
export type RepositoryResult =
  | { readonly ok: true; readonly repository: Repository }
  | { readonly ok: false; readonly reason: string };

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const LONGEST = 2_000;

/**
 * Reads the address of a repository: `https://`, `ssh://`, `user@host:path`, an absolute path or `file://`; `http://`
 * to this machine only, since anybody on the way could change what it brings. A password does not belong in an address:
 * addresses are shown.
 */
export function parseRepository(text: string): RepositoryResult {
  if (text.length > LONGEST || hasControlCharacter(text)) return refuse('the address is too long or not plain text');
  if (isAbsolute(text)) return local(text);
  const scp = /^(?:[\w.+-]+@)(?<host>[A-Za-z0-9][A-Za-z0-9.-]*):(?!\/\/)(?<path>[^-].*)$/.exec(text);
  if (scp) return { ok: true, repository: { url: text, protocols: 'ssh', host: scp.groups?.['host']?.toLowerCase() } };
  if (!URL.canParse(text)) return refuse('it is neither a URL, nor user@host:path, nor an absolute path');
  const url = new URL(text);
  if (url.protocol === 'file:') return url.host === '' ? local(fileURLToPath(url)) : refuse('file:// takes no host');
  return remote(url);
}

function remote(url: URL): RepositoryResult {
  const { protocol, hostname } = url;
  if (!['https:', 'ssh:', 'http:'].includes(protocol)) return refuse(`${protocol}// is not allowed`);
  if (protocol === 'http:' && !LOOPBACK.has(hostname)) return refuse('http:// is not safe; use https://');
  if (url.password !== '' || (url.username !== '' && protocol !== 'ssh:')) {
    return refuse('credentials do not belong in an address; give them to git, by a credential helper or ~/.netrc');
  }
  if (url.search !== '' || url.hash !== '') return refuse('the address of a repository has no query and no fragment');
  if (hostname === '' || hostname.startsWith('-') || url.username.startsWith('-')) return refuse('it names no host');
  // The operator's own git configuration may turn https addresses into ssh ones (`url.<base>.insteadOf`), and back.
  const protocols = protocol === 'http:' ? 'http' : 'https:ssh';
  return { ok: true, repository: { url: url.href.replace(/\/+$/, ''), protocols, host: url.host } };
}

function local(path: string): RepositoryResult {
  return { ok: true, repository: { url: resolve(path), protocols: 'file', host: undefined } };
}

function refuse(reason: string): RepositoryResult {
  return { ok: false, reason };
}

/**
 * True for a text that can be the name of a branch, a tag or a commit, by the rules of `git check-ref-format`. Such a
 * text is never taken for an option or an expression of git.
 */
export function isRefName(text: string): boolean {
  if (text === '' || text.length > 250 || text === '@' || text.startsWith('-')) return false;
  if (hasControlCharacter(text) || /[ ~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$/.test(text)) return false;
  return text.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

/** True for the full name of a commit; what it holds never changes. */
export function isCommitName(ref: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(ref);
}

/** Takes the user and password out of every URL of a text; git likes to quote the address that it used. */
export function withoutCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*(?:@[^\s/@]*)*@/gi, '$1');
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
