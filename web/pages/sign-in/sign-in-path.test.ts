import { expect, test } from 'vitest';
import { localPath, startUrl } from './sign-in-path.ts';

test.each([
  ['/sources', '/sources'],
  ['/catalog?kind=component&q=a+b', '/catalog?kind=component&q=a+b'],
  [undefined, '/catalog'],
  ['', '/catalog'],
  ['//elsewhere.example/', '/catalog'],
  ['/\\elsewhere.example/', '/catalog'],
  ['/a\\..\\b', '/catalog'],
  ['https://elsewhere.example/', '/catalog'],
  ['javascript:alert(1)', '/catalog'],
  ['/a b', '/catalog'],
])('of %s one goes to %s', (wanted, path) => {
  expect(localPath(wanted)).toBe(path);
});

test('a way to sign in takes the place to come back to', () => {
  expect(startUrl('/api/auth/okta/start?flow=redirect', '/audit?q=a&record=3')).toBe(
    '/api/auth/okta/start?flow=redirect&redirectUrl=%2Faudit%3Fq%3Da%26record%3D3',
  );
  expect(startUrl('/api/auth/okta/start', '/')).toBe('/api/auth/okta/start?redirectUrl=%2F');
});
