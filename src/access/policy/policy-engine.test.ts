import { afterEach, describe, expect, test } from 'vitest';
import { entity, openTestPolicy, type TestPolicy } from '../../../test/support/policy.ts';
import type { Principal } from '../principal.ts';
import { visibilityOf } from '../visibility.ts';

const user = (name: string, more: Partial<Principal> = {}): Principal => ({
  kind: 'user',
  ref: `user:default/${name}`,
  ...more,
});
const guest: Principal = { kind: 'guest', ref: 'user:default/guest' };

const catalog = [
  entity('Group', 'company', { type: 'root', children: [] }),
  entity('Group', 'stage', { type: 'team', children: [], parent: 'company' }),
  entity('Group', 'lights', { type: 'team', children: [], parent: 'stage' }),
  entity('User', 'ada', { memberOf: ['lights'] }),
  entity('User', 'bo', { memberOf: [] }),
  entity('Component', 'desk', { type: 'service', owner: 'stage', lifecycle: 'production' }),
  entity('Component', 'lamp', { type: 'service', owner: 'lights', lifecycle: 'experimental' }),
  entity('Component', 'chair', { type: 'website', owner: 'user:bo', lifecycle: 'production' }),
];

const opened: TestPolicy[] = [];
async function open(options: Parameters<typeof openTestPolicy>[0] = {}): Promise<TestPolicy> {
  const policy = await openTestPolicy({ entities: catalog, ...options });
  opened.push(policy);
  return policy;
}
afterEach(async () => {
  for (const policy of opened.splice(0)) await policy.close();
});

/** Names of the components that a principal reads. */
function seen({ engine, catalog: { graph } }: TestPolicy, principal: Principal): string[] {
  const decision = engine.decide(principal, 'catalog.entity.read');
  const view = graph.view(visibilityOf(decision, graph.principalContext(principal.ref, principal.groups)));
  const all = view.list({ limit: 100, where: { op: 'field', key: 'kind', values: ['component'] } });
  return all.ids.map((id) => view.refOf(id).split('/')[1] ?? '').sort();
}

describe('while nobody has configured who may do what', () => {
  test('guests may do all; not once there is a binding, even one that this version cannot read', async () => {
    const { engine, state } = await open({ isConfigured: false });
    expect(engine.decide(guest, 'catalog.entity.read')).toEqual({ result: 'allow' });
    const value = { role: 'viewer', subjects: { everyone: true } };
    await state.commit([{ op: 'put', type: 'binding', key: 'later', value }], []);
    expect(engine.set.problems).toHaveLength(1);
    expect(engine.decide(guest, 'catalog.entity.read')).toEqual({ result: 'deny', reason: 'it has no role' });
  });
});

describe('default deny', () => {
  test('without a role nothing is allowed', async () => {
    const { engine } = await open();
    for (const principal of [user('ada'), guest]) {
      expect(engine.decide(principal, 'catalog.entity.read')).toEqual({ result: 'deny', reason: 'it has no role' });
    }
  });

  test('a permission that no route takes is denied to an administrator too', async () => {
    const { engine } = await open({ standing: { admins: ['user:default/ada'], services: [] } });
    expect(engine.decide(user('ada'), 'catalog.entity.read')).toEqual({ result: 'allow' });
    expect(engine.decide(user('ada'), 'catalog.entity.invent')).toMatchObject({ result: 'deny' });
  });

  test('whoever is not signed in has no subject at all', async () => {
    const policy = await open();
    await policy.bind('all', { role: 'admin', subjects: ['everyone', 'guests'] });
    expect(policy.engine.decide({ kind: 'anonymous', ref: 'user:default/ada' }, 'catalog.entity.read')).toMatchObject({
      result: 'deny',
    });
  });
});

