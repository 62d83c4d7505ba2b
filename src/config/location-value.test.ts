import { describe, expect, test } from 'vitest';
import { locations } from './location-value.ts';
import type { Parsed } from './value.ts';
import { parseConfigText } from './yaml-file.ts';
import type { CatalogLocation } from './config.ts';

function read(text: string): Parsed<readonly CatalogLocation[]> {
  return locations()(parseConfigText(text, '/srv/callboard.yaml'));
}

/** `type:target` of what a text means. */
function refs(text: string): readonly string[] {
  const parsed = read(text);
  if (!parsed.ok) throw new Error(parsed.expected);
  return parsed.value.map(({ type, target }) => `${type}:${target}`);
}

describe('a location that is one text', () => {
  test.each([
    ['./services', 'file:/srv/services'],
    ['/etc/catalog/*.yaml', 'file:/etc/catalog/*.yaml'],
    ['https://git.example/all.yaml', 'url:https://git.example/all.yaml'],
    ['url:https://git.example/all.yaml', 'url:https://git.example/all.yaml'],
    ['git:https://git.example/o/r.git', 'git:https://git.example/o/r.git'],
    ['git:https://git.example/o/r//services/*.yaml?ref=main', 'git:https://git.example/o/r//services/*.yaml?ref=main'],
    ['git:ssh://git@git.example:22/o/r', 'git:ssh://git@git.example:22/o/r'],
    ['git:git@git.example:o/r.git//catalog', 'git:git@git.example:o/r.git//catalog'],
    ['git:../mirror//catalog', 'git:/mirror//catalog'],
    ['git:/mirror', 'git:/mirror'],
  ])('%s is %s', (written, ref) => {
    expect(refs(`- ${JSON.stringify(written)}`)).toEqual([ref]);
    expect(refs(JSON.stringify(written))).toEqual([ref]);
  });

  test.each([
    ['ssh://git@git.example/o/r', 'a repository begins with git:'],
    ['https://user:word@git.example/all.yaml', 'without a user name'],
    ['https://token@git.example/all.yaml', 'without a user name'],
    ['url:ftp://git.example/all.yaml', 'an http:// or https:// URL'],
    ['git:https://user:word@git.example/o/r', 'without credentials'],
    ['git:https://token@git.example/o/r', 'without credentials'],
    ['git:ssh://git:word@git.example/o/r', 'without credentials'],
    ['git:--upload-pack=touch', 'a git repository'],
    ['git:', 'a git repository'],
    ['""', 'a list of files'],
  ])('%s is refused', (written, expected) => {
    const parsed = read(written === '""' ? `- ${written}` : `- ${JSON.stringify(written)}`);
    expect(parsed).toMatchObject({ ok: false, at: { place: { label: 'callboard.yaml:1' } } });
    expect(parsed.ok ? '' : parsed.expected).toContain(expected);
  });
});

describe('a location that is a map', () => {
  test('has a type, a target and kinds of its own', () => {
    const text = [
      '- { type: url, target: https://git.example/org.yaml, rules: [{ allow: [User, Group] }, { allow: [Domain] }] }',
      '- target: [a.yaml, b.yaml]',
      '- { type: git, target: ./mirror }',
    ].join('\n');
    expect(read(text)).toEqual({
      ok: true,
      notices: [],
      value: [
        {
          type: 'url',
          target: 'https://git.example/org.yaml',
          origin: 'callboard.yaml:1',
          allowed: [{ kind: 'User' }, { kind: 'Group' }, { kind: 'Domain' }],
        },
        { type: 'file', target: '/srv/a.yaml', origin: 'callboard.yaml:2' },
        { type: 'file', target: '/srv/b.yaml', origin: 'callboard.yaml:2' },
        { type: 'git', target: '/srv/mirror', origin: 'callboard.yaml:3' },
      ],
    });
  });

  test('of a type that belongs to a plugin of Backstage is left out with a note', () => {
    expect(read('- { type: github-discovery, target: https://github.example/o }')).toEqual({
      ok: true,
      value: [],
      notices: ['callboard.yaml:1: only locations of type file, url and git are read, so this one is left out'],
    });
  });

  test.each([
    ['{ type: url }', 1],
    ['{ target: [a.yaml, { b: c }] }', 1],
    ['{ target: "" }', 1],
    ['{ type: [url], target: a.yaml }', 1],
    ['type: file\n  target: a.yaml\n  rule: [{ allow: [API] }]', 3],
    ['type: file\n  target: a.yaml\n  rules: [API]', 3],
    ['type: file\n  target: a.yaml\n  rules: [{ allow: API }]', 3],
    ['type: file\n  target: a.yaml\n  rules:\n    - allow: [API]\n    - deny: [API]', 5],
    ['type: url\n  target: https://user@git.example/', 2],
  ])('%s is refused with its line', (written, line) => {
    const parsed = read(`- ${written}`);
    expect(parsed).toMatchObject({ ok: false, at: { place: { label: `callboard.yaml:${line}` } } });
  });
});
