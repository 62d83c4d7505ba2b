import { expect, test } from 'vitest';
import { allowedKinds, isAllowed } from './allowed-kinds.ts';

const origin = 'url:https://example.org/teams/catalog-info.yaml';

test('without rules a configured location may hold all, a registered one what anybody may register', () => {
  expect(allowedKinds(origin, true, undefined)).toBeUndefined();
  const registered = allowedKinds(origin, false, undefined);
  expect(['Component', 'api', 'LOCATION'].map((kind) => isAllowed(registered, kind, 'x'))).toEqual([true, true, true]);
  expect(['User', 'Group', 'Template', 'System'].some((kind) => isAllowed(registered, kind, 'x'))).toBe(false);
});

test('rules of one location add to the general ones, and stand alone where there are none', () => {
  const user = [{ kind: 'User' }];
  expect(allowedKinds(origin, true, undefined, user)).toEqual(user);
  expect(allowedKinds(origin, true, [{ allow: [{ kind: 'Component' }] }], user)).toEqual([
    ...user,
    { kind: 'Component' },
  ]);
});

test.each([
  [{}, true],
  [{ type: 'url' }, true],
  [{ type: 'file' }, false],
  [{ exact: 'https://example.org/teams/catalog-info.yaml' }, true],
  [{ exact: 'https://example.org/teams/' }, false],
  [{ pattern: 'https://EXAMPLE.org/teams/*' }, true],
  [{ pattern: 'https://example.org/*' }, false],
  [{ type: 'url', pattern: 'https://example.org/**' }, true],
])('a rule for %j', (location, holds) => {
  const allowed = allowedKinds(origin, false, [{ allow: [{ kind: 'User' }], locations: [location] }]);
  expect(isAllowed(allowed, 'user', undefined)).toBe(holds);
});

test('a type narrows a kind; letter case does not count', () => {
  const allowed = [{ kind: 'component', type: 'Website' }];
  expect(isAllowed(allowed, 'Component', 'website')).toBe(true);
  expect(isAllowed(allowed, 'Component', 'service')).toBe(false);
  expect(isAllowed(allowed, 'Component', undefined)).toBe(false);
});
