import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScriptedCatalog } from '../../test/support/scripted-catalog.ts';
import type { ResolverConfig } from '../config/sign-in-config.ts';
import type { Write } from '../store/store.ts';
import type { Identity } from './identity.ts';
import { resolveIdentity, unknownUserRef, type Resolution } from './resolve.ts';

function put(
  kind: string,
  name: string,
  parts: { namespace?: string; email?: string; annotations?: object } = {},
): Write {
  const { namespace = 'default', email, annotations = {} } = parts;
  const profile = { displayName: `The ${name}`, ...(email !== undefined && { email }) };
  const body = { apiVersion: 'v1', kind, metadata: { name, namespace, annotations }, spec: { profile } };
  const ref = `${kind}:${namespace}/${name}`.toLowerCase();
  const entity = { ref, body: JSON.stringify(body), hash: ref };
  return { op: 'putEntity', entity: { ...entity, location: `file:/${ref}`, source: 's', line: 1 } };
}

let catalog: ScriptedCatalog;
beforeAll(async () => {
  catalog = await new ScriptedCatalog().open();
  const writes = [
    put('User', 'jane', {
      email: 'Jane@Example.com',
      annotations: { 'github.com/user-login': 'JaneD', 'idp/id': 'AbC' },
    }),
    put('User', 'joe', { email: 'shared@example.com', annotations: { 'idp/id': 'abc' } }),
    put('User', 'jill', { email: 'shared@example.com' }),
    put('User', 'admin', { namespace: 'ops' }),
    put('Group', 'crew', { email: 'crew@example.com' }),
    put('Component', 'lamp', { email: 'lamp@example.com' }),
  ];
  await catalog.do({ do: 'commit', writes });
});
afterAll(() => catalog.close());

const identity: Identity = { provider: 'okta', subject: 'AbC', groups: [], claims: {} };

function resolve(parts: Partial<Identity>, rules: readonly ResolverConfig[], allowUnknown = false): Resolution {
  return resolveIdentity({ ...identity, ...parts }, { graph: catalog.graph, rules, allowUnknown });
}

describe('who an identity is', () => {
  test.each<[string, Partial<Identity>, ResolverConfig, string]>([
    ['e-mail, whatever its letters', { email: 'jane@EXAMPLE.com' }, { by: 'email' }, 'user:default/jane'],
    [
      'local part',
      { email: 'jane@corp.example' },
      { by: 'emailLocalPart', allowedDomains: ['corp.example'] },
      'user:default/jane',
    ],
    ['login', { login: 'Admin' }, { by: 'login', namespace: 'ops' }, 'user:ops/admin'],
    [
      'annotation by login',
      { login: 'janed' },
      { by: 'annotation', annotation: 'github.com/user-login', claim: 'login' },
      'user:default/jane',
    ],
    ['annotation by subject', {}, { by: 'annotation', annotation: 'idp/id' }, 'user:default/jane'],
    [
      'annotation by a claim',
      { claims: { oid: 'abc' } },
      { by: 'annotation', annotation: 'idp/id', claim: 'oid' },
      'user:default/joe',
    ],
    ['ref in a claim', { claims: { entity: 'user:ops/admin' } }, { by: 'ref', claim: 'entity' }, 'user:ops/admin'],
    ['name in a claim', { claims: { entity: 'jane' } }, { by: 'ref', claim: 'entity' }, 'user:default/jane'],
  ])('by %s', (_name, parts, rule, ref) => {
    expect(resolve(parts, [rule])).toMatchObject({ status: 'resolved', ref });
  });

  test.each<[string, Partial<Identity>, ResolverConfig]>([
    [
      'an address of another domain',
      { email: 'jane@evil.example' },
      { by: 'emailLocalPart', allowedDomains: ['corp.example'] },
    ],
    [
      'an address with two @',
      { email: 'jane@evil.example@corp.example' },
      { by: 'emailLocalPart', allowedDomains: ['corp.example'] },
    ],
    ['a part of an address', { email: 'jane' }, { by: 'email' }],
    ['the address of a group', { email: 'crew@example.com' }, { by: 'email' }],
    ['the address of a component', { email: 'lamp@example.com' }, { by: 'email' }],
    ['a login that is a ref', { login: 'user:ops/admin' }, { by: 'login' }],
    ['a login that is a path', { login: 'ops/admin' }, { by: 'login' }],
    [
      'a local part that is a ref',
      { email: 'user:ops/admin@corp.example' },
      { by: 'emailLocalPart', allowedDomains: ['corp.example'] },
    ],
    ['a ref of another kind', { claims: { entity: 'group:default/crew' } }, { by: 'ref', claim: 'entity' }],
    ['a claim that is a list', { claims: { entity: ['jane'] } }, { by: 'ref', claim: 'entity' }],
    ['a claim of every object', { claims: {} }, { by: 'ref', claim: 'constructor' }],
    ['a subject with other letters', { subject: 'ABC' }, { by: 'annotation', annotation: 'idp/id' }],
    ['nothing at all', {}, { by: 'email' }],
  ])('%s is nobody', (_name, parts, rule) => {
    expect(resolve(parts, [rule]).status).toBe('unknown');
  });

  test('the first rule that finds one wins', () => {
    const rules: readonly ResolverConfig[] = [{ by: 'email' }, { by: 'login' }];
    expect(resolve({ email: 'jane@example.com', login: 'joe' }, rules)).toEqual({
      status: 'resolved',
      ref: 'user:default/jane',
      by: 'email',
      name: 'The jane',
    });
    expect(resolve({ email: 'nobody@example.com', login: 'joe' }, rules)).toMatchObject({
      ref: 'user:default/joe',
      by: 'login',
    });
    expect(resolve({ email: 'nobody@example.com' }, rules)).toEqual({ status: 'unknown', tried: ['email'] });
  });

  test('two that fit are nobody, whatever the next rule would find', () => {
    expect(resolve({ email: 'shared@example.com', login: 'jane' }, [{ by: 'email' }, { by: 'login' }], true)).toEqual({
      status: 'ambiguous',
      by: 'email',
      refs: ['user:default/jill', 'user:default/joe'],
    });
  });
});

describe('one who has no entity', () => {
  test('may be let in, under a ref that no other can get', () => {
    const found = resolve({ login: 'Admin' }, [{ by: 'email' }], true);
    expect(found).toMatchObject({ status: 'resolved', by: 'unknown user' });
    expect(found.status === 'resolved' && found.ref).toMatch(/^user:okta\/admin-[0-9a-f]{12}$/);
  });

  test('differs by provider and subject, not by what somebody may choose', () => {
    const refs = [
      unknownUserRef(identity),
      unknownUserRef({ ...identity, subject: 'other' }),
      unknownUserRef({ ...identity, provider: 'other' }),
      unknownUserRef({ ...identity, login: '--' }),
    ];
    expect(new Set(refs.map((ref) => ref.replace(/^.*-/, '').concat(ref.split('/')[0] ?? ''))).size).toBe(3);
    expect(refs.every((ref) => /^user:[a-z]+\/[a-z0-9-]{1,63}$/.test(ref))).toBe(true);
    expect(unknownUserRef({ ...identity, login: 'x'.repeat(300) }).split('/')[1]?.length).toBeLessThan(64);
  });
});
