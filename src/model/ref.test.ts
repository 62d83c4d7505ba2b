import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entityRefOf, formatEntityRef, parseEntityRef } from './ref.ts';

describe('parseEntityRef', () => {
  test('fills in what a short reference leaves out', () => {
    expect(parseEntityRef('team-a', { defaultKind: 'Group' })).toEqual({
      kind: 'Group',
      namespace: 'default',
      name: 'team-a',
    });
    expect(parseEntityRef('ops/team-a', { defaultKind: 'Group' })).toEqual({
      kind: 'Group',
      namespace: 'ops',
      name: 'team-a',
    });
    expect(parseEntityRef('User:jo', { defaultKind: 'Group', defaultNamespace: 'x' })).toEqual({
      kind: 'User',
      namespace: 'x',
      name: 'jo',
    });
  });

  test('takes a colon for a kind only before the first slash', () => {
    expect(parseEntityRef('ns/a:b', { defaultKind: 'API' })).toEqual({ kind: 'API', namespace: 'ns', name: 'a:b' });
  });

  test.each(['', ':a', 'kind:', 'kind:/a', 'kind:ns/', '/a'])('refuses %j', (text) => {
    expect(parseEntityRef(text, { defaultKind: 'Component' })).toBeUndefined();
  });

  test('refuses a reference without a kind where none is the default', () => {
    expect(parseEntityRef('team-a')).toBeUndefined();
  });

  test('reads back what formatEntityRef writes', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9][-A-Za-z0-9_.]{0,20}$/);
    fc.assert(
      fc.property(part, part, part, (kind, namespace, name) => {
        const ref = formatEntityRef({ kind, namespace, name });
        const parts = parseEntityRef(ref);
        expect(parts && formatEntityRef(parts)).toBe(ref);
      }),
    );
  });
});

test('the ref of an envelope is lower case and has the default namespace', () => {
  expect(entityRefOf({ kind: 'API', metadata: { name: 'Box-Office' } })).toBe('api:default/box-office');
});
