import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noBackstage } from '../../src/config/backstage-config.ts';
import { allowAll } from '../support/allow-all.ts';
import { component } from '../support/server.ts';
import { startSignInServer, user, type SignInServer } from '../support/sign-in-server.ts';
import { describeInBrowser } from './browser.ts';

/** What a Backstage frontend does to sign somebody in, without the rest of it. */
const frontend = (api: string): string => `<!doctype html><title>A frontend</title>
<button id="sign-in">Sign in</button><pre id="told"></pre>
<script>
const told = [];
addEventListener('message', ({ origin, data }) => {
  told.push({ fromApi: origin === '${api}', data });
  document.getElementById('told').textContent = JSON.stringify(told);
});
document.getElementById('sign-in').addEventListener('click', () => {
  const query = new URLSearchParams({ env: 'development', origin: location.origin });
  open('${api}/api/auth/oidc/start?' + query, 'sign-in', 'popup,width=500,height=600');
});
</script>`;

describeInBrowser('a Backstage frontend of another origin', ({ open }) => {
  let suite: SignInServer;
  let app: Server;
  let appOrigin: string;

  beforeAll(async () => {
    let html = '';
    app = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(html);
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    appOrigin = `http://localhost:${(app.address() as AddressInfo).port}`;
    suite = await startSignInServer({
      accounts: new Map([['jane', { email: 'jane@example.com', email_verified: true }]]),
      entities: [user('jane', 'jane@example.com'), component('lights')],
      policy: allowAll,
      config: { backstage: { ...noBackstage, appOrigins: [appOrigin] } },
    });
    html = frontend(suite.baseUrl);
  });
  afterAll(async () => {
    await suite.close();
    await new Promise((resolve) => app.close(resolve));
  });

  test('signs somebody in through a window, refreshes, and reads the catalog with its token', async () => {
    const { page, errors, close } = await open('');
    await page.goto(appOrigin);
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#sign-in')]);
    await popup.getByPlaceholder('Enter any login').fill('jane');
    await popup.getByPlaceholder('and password').fill('any');
    await popup.getByRole('button', { name: 'Sign-in' }).click();
    await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Continue' }).click()]);
    const told = JSON.parse(await page.locator('#told').innerText()) as unknown[];
    expect(told).toEqual([
      { fromApi: true, data: { type: 'config_info', targetOrigin: appOrigin } },
      {
        fromApi: true,
        data: {
          type: 'authorization_response',
          response: expect.objectContaining({ profile: { displayName: 'The jane', email: 'jane@example.com' } }),
        },
      },
    ]);
    const names = await page.evaluate(async (api) => {
      const refreshed = await fetch(`${api}/api/auth/oidc/refresh?optional`, {
        headers: { 'x-requested-with': 'XMLHttpRequest' },
        credentials: 'include',
      });
      const { backstageIdentity } = (await refreshed.json()) as { backstageIdentity: { token: string } };
      const headers = { authorization: `Bearer ${backstageIdentity.token}` };
      const list = await fetch(`${api}/api/catalog/entities?filter=kind=component`, { headers });
      return ((await list.json()) as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
    }, suite.baseUrl);
    expect(names).toEqual(['lights']);
    expect(errors).toEqual([]);
    await close();
  });
});
