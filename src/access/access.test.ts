import { afterEach, describe, expect, test } from 'vitest';
import { openTestAccess, testContact as contact, type TestAccess } from '../../test/support/access.ts';
import type { GraphReader, Visibility } from '../graph/view.ts';
import { EVERYTHING } from '../model/predicate.ts';
import type { Access } from './access.ts';
import { ANONYMOUS, GUEST } from './authenticator.ts';
import { admitsGuests } from './guests.ts';
import type { Decision, Policy } from './policy.ts';
import { visibilityOf } from './visibility.ts';

/** The few answers of a graph that the permission layer asks for, with claims that a test may change. */
function graphOf(claims: Map<string, readonly string[]>): GraphReader {
  return {
    revision: 1,
    principalContext: (ref: string) => ({ ref, claims: new Set(claims.get(ref) ?? [ref]) }),
    view: (visibility: Visibility) => ({ visibility }) as ReturnType<GraphReader['view']>,
    waitFor: () => Promise.resolve(),
    setVolatileFacts: () => undefined,
  };
}

const condition: Decision = { result: 'condition', key: 'mine', condition: EVERYTHING };
const always = (decision: Decision): Policy => ({ decide: () => decision });

const opened: TestAccess[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function createAccess(parts: Parameters<typeof openTestAccess>[0]): Promise<Access> {
  const each = await openTestAccess(parts);
  opened.push(each);
  return each.access;
}

describe('authorize', () => {
  const graph = graphOf(new Map());

  test('a denial names the principal, the permission, the reason and whom to ask', async () => {
    const access = await createAccess({ policy: always({ result: 'deny', reason: 'not on call' }), graph });
    expect(() => access.authorize(GUEST, 'catalog.entity.refresh')).toThrow(
      expect.objectContaining({
        code: 'PERMISSION_DENIED',
        status: 403,
        message:
          'user:default/guest may not do this: permission catalog.entity.refresh is denied (not on call). ' + contact,
      }),
    );
  });

  test('public routes are not asked about', async () => {
    const access = await createAccess({ policy: always({ result: 'deny', reason: 'no' }), graph });
    expect(() => access.authorize(GUEST, 'public')).not.toThrow();
  });

  test('a condition permits reading, because the view applies it, and nothing else', async () => {
    const access = await createAccess({ policy: always(condition), graph });
    expect(() => access.authorize(GUEST, 'catalog.entity.read')).not.toThrow();
    expect(() => access.authorize(GUEST, 'catalog.entity.refresh')).toThrow(
      expect.objectContaining({ code: 'PERMISSION_DENIED' }),
    );
  });

  test('a policy that throws permits nothing', async () => {
    const access = await createAccess({
      policy: {
        decide: () => {
          throw new Error('broken policy');
        },
      },
      graph,
    });
    expect(() => access.authorize(GUEST, 'catalog.entity.read')).toThrow('broken policy');
    expect(() => access.viewOf(GUEST)).toThrow('broken policy');
  });
});

describe('visibility', () => {
  const principal = { ref: 'user:default/a', claims: new Set(['user:default/a']) };

  test('allow is all, deny is none, a condition is a filter', () => {
    expect(visibilityOf({ result: 'allow' }, principal)).toMatchObject({ kind: 'all' });
    expect(visibilityOf({ result: 'deny', reason: 'r' }, principal)).toMatchObject({ kind: 'none' });
    expect(visibilityOf(condition, principal)).toMatchObject({ kind: 'filter', predicate: EVERYTHING });
  });

  test('filters of other principals, other claims and other conditions have other keys', () => {
    const key = (decision: Decision, ref: string, claims: readonly string[]): string =>
      visibilityOf(decision, { ref, claims: new Set(claims) }).key;
    const keys = [
      key(condition, 'user:default/a', ['user:default/a']),
      key(condition, 'user:default/a', ['user:default/a', 'group:default/x']),
      key(condition, 'user:default/b', ['user:default/b']),
      key({ ...condition, key: 'other' }, 'user:default/a', ['user:default/a']),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(key(condition, 'user:default/a', ['y', 'x'])).toBe(key(condition, 'user:default/a', ['x', 'y']));
  });

  test('claims are those of the moment: a new one makes a new key', async () => {
    const claims = new Map([[GUEST.ref, ['group:default/before']]]);
    const graph = graphOf(claims);
    const access = await createAccess({ policy: always(condition), graph });
    const before = access.viewOf(GUEST).visibility;
    expect(access.visibilityOf(GUEST).key).toBe(before.key);
    claims.set(GUEST.ref, ['group:default/after']);
    const after = access.visibilityOf(GUEST);
    expect([...after.principal.claims]).toEqual(['group:default/after']);
    expect(after.key).not.toBe(before.key);
  });
});

describe('guests', () => {
  const unconfigured = { guests: 'loopback', isAccessConfigured: false } as const;

  test.each(['127.0.0.1', 'localhost', '::1'])('are welcome on %s', (host) => {
    expect(admitsGuests({ ...unconfigured, host })).toBe(true);
  });

  test('are refused beyond loopback: nobody else could come, so the start stops', () => {
    expect(() => admitsGuests({ ...unconfigured, host: '0.0.0.0' })).toThrow(
      expect.objectContaining({ code: 'GUESTS_EXPOSED' }),
    );
    expect(admitsGuests({ guests: 'loopback', isAccessConfigured: true, host: '0.0.0.0' })).toBe(false);
  });

  test('come in everywhere or nowhere where the configuration says so', () => {
    expect(admitsGuests({ ...unconfigured, guests: 'everywhere', host: '0.0.0.0' })).toBe(true);
    expect(admitsGuests({ ...unconfigured, guests: 'never', host: '127.0.0.1' })).toBe(false);
  });
});

describe('nobody', () => {
  test('may use what is public, and is told where to sign in for everything else', async () => {
    const access = await createAccess({ graph: graphOf(new Map()), guests: false });
    expect(access.authorize(ANONYMOUS, 'public')).toBeUndefined();
    for (const permission of ['catalog.entity.read', 'signed-in'] as const) {
      expect(() => access.authorize(ANONYMOUS, permission)).toThrow(
        expect.objectContaining({
          code: 'SIGN_IN_REQUIRED',
          status: 401,
          details: expect.objectContaining({ permission, signIn: '/sign-in', contact }) as unknown,
        }),
      );
    }
    expect(access.visibilityOf(ANONYMOUS).kind).toBe('none');
    expect(access.abilitiesOf(ANONYMOUS)).toMatchObject({ conditional: [] });
  });
});
