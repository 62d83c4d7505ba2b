import { expect, test } from 'vitest';
import { forgeCommit, forgeLine } from './forge-place.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

test.each([
  [
    'https://github.com/lantern/desk/blob/main/a/catalog-info.yaml',
    `https://github.com/lantern/desk/blob/${commit}/a/catalog-info.yaml#L12`,
    `https://github.com/lantern/desk/commit/${commit}`,
  ],
  [
    'https://gitlab.example/house/stage/desk/-/blob/main/catalog-info.yaml',
    `https://gitlab.example/house/stage/desk/-/blob/${commit}/catalog-info.yaml#L12`,
    `https://gitlab.example/house/stage/desk/-/commit/${commit}`,
  ],
  [
    'https://gitea.example/house/desk/src/branch/main/catalog-info.yaml',
    `https://gitea.example/house/desk/src/commit/${commit}/catalog-info.yaml#L12`,
    `https://gitea.example/house/desk/commit/${commit}`,
  ],
  [
    'https://bitbucket.org/house/desk/src/main/catalog-info.yaml',
    `https://bitbucket.org/house/desk/src/${commit}/catalog-info.yaml#lines-12`,
    `https://bitbucket.org/house/desk/commits/${commit}`,
  ],
])('%s at a line and a commit', (page, line, ofCommit) => {
  expect(forgeLine(page, 12, commit)).toBe(line);
  expect(forgeCommit(page, commit)).toBe(ofCommit);
});

test('without a commit the page stays at its branch', () => {
  expect(forgeLine('https://github.com/a/b/blob/main/c.yaml', 3, undefined)).toBe(
    'https://github.com/a/b/blob/main/c.yaml#L3',
  );
  expect(forgeLine('https://github.com/a/b/blob/main/c.yaml', undefined, 'etag-7')).toBe(
    'https://github.com/a/b/blob/main/c.yaml',
  );
});

test('another page stays as it is, and nothing but http is followed', () => {
  expect(forgeLine('https://files.example/c.yaml', 3, commit)).toBe('https://files.example/c.yaml');
  expect(forgeCommit('https://files.example/c.yaml', commit)).toBeUndefined();
  expect(forgeLine('javascript:alert(1)//blob/x/y', 3, commit)).toBeUndefined();
});
