import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { systemClock } from '../base/clock.ts';
import { assertReachable, createOutbound } from './outbound.ts';

describe('where metadata may lead', () => {
  test.each([
    ['https://login.example', 'https://login.example/token'],
    ['https://login.example', 'https://oauth2.other.example/token'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/jwks'],
    ['https://10.0.0.7', 'https://10.0.0.7:8443/jwks'],
    ['http://idp:8080', 'http://idp:8080/realms/x/token'],
  ])('%s may name %s', (home, url) => {
    expect(() => assertReachable(url, home)).not.toThrow();
  });

  test.each([
    ['https://login.example', 'http://login.example/token'],
    ['https://login.example', 'https://127.0.0.1/token'],
    ['https://login.example', 'https://2130706433/token'],
    ['https://login.example', 'https://0x7f.1/token'],
    ['https://login.example', 'https://[::1]/token'],
    ['https://login.example', 'https://localhost/token'],
    ['https://login.example', 'https://kubernetes/token'],
    ['https://login.example', 'https://metadata.google.internal/'],
    ['https://login.example', 'https://printer.local/'],
    ['https://login.example', 'https://user:word@other.example/'],
    ['https://login.example', 'file:///etc/passwd'],
    ['https://login.example', 'javascript:alert(1)'],
    ['https://login.example', 'nonsense'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4001/jwks'],
    ['http://login.example', 'http://169.254.169.254/'],
  ])('%s may not name %s', (home, url) => {
    expect(() => assertReachable(url, home)).toThrow(/is not asked/);
  });
});

describe('asking a provider', () => {
  const server = createServer((request, response) => {
    if (request.url === '/broken') response.writeHead(503).end();
    else if (request.url === '/moved') response.writeHead(302, { location: '/' }).end();
    else if (request.url === '/cut')
      response.writeHead(200, { 'content-length': '10' }).write('x', () => response.destroy());
    else if (request.url === '/silent') request.resume();
    else response.end('fine');
  });
  const home = new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const away = { code: 'SIGN_IN_PROVIDER_AWAY', message: expect.stringContaining('Okta') as unknown };

  test('gives the whole answer, and a redirect as it is', async () => {
    const url = await home;
    const ask = createOutbound({ home: url, title: 'Okta', clock: systemClock });
    expect(await (await ask(`${url}/`)).text()).toBe('fine');
    expect((await ask(`${url}/moved`)).status).toBe(302);
  });

  test('one that fails, breaks off or is not there is away', async () => {
    const url = await home;
    const ask = createOutbound({ home: url, title: 'Okta', clock: systemClock });
    await expect(ask(`${url}/broken`)).rejects.toMatchObject(away);
    await expect(ask(`${url}/cut`)).rejects.toMatchObject(away);
    const nobody = createOutbound({ home: 'http://127.0.0.1:1', title: 'Okta', clock: systemClock });
    await expect(nobody('http://127.0.0.1:1/')).rejects.toMatchObject(away);
  });

  test('one that is silent is away after ten seconds', async () => {
    const url = await home;
    const clock = new ManualClock();
    const asked = createOutbound({ home: url, title: 'Okta', clock })(`${url}/silent`);
    clock.advance(10_000);
    await expect(asked).rejects.toMatchObject(away);
  });
});
