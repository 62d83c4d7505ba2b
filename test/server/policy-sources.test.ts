import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noPolicy, type PolicyConfig } from '../../src/config/policy-config.ts';
import { startOpaServer, type OpaServer } from '../support/opa-server.ts';
import { component, startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts';
import { openSse } from '../support/sse.ts';

// Where a policy comes from, on a real server: a file that changes while streams are open, and an agent that decides.

let folder: string;
let file: string;
let server: TestServer | undefined;
let agent: OpaServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-policy-'));
  file = join(folder, 'access.yaml');
  agent = await startOpaServer();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await agent.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(access: Partial<PolicyConfig>, limits?: TestServerOptions['limits']): Promise<TestServer> {
  const entities = [
    { apiVersion: 'backstage.io/v1alpha1', kind: 'User', metadata: { name: 'ada' }, spec: { memberOf: ['stage'] } },
    component('lamp'),
    component('desk', { owner: 'house' }),
  ];
  server = await startTestServer({ entities, limits, config: { access: { ...noPolicy, ...access } } });
  return server;
}

/** Headers by which somebody asks. */
async function asking({ access }: TestServer, principal = 'user:default/ada'): Promise<{ authorization: string }> {
  const start = { kind: 'personal', principal, name: 'test', createdBy: principal } as const;
  const audit = { at: 0, actor: start.principal, action: 'access.token.create', outcome: 'success' } as const;
  const { text } = await access.tokens.make({ ...start, expiresAt: Date.now() + 600_000 }, audit);
  return { authorization: `Bearer ${text}` };
}

async function names(asked: TestServer, headers: { authorization: string }): Promise<string[]> {
  const response = await asked.get('/api/v1/entities?filter=kind=component&order=metadata.name', { headers });
  const { items = [] } = (await response.json()) as { items?: { metadata: { name: string } }[] };
  return items.map(({ metadata }) => metadata.name);
}

const policyOf = (where: string): string =>
  `roles:\n  some: {rules: [{permissions: [catalog.entity.read], where: '${where}'}]}\nbindings:\n  all: {role: some, subjects: [everyone]}\n`;

describe('a policy file', () => {
  test('that changes is in force at once: an open stream is told to read again; a bad one changes nothing', async () => {
    await writeFile(file, policyOf('owns(principal, entity)'));
    const running = await open({ file, admins: ['user:default/root'] });
    const headers = await asking(running);
    expect(await names(running, headers)).toEqual(['lamp']);
    const stream = await openSse(`${running.url}/api/v1/events`, headers);
    await stream.next('bookmark');
    await writeFile(file, policyOf('kind == "Component"'));
    expect((await stream.next('relist')).data).toMatchObject({ reason: 'permission' });
    expect(await names(running, headers)).toEqual(['desk', 'lamp']);

    await writeFile(file, policyOf('owner =='));
    const root = await asking(running, 'user:default/root');
    const problems = async (): Promise<readonly { readonly place: string }[]> => {
      const response = await running.get('/api/v1/access/policy', { headers: root });
      return ((await response.json()) as { problems: { place: string }[] }).problems;
    };
    await expect.poll(problems).toMatchObject([{ place: expect.stringMatching(/^access\.yaml:2:\d+$/) }]);
    expect(await names(running, headers)).toEqual(['desk', 'lamp']);
    stream.close();
    const reloads = async () => running.store.access.audit({ action: 'access.policy.reload' }, { limit: 9 });
    await expect.poll(async () => (await reloads()).map(({ outcome }) => outcome)).toEqual(['failure', 'success']);
  });

  test('that changed while a reader was away: it is told to read again when it comes back', async () => {
    await writeFile(file, policyOf('owns(principal, entity)'));
    const running = await open({ file });
    const headers = await asking(running);
    const first = await openSse(`${running.url}/api/v1/events`, headers);
    const { id = '' } = await first.next('bookmark');
    first.close();
    const again = await openSse(`${running.url}/api/v1/events`, { ...headers, 'last-event-id': id });
    await writeFile(file, policyOf('kind == "Component"'));
    const change = await again.next('relist');
    again.close();
    await expect.poll(() => names(running, headers)).toEqual(['desk', 'lamp']);
    const later = await openSse(`${running.url}/api/v1/events`, { ...headers, 'last-event-id': id });
    expect((await later.next('relist')).data).toMatchObject({ reason: 'permission' });
    await running.put(component('more'));
    expect((await later.nextEntities()).told).toEqual(['put component:default/more']);
    expect(change.data).toMatchObject({ reason: 'permission' });
    later.close();
  });

  test('that is no good stops the start, with every place', async () => {
    await writeFile(file, policyOf('owner =='));
    await expect(open({ file })).rejects.toMatchObject({ code: 'POLICY_INVALID' });
  });
});

describe('a policy agent', () => {
  test('decides on requests, filters lists, and says why not', async () => {
    agent.rule = ({ permission }) =>
      permission === 'catalog.entity.read'
        ? { allow: true, where: 'owns(principal, entity)' }
        : { allow: false, reason: 'not on call' };
    const running = await open({ opa: { url: agent.url, timeoutMs: 2_000, cacheSeconds: 60 } });
    const headers = await asking(running);
    expect(await names(running, headers)).toEqual(['lamp']);
    const refused = await running.get('/api/v1/sources', { headers });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      details: { reason: 'not on call', permission: 'catalog.source.read' },
    });
    const check = await running.get('/api/v1/access/check', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ permission: 'catalog.entity.read', entity: 'component:default/lamp' }),
    });
    expect(await check.json()).toMatchObject({ result: 'allow', reasons: [] });
  });

  test('that decides otherwise later is heard by open streams too', async () => {
    agent.rule = () => true;
    const running = await open({ opa: { url: agent.url, timeoutMs: 2_000, cacheSeconds: 0 } }, { heartbeatMs: 100 });
    const headers = await asking(running);
    const stream = await openSse(`${running.url}/api/v1/events`, headers);
    await stream.next('bookmark');
    const before = agent.asked.length;
    await expect.poll(() => agent.asked.length).toBeGreaterThan(before + 2);
    agent.rule = () => ({ allow: true, where: 'owns(principal, entity)' });
    expect((await stream.next('relist')).data).toMatchObject({ reason: 'permission' });
    stream.close();
  });

  test('that is away denies, but not to administrators of the configuration', async () => {
    agent.fault = 'error';
    const opa = { url: agent.url, timeoutMs: 2_000, cacheSeconds: 1 };
    const running = await open({ opa, admins: ['group:default/stage'] });
    expect(await names(running, await asking(running))).toEqual(['desk', 'lamp']);
    await running.put({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { name: 'ada' },
      spec: { memberOf: [] },
    });
    const refused = await running.get('/api/v1/entities', { headers: await asking(running) });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ details: { reason: 'the policy agent gives no decision' } });
  });
});
