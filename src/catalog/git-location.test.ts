import { describe, expect, test } from 'vitest';
import { publicForges, type Forge } from '../config/config.ts';
import { parseGitLocation, pathInRepository, type GitLocation } from './git-location.ts';

const forges: readonly Forge[] = [...publicForges, { host: 'git.theatre.example:8443', type: 'gitlab' }];
const commit = '0123456789abcdef0123456789abcdef01234567';

function located(ref: string): GitLocation {
  const colon = ref.indexOf(':');
  const parsed = parseGitLocation({ type: ref.slice(0, colon), target: ref.slice(colon + 1) }, forges);
  if (!parsed?.ok) throw new Error(`${ref}: ${parsed?.reason}`);
  return parsed.location;
}

describe('a location in a repository', () => {
  test.each([
    ['git:https://h.example/o/r', 'https://h.example/o/r', undefined, ''],
    ['git:https://h.example/o/r.git//', 'https://h.example/o/r.git', undefined, ''],
    ['git:https://h.example/o/r//a/b.yaml', 'https://h.example/o/r', undefined, 'a/b.yaml'],
    ['git:https://h.example/o/r//a/**/x.yaml?ref=feature/x', 'https://h.example/o/r', 'feature/x', 'a/**/x.yaml'],
    ['git:https://h.example/o/r?ref=v1', 'https://h.example/o/r', 'v1', ''],
    ['git:https://h.example/o/r?ref=HEAD', 'https://h.example/o/r', undefined, ''],
    ['git:ssh://git@h.example/o/r.git//x/', 'ssh://git@h.example/o/r.git', undefined, 'x'],
    ['git:git@h.example:o/r.git//x.yaml', 'git@h.example:o/r.git', undefined, 'x.yaml'],
    ['git:/srv/git/r.git//x.yaml?ref=main', '/srv/git/r.git', 'main', 'x.yaml'],
    ['git:file:///srv/git/r.git//x.yaml', '/srv/git/r.git', undefined, 'x.yaml'],
    ['url:https://github.com/o/r/blob/main/a/b.yaml', 'https://github.com/o/r.git', 'main', 'a/b.yaml'],
    ['url:https://github.com/o/r/tree/feature%2Fx/a', 'https://github.com/o/r.git', 'feature/x', 'a'],
    ['url:https://github.com/o/r/tree/HEAD', 'https://github.com/o/r.git', undefined, ''],
    ['url:https://github.com/o/r/blob/main/a%20b/*.yaml', 'https://github.com/o/r.git', 'main', 'a b/*.yaml'],
    ['url:https://gitlab.com/g/s/r/-/blob/main/x.yaml', 'https://gitlab.com/g/s/r.git', 'main', 'x.yaml'],
    ['url:https://git.theatre.example:8443/g/r/-/tree/v1/x/', 'https://git.theatre.example:8443/g/r.git', 'v1', 'x'],
    ['url:https://bitbucket.org/o/r/src/main/x.yaml', 'https://bitbucket.org/o/r.git', 'main', 'x.yaml'],
    ['url:https://codeberg.org/o/r/src/branch/main/x.yaml', 'https://codeberg.org/o/r.git', 'main', 'x.yaml'],
    ['url:https://codeberg.org/o/r/src/tag/v1/x.yaml', 'https://codeberg.org/o/r.git', 'v1', 'x.yaml'],
    [`url:https://codeberg.org/o/r/src/commit/${commit}/x.yaml`, 'https://codeberg.org/o/r.git', commit, 'x.yaml'],
    [
      'url:https://dev.azure.com/o/p/_git/r?path=/a/x.yaml&version=GBmain',
      'https://dev.azure.com/o/p/_git/r',
      'main',
      'a/x.yaml',
    ],
    ['url:https://dev.azure.com/o/p/_git/r?path=%2Fx.yaml', 'https://dev.azure.com/o/p/_git/r', undefined, 'x.yaml'],
  ])('%s', (written, url, ref, path) => {
    const location = located(written);
    expect(location).toMatchObject({ repository: { url }, ref, path });
    expect(location.refOf(path)).toBe(written);
    expect(pathInRepository(location, written, forges)).toBe(path);
  });

  test.each([
    'url:https://plain.example/o/r/blob/main/x.yaml',
    'url:http://github.com/o/r/blob/main/x.yaml',
    'url:https://user:secret@github.com/o/r/blob/main/x.yaml',
    'url:https://github.com/o/r',
    'url:https://github.com/o/r/issues/1',
    'url:https://github.com/o/r/blob/main/%zz',
    'url:https://gitlab.com/r/-/blob/main/x.yaml',
    'url:https://codeberg.org/o/r/src/x.yaml',
    'url:https://dev.azure.com/o/p/_git/r',
    'url:nonsense',
    'file:/srv/x.yaml',
  ])('%s is none', (written) => {
    const colon = written.indexOf(':');
    expect(
      parseGitLocation({ type: written.slice(0, colon), target: written.slice(colon + 1) }, forges),
    ).toBeUndefined();
  });

  test.each([
    'https://user:secret@h.example/o/r',
    'ext::sh -c id',
    '--upload-pack=id',
    'relative//x.yaml',
    'https://h.example/o/r//../x.yaml',
    'https://h.example/o/r//a//b.yaml',
    'https://h.example/o/r//.git/config',
    'https://h.example/o/r//a\nb',
    'https://h.example/o/r?ref=--upload-pack',
    'https://h.example/o/r?ref=a..b',
    'https://h.example/o/r?ref=',
    'https://h.example/o/r?depth=1',
    '',
  ])('git:%s is refused', (target) => {
    const parsed = parseGitLocation({ type: 'git', target }, forges);
    expect(parsed).toMatchObject({ ok: false });
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });

  test('of a forge may not hide a ref that git would take for an option, nor a path that leads out', () => {
    for (const end of ['-x/a.yaml', 'main/%2e%2e/x.yaml', 'main/a%2F..%2Fx.yaml', 'main/%00.yaml']) {
      const parsed = parseGitLocation({ type: 'url', target: `https://github.com/o/r/blob/${end}` }, forges);
      expect(parsed?.ok ?? false, end).toBe(end.startsWith('main/%2e'));
    }
    // The URL itself resolves the dots: what is left is an address of another page.
    expect(located('url:https://github.com/o/r/blob/main/%2e%2e/x.yaml')).toMatchObject({ ref: 'x.yaml', path: '' });
  });
});

