import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { noPolicy } from '../../src/config/policy-config.ts';
import type { Entity } from '../../src/model/entity.ts';
import type { SessionStart } from '../../src/access/session-value.ts';
import { component } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';
import { startSignInServer, user, type SignInServer } from '../support/sign-in-server.ts';
import type { BrowserSuite, WatchedPage } from './browser.ts';

const policy = `roles:
  stagehand:
    description: Refreshes and deletes what its group owns
    rules:
      - permissions: [catalog.entity.refresh, catalog.entity.delete]
        where: owns(principal, entity)
bindings:
  all-read: { role: viewer, subjects: [everyone] }
  stage: { role: stagehand, subjects: [group:default/stage] }
`;

const group: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name: 'stage', title: 'The stage' },
  spec: { type: 'team', children: [] },
};

/** A person of the group `stage`. */
function stagehand(name: string): Entity {
  const person = user(name, `${name}@example.com`);
  return { ...person, spec: { ...person.spec, memberOf: ['stage'] } };
}

/** A server that people sign in to: Ada administers, Bob is of the stage, everybody may read the catalog. */
export interface House extends SignInServer {
  /** Absolute path of the policy file. */
  readonly policyFile: string;
  /** The policy that the file begins with. */
  readonly policy: string;
  /** Opens a page on which somebody is signed in. */
  enter(open: BrowserSuite['open'], who: string, path: string, parts?: Partial<SessionStart>): Promise<Visit>;
}

/** A page with the session that it was opened with. */
export interface Visit extends WatchedPage {
  readonly sessionId: string;
}

/** Starts it, with a few entities and a policy file. */
export async function openHouse(webFolder: string): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-house-'));
  const policyFile = join(folder, 'access.yaml');
  await writeFile(policyFile, policy);
  const person = (name: string) => [name, { email: `${name}@example.com`, email_verified: true }] as const;
  const suite = await startSignInServer({
    accounts: new Map([person('ada'), person('bob'), person('stranger')]),
    entities: [
      group,
      user('ada', 'ada@example.com'),
      stagehand('bob'),
      component('lights', {}, { description: 'Shines on who speaks' }),
      component('curtain', { owner: 'group:default/house' }),
    ],
    webFolder,
    config: {
      access: { ...noPolicy, file: policyFile, admins: ['user:default/ada'], contact: 'Ask at the stage door.' },
      organization: 'Old Theatre',
    },
  });
  return {
    ...suite,
    policyFile,
    policy,
    async enter(open, who, path, parts = {}) {
      const { id, cookie } = await signIn(suite.server, `user:default/${who}`, { provider: 'oidc', ...parts });
      const watched = await open('');
      await setCookie(watched.page, suite.baseUrl, cookie);
      await watched.page.goto(suite.baseUrl + path);
      return { ...watched, sessionId: id };
    },
    async close() {
      await suite.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Gives a browser a cookie, as `name=value`. */
export async function setCookie(page: Page, url: string, cookie: string): Promise<void> {
  const at = cookie.indexOf('=');
  await page.context().addCookies([{ name: cookie.slice(0, at), value: cookie.slice(at + 1), url }]);
}
