import { describe, expect, test } from 'vitest';
import { testGround } from '../../../test/support/policy.ts';
import { readPolicy } from './policy-document.ts';

const read = (...lines: readonly string[]): ReturnType<typeof readPolicy> =>
  readPolicy(lines.join('\n'), 'access.yaml', testGround);

/** The problems as `line:column message`. */
function problems(...lines: readonly string[]): string[] {
  const { problems: found, isGood } = read(...lines);
  expect(isGood).toBe(false);
  return found.map(({ place, message }) => `${place.replace('access.yaml:', '')} ${message}`);
}

test('a policy has roles and bindings, each with its line; subjects become canonical', () => {
  const {
    layer,
    problems: found,
    isGood,
  } = read(
    'roles:',
    '  team-editor:',
    '    description: What a team owns',
    '    rules:',
    '      - permissions: [catalog.entity.*]',
    '        where: owns(principal, entity)',
    'bindings:',
    '  everybody: { role: viewer, subjects: [everyone] }',
    '  teams:',
    '    role: team-editor',
    '    subjects: [Group:Stage, user:default/Ada, external:ci]',
  );
  expect({ found, isGood }).toEqual({ found: [], isGood: true });
  expect(layer.roles).toEqual([
    {
      name: 'team-editor',
      description: 'What a team owns',
      rules: [{ permissions: ['catalog.entity.*'], where: 'owns(principal, entity)' }],
      origin: { kind: 'file', place: 'access.yaml:2' },
    },
  ]);
  expect(layer.bindings).toEqual([
    { name: 'everybody', role: 'viewer', subjects: ['everyone'], origin: { kind: 'file', place: 'access.yaml:8' } },
    {
      name: 'teams',
      role: 'team-editor',
      subjects: ['group:default/stage', 'user:default/ada', 'external:ci'],
      origin: { kind: 'file', place: 'access.yaml:9' },
    },
  ]);
});

test('an empty file is a policy that gives nobody anything', () => {
  expect(read('')).toEqual({ layer: { roles: [], bindings: [] }, problems: [], isGood: true });
  expect(read('# later', 'roles:')).toMatchObject({ isGood: true });
});

describe('what is wrong is named with line and column', () => {
  test('in the file', () => {
    expect(problems('roles:', '  a: [', 'bindings: {}')[0]).toMatch(/^3:1 /);
    expect(problems('- a')).toEqual(['1:1 A policy is a map of roles and bindings.']);
    expect(problems('role:', '  a: {}')).toEqual(['1:1 Unknown key role; did you mean roles?']);
    expect(problems('roles:', '  - a')).toEqual(['1:1 roles is a map by name.']);
    expect(problems('roles: {}', 'roles: {}')[0]).toMatch(/^2:1 /);
  });

  test('in a role', () => {
    expect(problems('roles:', '  Big Role: {rules: []}')[0]).toMatch(/^2:3 The name "Big Role" must be/);
    expect(problems('roles:', '  a:', '    rules: none')).toEqual(['3:5 rules must be array']);
    expect(problems('roles:', '  a:', '    rules:', '      - permissions: [a.b.c]', '        when: x')).toEqual([
      '5:9 rules.0.when is no key that is known here',
    ]);
    expect(problems('roles:', '  viewer: {rules: []}')).toEqual([
      '2:3 The role viewer is built in and cannot be another.',
    ]);
    expect(problems('roles:', '  a:', '    rules:', '      - permissions:', '          - catalog')[0]).toMatch(
      /^5:13 "catalog" is no permission/,
    );
  });

  test('in a condition, however it is written', () => {
    const role = (...where: readonly string[]): string[] =>
      problems('roles:', '  a:', '    rules:', '      - permissions: [catalog.entity.read]', ...where);
    expect(role('        where: kind == "API" && spec.owner ==')[0]).toMatch(/^5:\d+ /);
    expect(role('        where: owner == "x"')[0]).toMatch(/^5:16 `owner` is not a variable/);
    expect(role('        where: \'owner == "x"\'')[0]).toMatch(/^5:17 /);
    expect(role('        where: |', '          kind == "API"', '            && owner == "x"')[0]).toMatch(/^7:16 /);
    expect(role('        where: facts.load.now > 3')[0]).toMatch(/^5:16 `facts.load.now` is no fact/);
  });

  test('in a binding', () => {
    expect(
      problems('bindings:', '  a:', '    role: viewer', '    subjects:', '      - everyone', '      - stage')[0],
    ).toMatch(/^6:9 "stage" is no subject/);
  });
});

test('a permission of a plugin that is not there is told of, and keeps nothing from being in force', () => {
  const { problems: found, isGood, layer } = read('roles:', '  a:', '    rules: [{permissions: [deploy.run.start]}]');
  expect(isGood).toBe(true);
  expect(found).toEqual([
    { place: 'access.yaml:3:28', message: expect.stringContaining('No permission of this server') },
  ]);
  expect(layer.roles).toHaveLength(1);
});

test('what is made to take all memory is refused', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...Array.from({ length: 8 }, (_, i) => {
      const before = String.fromCharCode(97 + i);
      const name = String.fromCharCode(98 + i);
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`;
    }),
  ];
  expect(problems(...bomb)[0]).toContain('alias');
  expect(problems(`roles: ${'['.repeat(5000)}`)[0]).toBeDefined();
});
