import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { startOpaServer, type OpaFault, type OpaServer } from '../../../test/support/opa-server.ts';
import { entity, openTestPolicy, type TestPolicy } from '../../../test/support/policy.ts';
import { systemClock, type Clock } from '../../base/clock.ts';
import { createLog } from '../../telemetry/log.ts';
import type { Decision } from '../policy.ts';
import type { Principal } from '../principal.ts';
import { visibilityOf } from '../visibility.ts';
import { OpaClient } from './opa-client.ts';
import { OpaPolicy } from './opa-policy.ts';

const ada: Principal = { kind: 'user', ref: 'user:default/ada' };
const bo: Principal = { kind: 'user', ref: 'user:default/bo' };

let agent: OpaServer;
let policy: TestPolicy;
beforeEach(async () => {
  agent = await startOpaServer();
  policy = await openTestPolicy({
    standing: { admins: ['user:default/root'], services: [] },
    entities: [
      entity('User', 'ada', { memberOf: ['stage'] }),
      entity('Component', 'lamp', { owner: 'stage', type: 'a' }),
      entity('Component', 'desk', { owner: 'user:bo', type: 'b' }),
    ],
  });
});
afterEach(async () => {
  await policy.close();
  await agent.close();
});

function opa(options: { timeoutMs?: number; cacheSeconds?: number; clock?: Clock } = {}): OpaPolicy {
  const { timeoutMs = 2_000, cacheSeconds = 10, clock = new ManualClock() } = options;
  const config = { url: agent.url, timeoutMs, cacheSeconds };
  // Timeouts are the machine's: the manual clock stands still.
  const client = new OpaClient(config, { clock: systemClock, log: createLog({ level: 'fatal', format: 'json' }) });
  return new OpaPolicy({ config, client, roles: policy.engine, graph: policy.catalog.graph, clock });
}

async function ask(opened: OpaPolicy, who: Principal, permission = 'catalog.entity.read' as const): Promise<Decision> {
  await opened.prepare(who, [permission]);
  return opened.decide(who, permission);
}

describe('what the agent says is what is decided', () => {
  test('it is asked with who asks, all claims, the permission and what that is about', async () => {
    agent.rule = ({ principal }) => principal.claims.includes('group:default/stage');
    const opened = opa();
    expect(await ask(opened, ada)).toEqual({ result: 'allow' });
    expect(await ask(opened, bo)).toEqual({ result: 'deny', reason: 'the policy agent denies it' });
    expect(agent.asked[0]).toEqual({
      principal: { ref: 'user:default/ada', kind: 'user', claims: ['group:default/stage', 'user:default/ada'] },
      permission: 'catalog.entity.read',
      resource: 'entity',
    });
  });

  test('a reason is told, and a condition filters entities', async () => {
    agent.rule = ({ principal }) =>
      principal.ref === bo.ref
        ? { allow: false, reason: 'not on call' }
        : { allow: true, where: 'owns(principal, entity)' };
    const opened = opa();
    expect(await ask(opened, bo)).toEqual({ result: 'deny', reason: 'not on call' });
    const { graph } = policy.catalog;
    const decision = await ask(opened, ada);
    const view = graph.view(visibilityOf(decision, graph.principalContext(ada.ref)));
    expect(view.list({ limit: 9 }).ids.map((id) => view.refOf(id))).toEqual(['component:default/lamp']);
  });

  test('conditions that cannot be used deny', async () => {
    const opened = opa({ cacheSeconds: 0 });
    agent.rule = () => ({ allow: true, where: 'owner ==' });
    expect(await ask(opened, ada)).toMatchObject({ result: 'deny', reason: expect.stringContaining('cannot be used') });
    agent.rule = () => ({ allow: true, where: 'facts.load.now > 1' });
    expect(await ask(opened, ada)).toMatchObject({ result: 'deny', reason: expect.stringContaining('no fact') });
    agent.rule = () => ({ allow: true, where: 'kind == "API"' });
    expect(await ask(opened, ada, 'catalog.source.read' as 'catalog.entity.read')).toMatchObject({ result: 'deny' });
  });

  test('live objects go by the condition on who owns them', async () => {
    agent.rule = ({ resource }) => (resource === 'live' ? { allow: true, where: 'owns(principal, entity)' } : false);
    const opened = opa();
    await opened.prepare(ada, ['kube.pod.read']);
    const may = (ownerRef?: string): string =>
      opened.decideLive(ada, 'kube.pod.read', { cluster: 'a', ownerRef }).result;
    expect([may('component:default/lamp'), may('component:default/desk'), may()]).toEqual(['allow', 'deny', 'deny']);
  });
});

