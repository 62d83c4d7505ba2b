import { createHash } from 'node:crypto';

/** What the window of a sign-in tells the page that opened it. */
export type PopupAnswer =
  | { readonly response: unknown }
  | { readonly error: { readonly name: string; readonly message: string } };

/** A page and the header fields that it is sent with. */
export interface PopupPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** First whom the answer is meant for, so that the opener can tell a wrong setting from silence; then the answer, to no other. */
const script = `
const { origin, answer } = JSON.parse(document.getElementById('answer').textContent);
const opener = window.opener ?? window.parent;
opener.postMessage({ type: 'config_info', targetOrigin: origin }, '*');
opener.postMessage({ type: 'authorization_response', ...answer }, origin);
setTimeout(() => window.close(), 100);
`;

const policy = [
  "default-src 'none'",
  `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  "frame-ancestors 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Makes the page that ends a sign-in in a window of its own: it hands the answer to the opener, as Backstage's does, and
 * closes.
 *
 * @param targetOrigin the only origin that gets the answer; one that is allowed
 */
export function popupPage(answer: PopupAnswer, targetOrigin: string): PopupPage {
  // Nothing in the data can end the element that it stands in.
  const data = JSON.stringify({ origin: targetOrigin, answer }).replaceAll('<', '\\u003c');
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign-in</title></head>
<body><p>This window closes by itself.</p>
<script id="answer" type="application/json">${data}</script>
<script>${script}</script>
</body></html>
`;
  return {
    html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-frame-options': 'SAMEORIGIN',
      // The page must be able to reach its opener, also across origins.
      'cross-origin-opener-policy': 'unsafe-none',
    },
  };
}
