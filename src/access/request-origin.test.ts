import { describe, expect, test } from 'vitest';
import { createOriginCheck, isLoopback, type RequestOrigin } from './request-origin.ts';

const local = createOriginCheck({ host: '127.0.0.1', baseUrl: 'http://portal.example:7007' });
const everywhere = createOriginCheck({ host: '0.0.0.0', baseUrl: 'https://portal.example' });

function request(parts: Partial<RequestOrigin>): RequestOrigin {
  return { method: 'GET', host: 'localhost:7007', origin: undefined, fetchSite: undefined, ...parts };
}

describe('the Host header on loopback', () => {
  test.each(['localhost', 'localhost:7007', '127.0.0.1:7007', '[::1]:7007', 'LOCALHOST:7007', 'portal.example:7007'])(
    '%s is this server',
    (host) => {
      expect(() => local(request({ host }))).not.toThrow();
    },
  );

  test.each([
    'attacker.example',
    'attacker.example:7007',
    'localhost.attacker.example',
    '127.0.0.1.nip.example',
    '',
    undefined,
  ])('%s is refused', (host) => {
    expect(() => local(request({ host }))).toThrow(expect.objectContaining({ code: 'HOST_REFUSED', status: 421 }));
  });

  test('beyond loopback any name may lead here', () => {
    expect(() => everywhere(request({ host: '10.1.2.3:8080' }))).not.toThrow();
  });

  test('a refused name is shown bounded and printable', () => {
    const host = `a\u0000${'x'.repeat(500)}`;
    expect(() => local(request({ host }))).toThrow(/the name a\?x{98}\. /);
  });
});

describe('pages of other sites', () => {
  test.each<Partial<RequestOrigin>>([
    { origin: 'https://attacker.example', fetchSite: 'cross-site' },
    { origin: 'https://attacker.example' },
    { fetchSite: 'cross-site' },
    { fetchSite: 'same-site' },
    { origin: 'null' },
    { origin: 'http://localhost:9999' },
  ])('%o may not write', (parts) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      expect(() => local(request({ method, ...parts }))).toThrow(
        expect.objectContaining({ code: 'CROSS_SITE_REFUSED', status: 403 }),
      );
    }
    expect(() => local(request({ method: 'GET', ...parts }))).not.toThrow();
  });

  test.each<Partial<RequestOrigin>>([
    {},
    { fetchSite: 'none' },
    { origin: 'http://localhost:7007', fetchSite: 'same-origin' },
    { origin: 'http://portal.example:7007' },
  ])('%o may: the page is ours, or no browser is involved', (parts) => {
    expect(() => local(request({ method: 'POST', ...parts }))).not.toThrow();
  });

  test('behind a proxy the public origin may write', () => {
    const parts = { method: 'POST', host: '10.0.0.7:7007', origin: 'https://portal.example', fetchSite: 'same-origin' };
    expect(() => everywhere(request(parts))).not.toThrow();
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.0.0.1.example', false],
  ['10.0.0.1', false],
])('isLoopback(%s) is %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
