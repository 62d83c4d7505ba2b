import { describe, expect, test } from 'vitest';
import type { Principal } from '../../access/principal.ts';
import { prefixedImpersonation, type ImpersonationConfig } from '../../config/fleet-config.ts';
import type { ClusterEntry } from '../cluster-entry.ts';
import { ActingUsers } from './acting-users.ts';

const ada: Principal = {
  kind: 'user',
  ref: 'user:default/ada',
  credential: { kind: 'session', id: 'one', provider: 'test' },
};
const guest: Principal = { kind: 'guest', ref: 'user:default/guest' };

interface Setting {
  readonly config?: Partial<ImpersonationConfig>;
  readonly claims?: readonly string[];
  readonly email?: string;
}

function usersWith({ config, claims = ['user:default/ada', 'group:default/crew'], email }: Setting = {}): ActingUsers {
  const entry = (name: string, said: Partial<ClusterEntry>): ClusterEntry => ({
    name,
    origin: 'test',
    connection: {
      name,
      server: 'https://a.example',
      isInsecure: false,
      disableCompression: false,
      credential: { type: 'none' },
    },
    labels: {},
    isProtected: false,
    warnings: [],
    ...said,
  });
  return new ActingUsers({
    config: { ...prefixedImpersonation, ...config },
    clusters: {
      entries: () => [
        entry('open', { isActing: true }),
        entry('closed', {}),
        entry('demo', { isActing: true, isOpenToGuests: true }),
      ],
    },
    claimsOf: () => new Set(claims),
    emailOf: () => email,
  });
}

describe('as whom a person acts', () => {
  test.each([
    ['its ref, with prefixes', {}, 'callboard:user:default/ada', ['callboard:group:default/crew']],
    ['its name', { config: { user: 'name' } }, 'callboard:ada', ['callboard:crew']],
    [
      'its address, where the clusters know people by it',
      { config: { user: 'email', userPrefix: '', groupPrefix: 'oidc:' }, email: 'ada@stage.example' },
      'ada@stage.example',
      ['oidc:crew'],
    ],
    [
      'its groups and those above them, in order',
      { claims: ['user:default/ada', 'group:default/stage', 'group:touring/crew'] },
      'callboard:user:default/ada',
      ['callboard:group:default/stage', 'callboard:group:touring/crew'],
    ],
    [
      'names of another namespace, never those of the default one',
      { config: { user: 'name' }, claims: ['group:touring/crew'] },
      'callboard:ada',
      ['callboard:touring/crew'],
    ],
  ] as const)('is %s', (_name, setting, user, groups) => {
    expect(usersWith(setting as Setting).as(ada, 'open')).toEqual({ user, groups, extra: {} });
  });

  test.each([
    [
      'a group of the cluster’s own',
      { config: { user: 'name', groupPrefix: '' }, claims: ['group:default/system:masters'] },
    ],
    ['one in other letters', { config: { user: 'name', groupPrefix: '' }, claims: ['group:default/System:masters'] }],
    [
      'a prefix and a name that make one',
      { config: { user: 'name', userPrefix: 'sys', groupPrefix: 'sys' }, claims: ['group:default/tem:nodes'] },
    ],
    ['an address that is one', { config: { user: 'email', userPrefix: '' }, email: 'system:admin' }],
    ['an address that would be another header', { config: { user: 'email' }, email: 'a\r\nImpersonate-Group: x' }],
    ['no address', { config: { user: 'email' } }],
    ['too many groups', { claims: Array.from({ length: 501 }, (_, at) => `group:default/g${at}`) }],
  ] as const)('is never %s', (_name, setting) => {
    expect(() => usersWith(setting as Setting).as(ada, 'open')).toThrow(
      expect.objectContaining({ code: 'IMPERSONATION_INVALID', status: 403 }) as Error,
    );
  });
});

describe('who acts', () => {
  const service: Principal = { kind: 'service', ref: 'service:default/robot', credential: { kind: 'token', id: 'a' } };
  const external: Principal = { kind: 'user', ref: 'user:default/ada', credential: { kind: 'external', subject: 'x' } };

  test.each([
    ['a guest', guest],
    ['nobody', { kind: 'anonymous', ref: 'anonymous' } satisfies Principal],
    ['a service', service],
    ['a caller that the configuration names', external],
    ['a user without a proof', { kind: 'user', ref: 'user:default/ada' } satisfies Principal],
  ])('is not %s', (_name, principal) => {
    const refused = expect.objectContaining({ code: 'ACTING_NOBODY', status: 403 }) as Error;
    expect(() => usersWith().as(principal, 'open')).toThrow(refused);
  });

  test('is a guest in the demo, and no other who is no person', () => {
    expect(usersWith({ claims: [] }).as(guest, 'demo')).toEqual({
      user: 'callboard:user:default/guest',
      groups: [],
      extra: {},
    });
    expect(() => usersWith().as(service, 'demo')).toThrow(/only a person/);
  });

  test('is nobody where the cluster is not opened for it, or is not there', () => {
    expect(() => usersWith().as(ada, 'closed')).toThrow(expect.objectContaining({ code: 'ACTING_OFF' }) as Error);
    expect(() => usersWith().as(ada, 'none')).toThrow(expect.objectContaining({ code: 'CLUSTER_UNKNOWN' }) as Error);
  });
});
