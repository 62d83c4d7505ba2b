import { describe, expect, test } from 'vitest';
import { MASKED, maskSecrets, SecretMask } from './mask.ts';

const secret = 'p@ss w/"ö+r=d\\1';

function maskOf(...secrets: readonly string[]): SecretMask {
  const mask = new SecretMask();
  for (const each of secrets) mask.add(each);
  return mask;
}

describe('a secret is taken out', () => {
  const basic = (user: string): string => Buffer.from(`${user}:${secret}`).toString('base64');

  test.each<[string, string]>([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ a: secret })],
    ['in JSON within JSON', JSON.stringify({ a: JSON.stringify({ b: secret }) })],
    ['as a part of a URL', `https://x/?q=${encodeURIComponent(secret)}`],
    ['with small digits', `https://x/?q=${encodeURIComponent(secret).toLowerCase()}`],
    ['in a form', String(new URLSearchParams({ q: secret }))],
    ['as the password of a URL', new URL(`https://me:${encodeURIComponent(secret)}@x/`).href],
  ])('%s', (_, text) => {
    const masked = maskOf(secret).mask(`before ${text} after`);
    expect(masked).toContain(MASKED);
    expect(masked).not.toContain('ss');
    expect(masked).toMatch(/^before .* after$/);
  });

  test.each(['', 'a', 'ab', 'abc', 'a-long-user-name'])('in basic credentials of the user "%s"', (user) => {
    const masked = maskOf(secret).mask(`authorization: Basic ${basic(user)}`);
    expect(masked).toContain(MASKED);
    // What is left beside the mask holds no three bytes of the secret.
    const rest = masked.replace('authorization: Basic ', '').split(MASKED).join('');
    expect(Buffer.from(rest, 'base64').includes(Buffer.from(secret.slice(2, 8)))).toBe(false);
  });

  test('in base64 for URLs', () => {
    const key = '\u00ff\u00fe\u00ff?>~secret';
    const text = Buffer.from(`x${key}`).toString('base64url');
    expect(maskOf(key).mask(text)).toContain(MASKED);
  });

  test('line by line, where it has several', () => {
    const lines = [
      '-----BEGIN KEY-----',
      'MIIEvQIBADANBgkqhkiG9w0BAQEF',
      'AASCBKcwggSjAgEAAoIBAQ',
      '-----END KEY-----',
    ];
    const masked = maskOf(lines.join('\n')).mask(lines.map((line) => `    ${line}`).join('\n'));
    expect(masked).not.toMatch(/MIIE|AASC/);
    expect(masked).toContain('BEGIN KEY');
  });

  test('whole, where another secret is its beginning', () => {
    expect(maskOf('abcdef', 'abcdefghij').mask('x abcdefghij y abcdef')).toBe(`x ${MASKED} y ${MASKED}`);
  });
});

test('texts of the language of patterns are only texts', () => {
  expect(maskOf('a.c(e)*[g]').mask('a.c(e)*[g] abcdef')).toBe(`${MASKED} abcdef`);
});

test('words of a few characters stay, and a text without secrets stays as it is', () => {
  expect(maskOf('short').mask('a short word')).toBe('a short word');
  expect(maskOf('a-long-secret').mask('nothing here')).toBe('nothing here');
  expect(new SecretMask().mask('nothing told')).toBe('nothing told');
});

test('the number of secrets is bounded: the ones told of longest ago go first, unless told of again', () => {
  const mask = maskOf('first-secret', 'second-secret');
  for (let n = 0; n < 998; n += 1) mask.add(`secret-number-${n}`);
  mask.add('first-secret');
  mask.add('one-more-secret');
  expect(mask.mask('first-secret second-secret one-more-secret')).toBe(`${MASKED} second-secret ${MASKED}`);
});

test('tokens of Callboard are taken out although nobody knows them; words that begin so stay', () => {
  const rest = 'N2DzIw8g8qYoWjCQ0D76milnQfeIK8h3xOHDRThWG4U';
  expect(maskSecrets(`GET /nope/cb_${rest} and cbs_${rest}, not cb_${rest.slice(1)} or cbx_${rest}`)).toBe(
    `GET /nope/${MASKED} and ${MASKED}, not cb_${rest.slice(1)} or cbx_${rest}`,
  );
});
