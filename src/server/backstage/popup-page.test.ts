import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { popupPage, type PopupAnswer } from './popup-page.ts';

const origin = 'https://portal.example';

interface Posted {
  readonly message: unknown;
  readonly target: string;
}

/** Runs the page's scripts as far as its policy lets them, and returns what its opener is sent. */
function openIn(answer: PopupAnswer, opener: 'opener' | 'parent' = 'opener') {
  const { html, headers } = popupPage(answer, origin);
  const policy = headers['content-security-policy'] ?? '';
  const scripts = [...html.matchAll(/<script( [^>]*)?>([\s\S]*?)<\/script>/g)];
  const texts = scripts.map(([, attributes = '', text = '']) => ({
    isData: attributes.includes('application/json'),
    text,
  }));
  const data = texts.filter(({ isData }) => isData).map(({ text }) => text);
  const runnable = texts.filter(({ isData }) => !isData).map(({ text }) => text);
  expect([data.length, runnable.length]).toEqual([1, 1]);
  const [script = ''] = runnable;
  expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  expect(policy).toContain("default-src 'none'");
  const posted: Posted[] = [];
  let closedAfter: number | undefined;
  const other = { postMessage: (message: unknown, target: string) => posted.push({ message, target }) };
  runInNewContext(script, {
    document: { getElementById: (id: string) => (id === 'answer' ? { textContent: data[0] } : null) },
    window: { opener: opener === 'opener' ? other : null, parent: other, close: () => undefined },
    setTimeout: (_run: unknown, ms: number) => (closedAfter = ms),
  });
  return { posted: JSON.parse(JSON.stringify(posted)) as Posted[], closedAfter, html };
}

describe('the page of a finished sign-in', () => {
  test.each(['opener', 'parent'] as const)(
    'tells its %s whom the answer is for, then the answer to that origin alone',
    (who) => {
      const response = { profile: { displayName: 'Jo' }, backstageIdentity: { token: 'a.b.c' } };
      const { posted, closedAfter } = openIn({ response }, who);
      expect(posted).toEqual([
        { message: { type: 'config_info', targetOrigin: origin }, target: '*' },
        { message: { type: 'authorization_response', response }, target: origin },
      ]);
      expect(closedAfter).toBe(100);
    },
  );

  test('tells what went wrong', () => {
    const error = { name: 'SIGN_IN_UNRESOLVED', message: 'No user belongs to that identity.' };
    expect(openIn({ error }).posted[1]).toEqual({ message: { type: 'authorization_response', error }, target: origin });
  });

  test.each([
    '</script><script>alert(1)</script>',
    '<!--<script>',
    "'; alert(1); '",
    '\u2028alert(1)\u2029',
    '${alert(1)}',
  ])('is not changed by %j in what it tells', (text) => {
    const { posted, html } = openIn({ error: { name: text, message: text } });
    expect(posted[1]?.message).toEqual({ type: 'authorization_response', error: { name: text, message: text } });
    expect(html.match(/<script/g)).toHaveLength(2);
  });
});
