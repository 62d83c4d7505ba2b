import { describe, expect, test } from 'vitest';
import { localPath } from './local-path.ts';

describe('the path that is come back to', () => {
  test.each([
    ['/', '/'],
    ['/catalog?kind=API#here', '/catalog?kind=API#here'],
    ['/catalog/./a/../b', '/catalog/b'],
    ['https://portal.example/entity/x?y=1', '/entity/x?y=1'],
    ['HTTPS://PORTAL.EXAMPLE/entity', '/entity'],
    ['/a?next=https://evil.example', '/a?next=https://evil.example'],
  ])('%s is %s', (written, path) => {
    expect(localPath(written, 'https://portal.example')).toBe(path);
  });

  test.each([
    undefined,
    '',
    'catalog',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    '/%0d%0aLocation:x//\n',
    'https://evil.example/',
    'https://portal.example.evil.example/',
    'https://portal.example@evil.example/',
    'https://evil.example@portal.example/',
    'https://portal.example:444/',
    'http://portal.example/',
    'https:evil.example',
    'https:/evil.example',
    'javascript:alert(1)',
    'JavaScript:alert(1)//https://portal.example',
    'data:text/html,x',
    '/api/auth/okta/start',
    '/caf\u00e9',
    `/${'a'.repeat(3000)}`,
  ])('%s leads to the start page', (written) => {
    expect(localPath(written, 'https://portal.example')).toBe('/');
  });
});
