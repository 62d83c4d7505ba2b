import { createHash } from 'node:crypto';

/**
 * The content security policy of the web interface: only files of this server run, and of inline scripts only the
 * import maps that stand in the page, each by its hash. Images may come from elsewhere, since entities link to them.
 *
 * @param html the page as it is sent
 */
export function webSecurityPolicy(html: string): string {
  const hashes = importMaps(html).map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return [
    "default-src 'self'",
    ["script-src 'self'", ...hashes].join(' '),
    "style-src 'self'",
    "connect-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: https:",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ');
}

/** The policy of a page that needs nothing but its own text. */
export const plainSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * The policy of the API's documentation pages. Their viewer sets styles on elements, which needs `unsafe-inline` for
 * styles; scripts are files only.
 */
export const docsSecurityPolicy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

function importMaps(html: string): readonly string[] {
  const scripts = html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi);
  return [...scripts].flatMap(([, attributes, text]) =>
    /\btype\s*=\s*["']?importmap\b/i.test(attributes ?? '') && text !== undefined ? [text] : [],
  );
}