describe('the files of a location', () => {
  test.each([
    ['url:https://github.com/o/r/blob/main/a.yaml', 'url:https://github.com/o/r/blob/main/x%20y/b.yaml'],
    ['url:https://github.com/o/r/tree/feature%2Fx', 'url:https://github.com/o/r/tree/feature%2Fx/x%20y/b.yaml'],
    ['url:https://gitlab.com/g/s/r/-/blob/main/a.yaml', 'url:https://gitlab.com/g/s/r/-/blob/main/x%20y/b.yaml'],
    ['url:https://bitbucket.org/o/r/src/main/a.yaml', 'url:https://bitbucket.org/o/r/src/main/x%20y/b.yaml'],
    ['url:https://codeberg.org/o/r/src/tag/v1/a.yaml', 'url:https://codeberg.org/o/r/src/tag/v1/x%20y/b.yaml'],
    [
      'url:https://dev.azure.com/o/p/_git/r?path=/a.yaml&version=GBmain',
      'url:https://dev.azure.com/o/p/_git/r?path=/x%20y/b.yaml&version=GBmain',
    ],
    ['git:/srv/r.git//a.yaml?ref=main', 'git:/srv/r.git//x y/b.yaml?ref=main'],
    ['git:https://h.example/o/r', 'git:https://h.example/o/r//x y/b.yaml'],
  ])('are called as it is: %s', (written, expected) => {
    const location = located(written);
    expect(location.refOf('x y/b.yaml')).toBe(expected);
    expect(pathInRepository(location, expected, forges)).toBe('x y/b.yaml');
  });

  test('are told from those of other repositories and refs', () => {
    const location = located('url:https://github.com/o/r/blob/main/a.yaml');
    expect(pathInRepository(location, 'url:https://github.com/o/r/tree/main/teams/*.yaml', forges)).toBe(
      'teams/*.yaml',
    );
    expect(pathInRepository(location, 'url:https://github.com/o/r/blob/v1/a.yaml', forges)).toBeUndefined();
    expect(pathInRepository(location, 'url:https://github.com/o/other/blob/main/a.yaml', forges)).toBeUndefined();
    expect(pathInRepository(location, 'file:/a.yaml', forges)).toBeUndefined();
  });
});

