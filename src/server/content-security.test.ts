import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { webSecurityPolicy } from './content-security.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test('the import map is allowed by its hash, no other inline script is', () => {
  const map = '\n  {"imports": {"react": "/shared/react.js"}}\n';
  const html = `<script type="importmap">${map}</script><script>alert(1)</script><script type="module" src="/a.js"></script>`;
  const policy = webSecurityPolicy(html);
  expect(policy).toContain(`script-src 'self' ${hash(map)};`);
  expect(policy).not.toContain(hash('alert(1)'));
  expect(policy).not.toContain('unsafe');
});

test.each(['<script type=importmap>{}</script>', "<SCRIPT TYPE='importmap' id=a>{}</SCRIPT>"])(
  '%s is found',
  (html) => {
    expect(webSecurityPolicy(html)).toContain(hash('{}'));
  },
);

test('a page without inline scripts allows files only', () => {
  expect(webSecurityPolicy('<p>')).toContain("script-src 'self';");
});