describe('who has a role', () => {
  test('users, groups through their parents, services, everyone and guests', async () => {
    const policy = await open();
    const reads = (principal: Principal): string => policy.engine.decide(principal, 'catalog.source.read').result;
    const service: Principal = { kind: 'service', ref: 'service:default/ci' };
    const external: Principal = { kind: 'service', ref: 'external:robot' };
    const cases: readonly (readonly [string, readonly Principal[]])[] = [
      ['user:default/bo', [user('bo')]],
      ['group:default/lights', [user('ada')]],
      ['group:company', [user('ada')]],
      ['service:default/ci', [service]],
      ['external:robot', [external]],
      ['everyone', [user('ada'), user('bo'), service, external]],
      ['guests', [guest]],
    ];
    for (const [subject, expected] of cases) {
      await policy.bind('test', { role: 'viewer', subjects: [subject] });
      const found = [user('ada'), user('bo'), service, external, guest].filter((who) => reads(who) === 'allow');
      expect(found, subject).toEqual(expected);
    }
  });

  test('groups of the sign-in provider count, with their parents in the catalog', async () => {
    const policy = await open();
    await policy.bind('test', { role: 'viewer', subjects: ['group:default/company'] });
    const groups = ['group:default/lights'];
    expect(policy.engine.decide(user('new', { groups }), 'catalog.source.read')).toEqual({ result: 'allow' });
    expect(policy.engine.decide(user('new'), 'catalog.source.read')).toMatchObject({ result: 'deny' });
  });

  test('a membership that changes counts at once, for the same principal object', async () => {
    const policy = await open();
    await policy.bind('test', { role: 'viewer', subjects: ['group:default/company'] });
    const bo = user('bo');
    expect(policy.engine.decide(bo, 'catalog.source.read').result).toBe('deny');
    await policy.put(entity('User', 'bo', { memberOf: ['stage'] }));
    expect(policy.engine.decide(bo, 'catalog.source.read').result).toBe('allow');
    await policy.put(entity('Group', 'stage', { type: 'team', children: [] }));
    expect(policy.engine.decide(bo, 'catalog.source.read').result).toBe('deny');
  });

  test('guests do everything while nothing is configured, and no longer when a binding is stored', async () => {
    const policy = await open({ isConfigured: false });
    let told = 0;
    policy.engine.onChange(() => (told += 1));
    expect(policy.engine.decide(guest, 'access.policy.update')).toEqual({ result: 'allow' });
    await policy.bind('test', { role: 'admin', subjects: ['user:default/ada'] });
    expect(policy.engine.decide(guest, 'access.policy.update').result).toBe('deny');
    expect(told).toBe(1);
  });
});

describe('conditions', () => {
  test('filter entities, add to each other, and are nobody’s but the principal’s', async () => {
    const policy = await open();
    await policy.role('own', [{ permissions: ['catalog.entity.*'], where: 'owns(principal, entity)' }]);
    await policy.role('live', [{ permissions: ['catalog.*.read'], where: 'spec.lifecycle == "production"' }]);
    await policy.bind('a', { role: 'own', subjects: ['everyone'] });
    expect(seen(policy, user('ada'))).toEqual(['desk', 'lamp']);
    expect(seen(policy, user('bo'))).toEqual(['chair']);
    await policy.bind('b', { role: 'live', subjects: ['group:default/stage'] });
    expect(seen(policy, user('ada'))).toEqual(['chair', 'desk', 'lamp']);
    expect(seen(policy, user('bo'))).toEqual(['chair']);
    expect(policy.engine.decide(user('ada'), 'catalog.source.read')).toMatchObject({
      result: 'deny',
      reason: 'its roles have this permission with a condition only',
    });
  });

  test('what is unknown permits nothing', async () => {
    const policy = await open();
    await policy.role('odd', [{ permissions: ['catalog.entity.read'], where: 'spec.missing != "x"' }]);
    await policy.bind('a', { role: 'odd', subjects: ['everyone'] });
    expect(seen(policy, user('ada'))).toEqual([]);
  });

  test('that hold for all or for none of one principal are no conditions', async () => {
    const policy = await open();
    const where = '"group:default/lights" in principal.claims';
    await policy.role('lights', [{ permissions: ['catalog.entity.read'], where }]);
    await policy.bind('a', { role: 'lights', subjects: ['everyone'] });
    expect(policy.engine.decide(user('ada'), 'catalog.entity.read')).toEqual({ result: 'allow' });
    expect(policy.engine.decide(user('bo'), 'catalog.entity.read').result).toBe('deny');
  });

  test('the same one is shared by all principals that it does not speak of', async () => {
    const policy = await open();
    await policy.role('live', [{ permissions: ['catalog.entity.read'], where: 'spec.lifecycle == "production"' }]);
    await policy.bind('a', { role: 'live', subjects: ['everyone'] });
    const key = (who: Principal): string => {
      const context = policy.catalog.graph.principalContext(who.ref);
      return visibilityOf(policy.engine.decide(who, 'catalog.entity.read'), context).key;
    };
    expect(key(user('ada'))).toBe(key(user('bo')));
    await policy.role('live', [{ permissions: ['catalog.entity.read'], where: 'spec.reviewer == principal.ref' }]);
    expect(key(user('ada'))).not.toBe(key(user('bo')));
  });

  test('a claim is looked up in an index', async () => {
    const policy = await open();
    const where = 'spec.owner in principal.claims || principal.ref in spec.reviewers';
    await policy.role('own', [{ permissions: ['catalog.entity.read'], where }]);
    await policy.bind('a', { role: 'own', subjects: ['everyone'] });
    const decision = policy.engine.decide(user('ada'), 'catalog.entity.read');
    expect(decision.result === 'condition' && decision.condition).toMatchObject({
      op: 'or',
      args: [
        { op: 'oneOf', path: ['spec', 'owner'] },
        { op: 'member', value: 'user:default/ada' },
      ],
    });
  });
});