describe('annotations', () => {
  const annotations = (written: string, path: string): readonly (string | undefined)[] => {
    const all = located(written).annotationsOf(path);
    return ['view-url', 'edit-url', 'source-location'].map((name) => all[`backstage.io/${name}`]);
  };

  test.each([
    [
      'url:https://github.com/o/r/blob/main/a.yaml',
      'https://github.com/o/r/blob/main/x/b.yaml',
      'https://github.com/o/r/edit/main/x/b.yaml',
      'url:https://github.com/o/r/tree/main/x/',
    ],
    [
      'url:https://gitlab.com/g/r/-/blob/main/a.yaml',
      'https://gitlab.com/g/r/-/blob/main/x/b.yaml',
      'https://gitlab.com/g/r/-/edit/main/x/b.yaml',
      'url:https://gitlab.com/g/r/-/tree/main/x/',
    ],
    [
      'url:https://bitbucket.org/o/r/src/main/a.yaml',
      'https://bitbucket.org/o/r/src/main/x/b.yaml',
      'https://bitbucket.org/o/r/src/main/x/b.yaml?mode=edit&spa=0&at=main',
      'url:https://bitbucket.org/o/r/src/main/x/',
    ],
    [
      'url:https://codeberg.org/o/r/src/branch/main/a.yaml',
      'https://codeberg.org/o/r/src/branch/main/x/b.yaml',
      'https://codeberg.org/o/r/_edit/main/x/b.yaml',
      'url:https://codeberg.org/o/r/src/branch/main/x/',
    ],
    [
      'url:https://dev.azure.com/o/p/_git/r?path=/a.yaml&version=GBmain',
      'https://dev.azure.com/o/p/_git/r?path=/x/b.yaml&version=GBmain',
      'https://dev.azure.com/o/p/_git/r?path=/x/b.yaml&version=GBmain',
      'url:https://dev.azure.com/o/p/_git/r?path=/x/&version=GBmain',
    ],
    [
      'git:git@github.com:o/r.git//a.yaml?ref=feature/x',
      'https://github.com/o/r/blob/feature%2Fx/x/b.yaml',
      'https://github.com/o/r/edit/feature%2Fx/x/b.yaml',
      'url:https://github.com/o/r/tree/feature%2Fx/x/',
    ],
  ])('of a file beside %s', (written, view, edit, source) => {
    expect(annotations(written, 'x/b.yaml')).toEqual([view, edit, source]);
  });

  test('name nothing to edit at a commit, and nothing at all where no forge is known', () => {
    const pinned = annotations(`url:https://github.com/o/r/blob/${commit}/a.yaml`, 'a.yaml');
    expect(pinned).toEqual([
      `https://github.com/o/r/blob/${commit}/a.yaml`,
      undefined,
      `url:https://github.com/o/r/tree/${commit}/`,
    ]);
    expect(located('git:https://h.example/o/r//a.yaml?ref=main').annotationsOf('a.yaml')).toEqual({});
    expect(located('git:https://github.com/o/r//a.yaml').annotationsOf('a.yaml')).toEqual({});
  });
});
