import { parseCookie, stringifySetCookie } from 'cookie';

/** How the cookie of sessions is named and written. */
export interface SessionCookie {
  readonly name: string;
  /** The value that a request brings, or nothing. @param header the `Cookie` header */
  read(header: string | undefined): string | undefined;
  /** A `Set-Cookie` header. @param maxAgeSeconds when the browser forgets it */
  write(value: string, maxAgeSeconds: number): string;
  /** A `Set-Cookie` header that makes the browser forget it. */
  readonly cleared: string;
}

/**
 * Makes the cookie of a server. On https it is bound to the host and to encryption by its name (`__Host-`), so that
 * neither a sibling domain nor plain HTTP can put another in its place. Scripts never see it.
 *
 * @param baseUrl public URL of the server
 */
export function sessionCookie(baseUrl: string): SessionCookie {
  const secure = baseUrl.startsWith('https:');
  const name = secure ? '__Host-callboard' : 'callboard-session';
  const form = { name, httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
  return {
    name,
    read: (header) => (header === undefined || !header.includes(name) ? undefined : parseCookie(header)[name]),
    write: (value, maxAge) => stringifySetCookie({ ...form, value, maxAge }),
    cleared: stringifySetCookie({ ...form, value: '', maxAge: 0 }),
  };
}