describe('live objects', () => {
  test('go by cluster and namespace, and by conditions on the entity that owns them', async () => {
    const policy = await open();
    await policy.role('stage', [
      { permissions: ['kube.pod.*'], clusters: ['stage-*'], namespaces: ['web-*', 'ops'] },
      { permissions: ['kube.pod.read'], where: 'owns(principal, entity)' },
    ]);
    await policy.bind('a', { role: 'stage', subjects: ['everyone'] });
    const may = (name: string, permission: 'kube.pod.read' | 'kube.pod.delete', place: string, ownerRef?: string) => {
      const [cluster = '', namespace] = place.split('/');
      return policy.engine.decideLive(user(name), permission, { cluster, namespace, ownerRef }).result;
    };
    expect(may('ada', 'kube.pod.delete', 'stage-1/web-shop')).toBe('allow');
    expect(may('ada', 'kube.pod.delete', 'prod-1/web-shop')).toBe('deny');
    expect(may('ada', 'kube.pod.delete', 'stage-1/kube-system')).toBe('deny');
    expect(may('ada', 'kube.pod.delete', 'stage-1')).toBe('deny');
    expect(may('ada', 'kube.pod.read', 'prod-1/web-shop')).toBe('deny');
    expect(may('ada', 'kube.pod.read', 'prod-1/web-shop', 'component:default/lamp')).toBe('allow');
    expect(may('bo', 'kube.pod.read', 'prod-1/web-shop', 'component:default/lamp')).toBe('deny');
    expect(may('ada', 'kube.pod.read', 'prod-1/web-shop', 'component:default/none')).toBe('deny');
    expect(policy.engine.decideLive(user('ada'), 'catalog.entity.read', { cluster: 'stage-1' }).result).toBe('deny');
  });

  test('a rule with places says nothing of entities', async () => {
    const policy = await open();
    await policy.role('stage', [{ permissions: ['*'], clusters: ['*'] }]);
    await policy.bind('a', { role: 'stage', subjects: ['everyone'] });
    expect(policy.engine.decide(user('ada'), 'catalog.entity.read').result).toBe('deny');
    expect(policy.engine.decide(user('ada'), 'catalog.source.read').result).toBe('deny');
    expect(policy.engine.decide(user('ada'), 'kube.pod.read').result).toBe('condition');
  });
});

test('a repeat is the same object, until the policy is another', async () => {
  const policy = await open();
  await policy.bind('a', { role: 'viewer', subjects: ['everyone'] });
  const ada = user('ada');
  const decision = policy.engine.decide(ada, 'catalog.entity.read');
  await policy.put(entity('Component', 'more', { owner: 'stage' }));
  expect(policy.engine.decide(ada, 'catalog.entity.read')).toBe(decision);
  await policy.bind('a', null);
  expect(policy.engine.decide(ada, 'catalog.entity.read').result).toBe('deny');
});

describe('what is stored', () => {
  test('under a name that is taken is not in force, and is told of', async () => {
    const policy = await open();
    await policy.role('viewer', [{ permissions: ['*'] }]);
    await policy.bind('a', { role: 'nowhere', subjects: ['everyone'] });
    expect(policy.engine.set.roles.get('viewer')?.origin.kind).toBe('built-in');
    expect(policy.engine.set.problems).toEqual([
      { place: 'role viewer', message: expect.stringContaining('a built-in role has this name') },
      { place: 'binding a', message: 'There is no role nowhere.' },
    ]);
  });

  test('in an unknown form, or with a condition that is no good, permits nothing', async () => {
    const policy = await open();
    await policy.role('odd', [{ permissions: ['catalog.entity.read'], where: 'facts.load.now > 3' }]);
    await policy.bind('a', { role: 'odd', subjects: ['everyone'] });
    await policy.state.commit([{ op: 'put', type: 'binding', key: 'b', value: { role: 'admin' } }], []);
    expect(policy.engine.decide(user('ada'), 'catalog.entity.read').result).toBe('deny');
    expect(policy.engine.set.problems.map(({ place }) => place)).toEqual(['binding b', 'role odd']);
  });
});
