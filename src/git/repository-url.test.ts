import { describe, expect, test } from 'vitest';
import { isCommitName, isRefName, parseRepository, withoutCredentials } from './repository-url.ts';

describe('the address of a repository', () => {
  test.each([
    ['https://github.com/o/r', 'https://github.com/o/r', 'github.com', 'https:ssh'],
    ['https://GitHub.com/o/r.git/', 'https://github.com/o/r.git', 'github.com', 'https:ssh'],
    ['ssh://git@host.example:2222/o/r.git', 'ssh://git@host.example:2222/o/r.git', 'host.example:2222', 'https:ssh'],
    ['git@github.com:o/r.git', 'git@github.com:o/r.git', 'github.com', 'ssh'],
    ['http://127.0.0.1:8080/r', 'http://127.0.0.1:8080/r', '127.0.0.1:8080', 'http'],
    ['/srv/git/r.git', '/srv/git/r.git', undefined, 'file'],
    ['/srv/x/../git/a b.git', '/srv/git/a b.git', undefined, 'file'],
    ['file:///srv/git/a%20b.git', '/srv/git/a b.git', undefined, 'file'],
  ])('%s', (text, url, host, protocols) => {
    expect(parseRepository(text)).toEqual({ ok: true, repository: { url, host, protocols } });
  });

  test.each([
    'relative/path',
    '-oProxyCommand=x',
    '--upload-pack=x',
    'ext::sh -c whoami',
    'git://host/r',
    'ftp://host/r',
    'http://github.com/o/r',
    'https://user@github.com/o/r',
    'https://user:secret@github.com/o/r',
    'ssh://git:secret@host/r',
    'ssh://-oProxyCommand=x/r',
    'git@-oProxyCommand=x:r',
    'git@host:-r',
    'file://server/share',
    'https://github.com/o/r?x=y',
    'https://github.com/o/r\n',
    `https://github.com/${'r'.repeat(3_000)}`,
    '',
  ])('refuses %s', (text) => {
    const result = parseRepository(text);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});

describe('the name of a ref', () => {
  test.each(['main', 'feature/x-1', 'v1.2.3', 'refs/pull/1/head', 'ünïcode', 'a@b'])('%s', (text) => {
    expect(isRefName(text)).toBe(true);
  });

  test.each(
    [
      '',
      '-x',
      '--upload-pack=x',
      '@',
      'a..b',
      'a b',
      'a~1',
      'a^',
      'a:b',
      'a?',
      'a*',
      'a[',
      'a\\b',
      '/a',
      'a/',
      'a//b',
    ].concat(['a.', '.a', 'a/.b', 'a.lock', 'a.lock/b', 'a@{1}', 'a\nb', 'a\u007f', 'x'.repeat(300)]),
  )('refuses %j', (text) => {
    expect(isRefName(text)).toBe(false);
  });

  test('of a commit is its full hash', () => {
    expect(isCommitName('0123456789abcdef0123456789abcdef01234567')).toBe(true);
    expect(isCommitName('0123456')).toBe(false);
  });
});

test.each([
  ['fatal: unable to access https://u:p@h/r', 'fatal: unable to access https://h/r'],
  ['https://token@h/r and ssh://git@h/r', 'https://h/r and ssh://h/r'],
  ['https://u:p@ss@h/r', 'https://h/r'],
  ['https://h/r@v1', 'https://h/r@v1'],
])('credentials are taken out of %s', (text, expected) => {
  expect(withoutCredentials(text)).toBe(expected);
});
