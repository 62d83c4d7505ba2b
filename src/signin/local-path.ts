/** Longest path that is come back to, characters. */
const LONGEST = 2000;

/**
 * The path on this server that somebody wants to come back to. Whatever leads elsewhere, or could be read as leading
 * elsewhere by any browser, is the start page: an open redirect would lend this server’s name to others.
 *
 * @param written as the request has it: a path, or a URL of this server
 * @param baseUrl public URL of this server
 */
export function localPath(written: string | undefined, baseUrl: string): string {
  if (written === undefined || written.length > LONGEST || !/^[\x21-\x7e]+$/.test(written) || written.includes('\\')) {
    return '/';
  }
  const isPath = /^\/(?!\/)/.test(written);
  if (!isPath && !/^https?:\/\//i.test(written)) return '/';
  const base = new URL(baseUrl);
  const url = URL.parse(written, base.href);
  if (url === null || url.origin !== base.origin || url.username !== '' || url.password !== '') return '/';
  // Dots in a path may leave two slashes at its beginning, which is a host again.
  if (url.pathname.startsWith('//') || url.pathname.startsWith('/api/')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
