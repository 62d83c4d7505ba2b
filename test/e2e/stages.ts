import type { Page } from 'playwright-core';
import { serve, startFileServer } from '../support/client-catalog.ts';
import { catalogOf, component, startTestServer } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';
import { openHouse, setCookie, type House } from './people.ts';
import type { PageCase, PageState } from './pages.ts';
import { stageFleet } from './stage-fleet.ts';
import { fillTimeline } from './stage-timeline.ts';
import { openTheatre, PARTS, waitForEntities } from './theatre.ts';

/** The servers that show every page in every state. */
export interface Stages {
  readonly house: House;
  /** Where the catalog of files is served. */
  readonly theatreUrl: string;
  /** Absolute URL of a page in a state. */
  urlOf(page: PageCase, state: PageState): string;
  /** Makes the browser the one that a page is opened as: the administrator, or one who may not. */
  enterAs(page: Page, state: PageState): Promise<void>;
  close(): Promise<void>;
}

/** Starts them: a catalog of files with a registered location, an empty one, and a house with people. */
export async function openStages(webFolder: string): Promise<Stages> {
  const theatre = await openTheatre();
  const files = await startFileServer();
  const full = await startTestServer({
    webFolder,
    live: stageFleet().live,
    config: { catalog: catalogOf([theatre.folder]), reading: { allow: [{ host: files.host }] } },
  });
  await fillTimeline(full.store.timeline);
  const empty = await startTestServer({ webFolder });
  const house = await openFurnishedHouse(webFolder);
  const registered = await full.get('/api/v1/locations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'url', target: serve(files, '/ramp.yaml', component('ramp')) }),
  });
  const { location } = (await registered.json()) as { readonly location: { readonly id: string } };
  await waitForEntities(full, PARTS + 6);
  return {
    house,
    theatreUrl: full.url,
    urlOf({ stage, path }, state) {
      const base = stage === 'house' ? house.baseUrl : state === 'empty' ? empty.url : full.url;
      return base + path.replace('{registration}', location.id);
    },
    async enterAs(page, state) {
      const who = state === 'denied' ? 'bob' : 'ada';
      await setCookie(page, house.baseUrl, (await signIn(house.server, `user:default/${who}`)).cookie);
    },
    async close() {
      await Promise.all([full.close(), empty.close(), house.close(), files.close()]);
      await theatre.close();
    },
  };
}

/** A house with a role, a token, a secret and a session, so that no page around access is bare. */
export async function openFurnishedHouse(webFolder: string): Promise<House> {
  const house = await openHouse(webFolder);
  const { server } = house;
  const { headers } = await signIn(server, 'user:default/ada', {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    address: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
  });
  const write = async (method: string, path: string, body: object): Promise<void> => {
    const response = await server.get(path, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  };
  const rule = { permissions: ['catalog.entity.refresh'], where: 'metadata.name.startsWith("light")' };
  await write('PUT', '/api/v1/access/roles/electrician', { description: 'Looks after lights', rules: [rule] });
  await write('POST', '/api/v1/access/tokens', {
    name: 'mirror',
    service: 'catalog-mirror',
    scopes: ['catalog.*.read', 'access.audit.export', 'access.audit.read'],
    expiresInDays: 30,
  });
  await write('PUT', '/api/v1/secrets/okta-client', { value: 'a value that nobody reads' });
  return house;
}
