import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entity } from '../../src/model/entity.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';

const entity = (kind: string, name: string, spec: Entity['spec'] = {}): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name },
  spec,
});

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    entities: [
      entity('Group', 'stage', { type: 'team', children: [] }),
      entity('Group', 'lights', { type: 'team', children: [], parent: 'stage' }),
      entity('User', 'ada', { memberOf: ['lights'] }),
      entity('User', 'bo', { memberOf: [] }),
      entity('User', 'cy', { memberOf: [] }),
      component('lamp', { owner: 'lights' }),
      component('desk', { owner: 'stage', lifecycle: 'experimental' }),
      component('chair', { owner: 'user:bo', lifecycle: 'experimental' }),
    ],
  });
});
afterAll(() => server.close());

async function send(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await server.get(`/api/v1/access/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: await response.json() };
}

const shown = async (): Promise<{ version: string; roles: object[]; bindings: object[]; problems: object[] }> =>
  (await send('GET', 'policy')).body as never;

const owners = { rules: [{ permissions: ['catalog.entity.read'], where: 'owns(principal, entity)' }] };

describe('roles and bindings', () => {
  test('are shown with where they come from, while guests may do everything', async () => {
    const { body } = await send('GET', 'policy');
    expect(body).toMatchObject({
      engine: 'roles',
      roles: [{ name: 'admin', origin: { kind: 'built-in' }, subjects: 1 }, { name: 'editor' }, { name: 'viewer' }],
      bindings: [{ name: 'open', role: 'admin', subjects: ['guests'] }],
      problems: [],
    });
    const { permissions } = body as { permissions: { name: string; resource: string; manifest: string }[] };
    expect(permissions).toContainEqual(
      expect.objectContaining({ name: 'catalog.entity.read', resource: 'entity', manifest: 'catalog' }),
    );
  });

  test('are made, changed and removed, each with an audit record', async () => {
    const { version } = await shown();
    const made = await send('PUT', 'roles/owners', owners);
    expect(made).toMatchObject({ status: 200, body: { version: expect.not.stringMatching(version) } });
    expect(await send('PUT', 'roles/owners', { ...owners, description: 'Owners' })).toMatchObject({ status: 200 });
    expect((await shown()).roles).toContainEqual(
      expect.objectContaining({ name: 'owners', description: 'Owners', origin: { kind: 'stored' } }),
    );
    expect(await send('DELETE', 'roles/owners')).toEqual({ status: 200, body: { version } });
    expect(await send('DELETE', 'roles/owners')).toMatchObject({ status: 404, body: { code: 'ROLE_NOT_FOUND' } });
    const records = await server.store.access.audit({ target: 'role:owners' }, { limit: 10 });
    expect(
      records.map(({ action, outcome, data }) => [action, outcome, Object.keys(data ?? {}).includes('after')]),
    ).toEqual(
      expect.arrayContaining([
        ['access.policy.update', 'success', true],
        ['access.policy.update', 'success', false],
      ]),
    );
  });

  test.each([
    ['roles/admin', { rules: [] }, 409, 'POLICY_FIXED', 'built in'],
    ['bindings/open', { role: 'viewer', subjects: [] }, 409, 'POLICY_FIXED', 'built in'],
    ['roles/x', { rules: [{ permissions: ['catalog.entity.reed'] }] }, 400, 'ROLE_INVALID', 'catalog.entity.read?'],
    ['roles/x', { rules: [{ permissions: ['catalog'] }] }, 400, 'ROLE_INVALID', 'three words'],
    [
      'roles/x',
      { rules: [{ permissions: ['catalog.source.read'], where: 'true' }] },
      400,
      'ROLE_INVALID',
      'rules.0.permissions.0: catalog.source.read is not about entities',
    ],
    [
      'roles/x',
      { rules: [{ permissions: ['catalog.entity.read'], where: 'kind == "API" &&\n  spec.owner ==' }] },
      400,
      'CONDITION_INVALID',
      'line 2',
    ],
    [
      'roles/x',
      { rules: [{ permissions: ['catalog.entity.read'], where: 'facts.completeness.score > 50' }] },
      400,
      'CONDITION_INVALID',
      'no fact that a collector keeps in the store',
    ],
    ['bindings/x', { role: 'none', subjects: ['everyone'] }, 400, 'BINDING_INVALID', 'there is no role none'],
    ['bindings/x', { role: 'viewer', subjects: ['stage'] }, 400, 'BINDING_INVALID', '"stage" is no subject'],
  ])('%s %o is refused', async (path, body, status, code, text) => {
    const answer = await send('PUT', path, body);
    expect(answer).toMatchObject({ status, body: { code, detail: expect.stringContaining(text) } });
    expect(await shown()).toMatchObject({ problems: [] });
  });
});

test('of changes of one thing at once the later are told so', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => send('PUT', 'roles/contested', owners)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
  expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'POLICY_CHANGED' });
  expect(await send('DELETE', 'roles/contested')).toMatchObject({ status: 200 });
});

describe('a preview', () => {
  test('says who gains and who loses, and what would lock out who asks', async () => {
    const changes = [
      { type: 'role', name: 'owners', body: owners },
      { type: 'binding', name: 'owners', body: { role: 'owners', subjects: ['group:default/stage', 'user:bo'] } },
      { type: 'binding', name: 'readers', body: { role: 'viewer', subjects: ['user:default/cy'] } },
    ];
    const { status, body } = await send('POST', 'preview', { changes });
    expect(status).toBe(200);
    expect(body).toMatchObject({ principals: 4, affected: 4, locksOut: true });
    const { effects } = body as { effects: { principal: string }[] };
    const of = (principal: string): object | undefined => effects.find((effect) => effect.principal === principal);
    expect(effects[0]).toMatchObject({ principal: 'user:default/guest', entitiesAfter: 0, gains: [] });
    expect(of('user:default/ada')).toMatchObject({
      gains: ['catalog.entity.read (for some)'],
      loses: [],
      entitiesBefore: 0,
      entitiesAfter: 2,
      entitiesGained: 2,
      entitiesLost: 0,
    });
    expect(of('user:default/bo')).toMatchObject({ entitiesGained: 1, exampleGained: 'component:default/chair' });
    expect(of('user:default/cy')).toMatchObject({
      gains: expect.arrayContaining(['catalog.entity.read', 'catalog.source.read']),
      entitiesGained: 8,
    });
    expect((await shown()).bindings).toHaveLength(1);
  });

  test('refuses what saving would refuse', async () => {
    const body = { rules: [{ permissions: ['catalog.entity.read'], where: '1 +' }] };
    const answer = await send('POST', 'preview', { changes: [{ type: 'role', name: 'x', body }] });
    expect(answer).toMatchObject({ status: 400, body: { code: 'CONDITION_INVALID' } });
    const removal = await send('POST', 'preview', { changes: [{ type: 'role', name: 'admin', body: null }] });
    expect(removal).toMatchObject({ status: 409, body: { code: 'POLICY_FIXED' } });
  });
});

describe('why', () => {
  test('a permission is given: each rule, and whether it holds', async () => {
    await send('PUT', 'roles/owners', owners);
    await send('PUT', 'bindings/admins', { role: 'admin', subjects: ['guests'] });
    await send('PUT', 'bindings/owners', { role: 'owners', subjects: ['group:default/stage'] });
    const check = async (body: object): Promise<object> => (await send('POST', 'check', body)).body as object;
    expect(await check({ permission: 'catalog.entity.read' })).toMatchObject({
      principal: 'user:default/guest',
      result: 'allow',
      reasons: [{ role: 'admin', binding: 'admins', subject: 'guests', holds: 'yes' }],
      contact: 'Ask whoever runs Callboard at Test.',
    });
    const ada = { principal: 'user:ada', permission: 'catalog.entity.read' };
    expect(await check(ada)).toMatchObject({
      principal: 'user:default/ada',
      result: 'conditional',
      claims: ['group:default/lights', 'group:default/stage', 'user:default/ada'],
      reasons: [{ role: 'owners', subject: 'group:default/stage', where: 'owns(principal, entity)', holds: 'depends' }],
      abilities: { allowed: [], conditional: ['catalog.entity.read'] },
    });
    expect(await check({ ...ada, entity: 'component:lamp' })).toMatchObject({
      result: 'allow',
      reasons: [{ holds: 'yes' }],
    });
    expect(await check({ ...ada, entity: 'component:default/chair' })).toMatchObject({
      result: 'deny',
      reason: 'no condition of its roles holds for component:default/chair',
      reasons: [{ holds: 'no' }],
    });
    expect(await check({ ...ada, permission: 'catalog.source.read' })).toMatchObject({ result: 'deny', reasons: [] });
    expect(await check({ ...ada, entity: 'component:default/none' })).toMatchObject({
      result: 'deny',
      reason: 'there is no such entity, or you may not see it',
    });
    expect(await check({ ...ada, permission: 'a.b.c' })).toMatchObject({
      result: 'deny',
      reason: 'there is no such permission',
    });
    expect(await check({ ...ada, principal: 'ada' })).toMatchObject({ code: 'PRINCIPAL_INVALID' });
  });
});

describe('in use', () => {
  test('a role is not removed; a binding is, once', async () => {
    await send('PUT', 'roles/used', owners);
    await send('PUT', 'bindings/user', { role: 'used', subjects: ['user:default/cy'] });
    expect(await send('DELETE', 'roles/used')).toMatchObject({
      status: 409,
      body: { code: 'ROLE_IN_USE', details: { bindings: ['user'] } },
    });
    expect(await send('DELETE', 'bindings/user')).toMatchObject({ status: 200 });
    expect(await send('DELETE', 'bindings/user')).toMatchObject({ status: 404, body: { code: 'BINDING_NOT_FOUND' } });
    expect(await send('DELETE', 'roles/used')).toMatchObject({ status: 200 });
  });

  test('roles are bounded in number', async () => {
    const writes = Array.from({ length: 2_000 }, (_, index) => ({
      op: 'put' as const,
      type: 'role' as const,
      key: `many-${index}`,
      value: { rules: [] },
    }));
    await server.access.state.commit(writes, []);
    expect(await send('PUT', 'roles/one-more', owners)).toMatchObject({ status: 409, body: { code: 'POLICY_FULL' } });
    expect(await send('PUT', 'roles/many-7', owners)).toMatchObject({ status: 200 });
    await server.access.state.commit(
      writes.map(({ type, key }) => ({ op: 'delete' as const, type, key })),
      [],
    );
  });

  test('a preview is refused to one who does not see all of the catalog, and so is a check of another', async () => {
    await send('PUT', 'roles/policy', { rules: [{ permissions: ['access.policy.read'] }, ...owners.rules] });
    await send('PUT', 'bindings/policy', { role: 'policy', subjects: ['user:default/bo'] });
    const as = async (principal: string, path: string, body: object): Promise<Response> => {
      const start = { kind: 'personal', principal, name: 'test', createdBy: principal } as const;
      const audit = { at: 0, actor: principal, action: 'access.token.create', outcome: 'success' } as const;
      const { text } = await server.access.tokens.make({ ...start, expiresAt: Date.now() + 60_000 }, audit);
      return server.get(`/api/v1/access/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${text}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    };
    const changes = [{ type: 'role', name: 'x', body: owners }];
    const preview = await as('user:default/bo', 'preview', { changes });
    expect([preview.status, await preview.json()]).toMatchObject([403, { code: 'PREVIEW_NEEDS_ALL' }]);
    const other = { permission: 'catalog.entity.read', principal: 'user:default/ada' };
    const claims = (await (await as('user:default/bo', 'check', other)).json()) as { claims: string[] };
    expect(claims.claims).toEqual([]);
    const refused = await as('user:default/cy', 'check', other);
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { code: 'PERMISSION_DENIED', details: { permission: 'access.policy.read' } },
    ]);
  });
});
