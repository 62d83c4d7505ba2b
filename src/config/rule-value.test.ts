import { describe, expect, test } from 'vitest';
import { allowedHosts, catalogRules, forges } from './rule-value.ts';
import { seconds } from './value.ts';
import type { Parser } from './value.ts';
import { parseConfigText } from './yaml-file.ts';

function read<Value>(parser: Parser<Value>, text: string): Value {
  const parsed = parser(parseConfigText(text, '/srv/callboard.yaml'));
  if (!parsed.ok) throw new Error(`${parsed.at?.place.label ?? ''}: ${parsed.expected}`);
  return parsed.value;
}

describe('catalog.rules', () => {
  test('say which kinds may come from where', () => {
    const text = [
      '- allow: [Component, { kind: Resource, spec.type: database }]',
      '- allow: [User, Group]',
      '  locations:',
      '    - { type: url, pattern: https://git.example/org/** }',
      '    - { type: file, exact: /etc/org.yaml }',
      '    - { type: git }',
      '- allow: []',
    ].join('\n');
    expect(read(catalogRules(), text)).toEqual([
      { allow: [{ kind: 'Component' }, { kind: 'Resource', type: 'database' }] },
      {
        allow: [{ kind: 'User' }, { kind: 'Group' }],
        locations: [
          { type: 'url', pattern: 'https://git.example/org/**' },
          { type: 'file', exact: '/etc/org.yaml' },
          { type: 'git' },
        ],
      },
      { allow: [] },
    ]);
    expect(read(catalogRules(), '[]')).toEqual([]);
  });

  test.each([
    ['Component', 'callboard.yaml:1: a list of'],
    ['- Component', 'callboard.yaml:1: a map of allow'],
    ['- locations: [{ type: url }]', 'callboard.yaml:1: a map of allow'],
    ['- allow: [API]\n  location: [{ type: url }]', 'callboard.yaml:2: a map of allow'],
    ['- allow: API', 'callboard.yaml:1: a list of kinds'],
    ['- allow:\n    - API\n    - { spec.type: x }', 'callboard.yaml:3: a kind, or'],
    ['- allow:\n    - { kind: API, type: x }', 'callboard.yaml:2: a kind, or'],
    ['- allow:\n    - { kind: [API] }', 'callboard.yaml:2: a text'],
    ['- allow: [API]\n  locations: [{ exact: a, pattern: b }]', 'callboard.yaml:2: a map of type, and of exact or'],
    ['- allow: [API]\n  locations: { type: url }', 'callboard.yaml:2: a list of {type'],
  ])('%s is refused with its line and what is expected', (text, message) => {
    expect(() => read(catalogRules(), text)).toThrow(message);
  });
});

describe('reading.allow', () => {
  test('takes hosts, ends of hosts, ports and paths', () => {
    const text = '[Git.Example, "*.example:8443", "[::1]:80", { host: raw.example, paths: [/org/, /team/] }]';
    expect(read(allowedHosts(), text)).toEqual([
      { host: 'git.example' },
      { host: '*.example:8443' },
      { host: '[::1]:80' },
      { host: 'raw.example', paths: ['/org/', '/team/'] },
    ]);
  });

  test('and tokens, as texts or as names of kept secrets', () => {
    const text = '[{ host: a.example, token: abc }, { host: b.example, paths: [/x], token: { secret: files } }]';
    expect(read(allowedHosts(), text)).toEqual([
      { host: 'a.example', token: 'abc' },
      { host: 'b.example', paths: ['/x'], token: { secret: 'files' } },
    ]);
    expect(read(forges(), '[{ host: git.example, type: gitlab, token: { secret: git } }]')).toEqual([
      { host: 'git.example', type: 'gitlab', token: { secret: 'git' } },
    ]);
  });

  test.each([
    ['["*"]', 'a host such as'],
    ['[https://git.example]', 'a host such as'],
    ['[git.example/org]', 'a host such as'],
    ['["git.*"]', 'a host such as'],
    ['[{ paths: [/a] }]', 'a host such as'],
    ['[{ host: a, path: /b }]', 'a map of host, paths and token'],
    ['[{ host: a, token: { secret: "A b" } }]', '{secret: <name>}'],
    ['[{ host: a, paths: b }]', 'a list of paths'],
    ['[{ host: a, paths: [b] }]', 'a path that begins with /'],
    ['git.example', 'a list of hosts'],
  ])('%s is refused', (text, expected) => {
    expect(() => read(allowedHosts(), text)).toThrow(expected);
  });
});

describe('forges', () => {
  test('are hosts with the type of their pages', () => {
    expect(read(forges(), '[{ host: Git.example:8443, type: gitlab }, { host: ghe.example, type: github }]')).toEqual([
      { host: 'git.example:8443', type: 'gitlab' },
      { host: 'ghe.example', type: 'github' },
    ]);
  });

  test.each([
    ['[{ host: git.example }]', 'a map of host'],
    ['[{ host: git.example, type: svn }]', 'one of github, gitlab'],
    ['[{ host: "*.example", type: gitlab }]', 'a map of host'],
    ['[{ host: git.example/x, type: gitlab }]', 'a map of host'],
    ['[{ host: git.example, type: gitlab, user: x }]', 'a map of host'],
    ['[{ host: git.example, type: gitlab, token: [x] }]', '{secret: <name>}'],
    ['[git.example]', 'a map of host'],
    ['git.example', 'a list of {host'],
  ])('%s is refused', (text, expected) => {
    expect(() => read(forges(), text)).toThrow(expected);
  });
});

describe('a time span', () => {
  test.each([
    ['120', 120],
    ['"90"', 90],
    ['0.5', 1],
    ['false', 0],
    ['0', 0],
    ['5m', 300],
    ['1h30m', 5400],
    ['PT5M', 300],
    ['P1DT1S', 86_401],
    ['{ minutes: 2, seconds: 3 }', 123],
    ['{ milliseconds: 1500 }', 2],
    ['{ weeks: 1 }', 604_800],
  ])('%s is %d s', (text, value) => {
    expect(read(seconds(604_800), text)).toBe(value);
  });

  test.each([
    'true',
    '-1',
    'soon',
    '""',
    '{}',
    '{ months: 1 }',
    '{ minutes: x }',
    '{ minutes: -1 }',
    '8000000',
    'PT',
    '[1]',
  ])('%s is refused', (text) => {
    expect(() => read(seconds(604_800), text)).toThrow('a number of seconds from 0 to 604800');
  });
});
