import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeOffset, nextLink } from './offset-page.ts';

const afterOf = (link: string): string =>
  new URL(/<([^>]*)>/.exec(link)?.[1] ?? '', 'http://x').searchParams.get('after') ?? '';

test('the link names the next page under the mount, with the other parameters as they were', () => {
  const link = nextLink('/api/catalog/entities?limit=2&offset=3&filter=kind%3Dlocation', { limit: 2, offset: 5 });
  expect(link).toMatch(/^<\/entities\?limit=2&filter=kind%3Dlocation&after=[^>]+>; rel="next"$/);
  expect(decodeOffset(afterOf(link))).toEqual({ limit: 2, offset: 5 });
});

test('a page after a page replaces the old place', () => {
  const link = nextLink('/api/catalog/entities?after=abc&fields=kind', { limit: 1, offset: 1 });
  expect(link).toMatch(/^<\/entities\?after=(?!abc)[^&]+&fields=kind>/);
});

test('understands what Backstage itself writes', () => {
  expect(decodeOffset('eyJsaW1pdCI6Miwib2Zmc2V0Ijo0fQ==')).toEqual({ limit: 2, offset: 4 });
});

test('refuses anything else', () => {
  const wrong = ['not-base64-json', '[]', '{"limit":0}', '{"limit":1.5}', '{"offset":-1}', '{"limit":"1"}'];
  for (const content of wrong) {
    const after = content.startsWith('not') ? content : Buffer.from(content).toString('base64');
    expect(() => decodeOffset(after), content).toThrow(expect.objectContaining({ code: 'QUERY_AFTER_INVALID' }));
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (after) => {
      try {
        expect(decodeOffset(after)).toHaveProperty('offset');
      } catch (error) {
        expect(error).toMatchObject({ code: 'QUERY_AFTER_INVALID', status: 400 });
      }
    }),
  );
});