describe('what is not decided is denied', () => {
  test.each<[OpaFault, string]>([
    ['error', 'the policy agent gives no decision'],
    ['slow', 'the policy agent gives no decision'],
    ['cut', 'the policy agent gives no decision'],
    ['redirect', 'the policy agent gives no decision'],
    ['huge', 'the policy agent gives no decision'],
    ['form', 'the policy agent gives no decision'],
    [undefined, 'the policy agent has no rule for it'],
  ])('when it answers with %s', async (fault, reason) => {
    agent.fault = fault;
    // Only what is slow may be given up: a busy machine is late too.
    const timeoutMs = fault === 'slow' ? 200 : 30_000;
    expect(await ask(opa({ timeoutMs }), ada)).toEqual({ result: 'deny', reason });
  });

  test('when nobody is there, until somebody is again', async () => {
    const clock = new ManualClock();
    const opened = opa({ clock });
    agent.rule = () => true;
    agent.fault = 'error';
    expect((await ask(opened, ada)).result).toBe('deny');
    agent.fault = undefined;
    expect(opened.prepare(ada, ['catalog.entity.read'])).toBeUndefined();
    clock.advance(1_001);
    expect((await ask(opened, ada)).result).toBe('allow');
  });

  test('when it was not asked, whoever asks', () => {
    expect(opa().decide(ada, 'catalog.entity.read')).toMatchObject({ result: 'deny' });
    expect(opa().prepare({ kind: 'anonymous', ref: ada.ref }, ['catalog.entity.read'])).toBeUndefined();
  });

  test('what no route takes is not even asked', async () => {
    agent.rule = () => true;
    expect((await ask(opa(), ada, 'a.b.c' as 'catalog.entity.read')).result).toBe('deny');
    expect(agent.asked).toEqual([]);
  });
});

test('a decision is kept, shared by those who ask at once, and asked again when it has run out or claims change', async () => {
  const clock = new ManualClock();
  const opened = opa({ clock });
  agent.rule = () => true;
  await Promise.all([ask(opened, ada), ask(opened, { ...ada })]);
  expect(agent.asked).toHaveLength(1);
  const decision = opened.decide(ada, 'catalog.entity.read');
  clock.advance(10_001);
  expect(opened.decide(ada, 'catalog.entity.read')).toBe(decision);
  expect(await ask(opened, ada)).toBe(decision);
  expect(agent.asked).toHaveLength(2);
  await policy.put(entity('User', 'ada', { memberOf: [] }));
  expect(opened.decide(ada, 'catalog.entity.read').result).toBe('deny');
  agent.rule = () => false;
  expect((await ask(opened, ada)).result).toBe('deny');
  clock.advance(71_000);
  agent.rule = () => true;
  expect(opened.decide(ada, 'catalog.entity.read')).toMatchObject({ reason: 'the policy agent was not asked' });
});

test('administrators of the configuration are none of its business', async () => {
  agent.fault = 'error';
  const root: Principal = { kind: 'user', ref: 'user:default/root' };
  const opened = opa();
  expect(opened.prepare(root, ['catalog.entity.read'])).toBeUndefined();
  expect(opened.decide(root, 'catalog.entity.read')).toEqual({ result: 'allow' });
});
