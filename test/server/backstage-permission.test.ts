import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  PermissionClient,
  createPermission,
  type AuthorizePermissionRequest,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { noBackstage } from '../../src/config/backstage-config.ts';
import { noPolicy } from '../../src/config/policy-config.ts';
import type { Entity } from '../../src/model/entity.ts';
import { auditOf } from '../support/access.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';

// Backstage's published permission client asks a server with a policy of its own.

const policy = `
roles:
  member:
    rules:
      - permissions: [catalog.entity.read]
        where: spec.lifecycle != "hidden"
      - permissions: [catalog.entity.delete]
        where: owns(principal, entity)
      - permissions: [catalog.location.read]
      - permissions: [kubernetes.resources.read]
      - permissions: [kubernetes.proxy.use]
        clusters: [prod-*]
  robot:
    rules:
      - permissions: [catalog.entity.read]
      - permissions: [catalog.entity.delete]
        where: kind == "Component" && (owns(principal, entity) || metadata.labels.tier == "low")
      - permissions: [catalog.entity.refresh]
        where: owns(principal, entity)
bindings:
  members: { role: member, subjects: [group:default/team] }
  robots: { role: robot, subjects: [service:default/robot] }
`;

const team = 'group:default/team';
const entities: readonly Entity[] = [
  { apiVersion: 'backstage.io/v1alpha1', kind: 'User', metadata: { name: 'jo' }, spec: { memberOf: ['team'] } },
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name: 'team' },
    spec: { type: 'team', children: [] },
  },
  component('mine', { owner: team }, { labels: { tier: 'High' } }),
  component(
    'theirs',
    { owner: 'group:default/others' },
    { labels: { tier: 'low' }, annotations: { 'example.com/a': 'Yes' } },
  ),
  component('loud', { owner: 'group:default/others' }, { labels: { tier: 'LOW' } }),
  component('hidden', { owner: team, lifecycle: 'hidden' }),
];

let folder: string;
let server: TestServer;
let user: string;
let robot: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-permission-'));
  const file = join(folder, 'access.yaml');
  writeFileSync(file, policy);
  const externalAccess = [
    { type: 'static', token: 'catalog-only', subject: 'catalog', restrictions: [{ plugin: 'catalog' }] },
    { type: 'static', token: 'permission-only', subject: 'asker', restrictions: [{ plugin: 'permission' }] },
  ] as const;
  server = await startTestServer({
    entities,
    config: { guests: 'never', access: { ...noPolicy, file }, backstage: { ...noBackstage, externalAccess } },
  });
  const { tokens } = server.access;
  const make = async (kind: 'personal' | 'service', principal: string): Promise<string> => {
    const start = { kind, name: 'test', principal, createdBy: principal, expiresAt: Date.now() + 600_000 };
    return (await tokens.make(start, auditOf('access.token.create'))).text;
  };
  user = await make('personal', 'user:default/jo');
  robot = await make('service', 'service:default/robot');
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Action = 'create' | 'read' | 'update' | 'delete';
const onEntities = (name: string, action: Action): ResourcePermission<'catalog-entity'> =>
  createPermission({ name, attributes: { action }, resourceType: 'catalog-entity' });
const read = onEntities('catalog.entity.read', 'read');
const remove = onEntities('catalog.entity.delete', 'delete');
const refresh = onEntities('catalog.entity.refresh', 'update');
const readLocations = createPermission({ name: 'catalog.location.read', attributes: { action: 'read' } });
const createLocation = createPermission({ name: 'catalog.location.create', attributes: { action: 'create' } });
const readKubernetes = createPermission({ name: 'kubernetes.resources.read', attributes: { action: 'read' } });
const listKubernetes = createPermission({ name: 'kubernetes.clusters.read', attributes: { action: 'read' } });
const proxyKubernetes = createPermission({ name: 'kubernetes.proxy', attributes: {} });
const foreign = createPermission({ name: 'scaffolder.task.create', attributes: { action: 'create' } });
const ref = (name: string): string => `component:default/${name}`;

function client(isBatching = false): PermissionClient {
  const flags: Readonly<Record<string, boolean>> = {
    'permission.enabled': true,
    'permission.EXPERIMENTAL_enableBatchedRequests': isBatching,
  };
  const config = { getOptionalBoolean: (key: string) => flags[key] } as never;
  const discovery = { getBaseUrl: async (plugin: string) => `${server.url}/api/${plugin}` };
  return new PermissionClient({ discovery, config });
}

async function ask(path: string, body: unknown, token?: string): Promise<{ status: number; body: unknown }> {
  const response = await server.get(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

const authorizePath = '/api/permission/authorize';
const metadataPath = '/api/catalog/.well-known/backstage/permissions';
const resultsOf = (answers: readonly { readonly result: string }[]): string[] => answers.map(({ result }) => result);

describe('a user’s decisions', () => {
  const questions: readonly (readonly [AuthorizePermissionRequest, string])[] = [
    [{ permission: remove, resourceRef: ref('mine') }, 'ALLOW'],
    [{ permission: remove, resourceRef: 'Component:mine' }, 'ALLOW'],
    [{ permission: remove, resourceRef: ref('theirs') }, 'DENY'],
    [{ permission: remove, resourceRef: ref('nothing') }, 'DENY'],
    // Owned, but not to be seen: as one that is not there.
    [{ permission: remove, resourceRef: ref('hidden') }, 'DENY'],
    [{ permission: remove, resourceRef: 'no ref' }, 'DENY'],
    [{ permission: read, resourceRef: ref('theirs') }, 'ALLOW'],
    [{ permission: read, resourceRef: ref('hidden') }, 'DENY'],
    [{ permission: refresh, resourceRef: ref('mine') }, 'DENY'],
    [{ permission: readLocations }, 'ALLOW'],
    [{ permission: createLocation }, 'DENY'],
    [{ permission: readKubernetes }, 'ALLOW'],
    [{ permission: listKubernetes }, 'DENY'],
    // Given for some clusters: its routes ask again about the one that is meant.
    [{ permission: proxyKubernetes }, 'ALLOW'],
    [{ permission: foreign }, 'DENY'],
  ];

  test.each([false, true])('are those of the policy, asked together: %s', async (isBatching) => {
    const answers = await client(isBatching).authorize(
      questions.map(([question]) => question),
      { token: user },
    );
    expect(resultsOf(answers)).toEqual(questions.map(([, expected]) => expected));
  });

  test('on a resource need its ref, and on several are several', async () => {
    await expect(client().authorizeConditional([{ permission: remove }], { token: user })).rejects.toThrow(/400/);
    const many = { id: '1', permission: remove, resourceRef: [ref('mine'), ref('theirs'), ref('nothing')] };
    expect((await ask(authorizePath, { items: [many] }, user)).body).toEqual({
      items: [{ id: '1', result: ['ALLOW', 'DENY', 'DENY'] }],
    });
    const bad = await ask(authorizePath, { items: [{ ...many, resourceRef: [] }] }, user);
    expect(bad).toMatchObject({ status: 400, body: { error: { name: 'InputError' } } });
    const none = { id: '1', permission: readLocations, resourceRef: ref('mine') };
    expect(await ask(authorizePath, { items: [none] }, user)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('takes no resourceRef') } },
    });
  });

  test('are nobody’s without a token, nor those of a token for other plugins', async () => {
    await expect(client().authorize([{ permission: readLocations }])).rejects.toThrow(/401/);
    const answers = await ask(authorizePath, { items: [{ id: '1', permission: readLocations }] }, 'catalog-only');
    expect(answers).toMatchObject({ status: 403, body: { error: { name: 'NotAllowedError' } } });
    const asker = await client().authorize([{ permission: readLocations }], { token: 'permission-only' });
    expect(resultsOf(asker)).toEqual(['DENY']);
  });
});

describe('a service’s decisions', () => {
  const robotOwns = {
    rule: 'IS_ENTITY_OWNER',
    resourceType: 'catalog-entity',
    params: { claims: ['service:default/robot'] },
  };

  test('without a resource are told as Backstage’s rules, where those say the same', async () => {
    const [removing, refreshing, reading] = await client().authorizeConditional(
      [{ permission: remove }, { permission: refresh }, { permission: read }],
      { token: robot },
    );
    expect(reading).toMatchObject({ result: 'ALLOW' });
    const told = { result: 'CONDITIONAL', pluginId: 'catalog', resourceType: 'catalog-entity' };
    expect(refreshing).toMatchObject({ ...told, conditions: robotOwns });
    const rule = (name: string, params: object): object => ({ rule: name, resourceType: 'catalog-entity', params });
    expect(removing).toMatchObject({
      ...told,
      conditions: {
        allOf: [
          {
            allOf: [
              rule('IS_ENTITY_KIND', { kinds: ['Component'] }),
              { anyOf: [robotOwns, rule('HAS_LABEL', { label: 'tier', value: 'low' })] },
            ],
          },
          rule('CALLBOARD_PERMISSION', { permission: 'catalog.entity.delete' }),
        ],
      },
    });
  });

  test('say of each entity what asking about it says', async () => {
    const [decision] = await client().authorizeConditional([{ permission: remove }], { token: robot });
    if (decision?.result !== 'CONDITIONAL') throw new Error('not conditional');
    const { conditions, resourceType } = decision;
    const refs = ['mine', 'theirs', 'loud', 'hidden', 'nothing'].map(ref);
    const applied = await ask(
      `${metadataPath}/apply-conditions`,
      { items: [{ id: 'a', resourceRef: refs, resourceType, conditions }] },
      robot,
    );
    // `loud` has the label in capitals: Backstage's rule takes it, the condition does not.
    expect(applied.body).toEqual({ items: [{ id: 'a', result: ['DENY', 'ALLOW', 'DENY', 'DENY', 'DENY'] }] });
    const asked = await client().authorize(
      refs.map((resourceRef) => ({ permission: remove, resourceRef })),
      { token: robot },
    );
    expect(resultsOf(asked)).toEqual(['DENY', 'ALLOW', 'DENY', 'DENY', 'DENY']);
  });
});

describe('conditions', () => {
  const rule = (name: string, params: object = {}): object => ({ rule: name, resourceType: 'catalog-entity', params });
  const apply = async (conditions: unknown, name = 'theirs', token = robot) => {
    const item = { id: 'a', resourceRef: ref(name), resourceType: 'catalog-entity', conditions };
    return ask(`${metadataPath}/apply-conditions`, { items: [item] }, token);
  };

  test.each([
    ['HAS_ANNOTATION', { annotation: 'example.com/a' }, 'ALLOW'],
    ['HAS_ANNOTATION', { annotation: 'Example.com/A', value: 'yes' }, 'ALLOW'],
    ['HAS_ANNOTATION', { annotation: 'example.com/a', value: 'no' }, 'DENY'],
    ['HAS_LABEL', { label: 'tier' }, 'ALLOW'],
    ['HAS_LABEL', { label: 'tier', value: 'high' }, 'DENY'],
    ['HAS_METADATA', { key: 'name', value: 'Theirs' }, 'ALLOW'],
    ['HAS_SPEC', { key: 'lifecycle', value: 'PRODUCTION' }, 'ALLOW'],
    ['HAS_SPEC', { key: 'system' }, 'DENY'],
    ['IS_ENTITY_KIND', { kinds: ['api', 'COMPONENT'] }, 'ALLOW'],
    ['IS_ENTITY_KIND', { kinds: [] }, 'DENY'],
    ['IS_ENTITY_OWNER', { claims: ['group:default/others'] }, 'ALLOW'],
    ['CALLBOARD_PERMISSION', { permission: 'catalog.location.create' }, 'DENY'],
    ['CALLBOARD_PERMISSION', { permission: 'no.such.permission' }, 'DENY'],
  ])('%s %j is %s', async (name, params, expected) => {
    expect((await apply(rule(name, params))).body).toEqual({ items: [{ id: 'a', result: expected }] });
  });

  test('join, and are never true of what is not there', async () => {
    const component = rule('IS_ENTITY_KIND', { kinds: ['Component'] });
    const joined = {
      allOf: [component, { anyOf: [rule('HAS_LABEL', { label: 'x' }), { not: rule('HAS_SPEC', { key: 'x' }) }] }],
    };
    expect((await apply(joined)).body).toEqual({ items: [{ id: 'a', result: 'ALLOW' }] });
    expect((await apply({ not: component }, 'nothing')).body).toEqual({ items: [{ id: 'a', result: 'DENY' }] });
  });

  test.each([
    ['an unknown rule', rule('NOPE'), /'NOPE' does not exist/],
    ['missing parameters', rule('IS_ENTITY_KIND'), /Parameters to rule are invalid/],
    ['no conditions', { allOf: [] }, /condition is a rule/],
    ['nothing', {}, /condition is a rule/],
    ['another type', { rule: 'HAS_SPEC', resourceType: 'other', params: { key: 'x' } }, /condition is a rule/],
  ])('with %s are refused', async (_what, conditions, message) => {
    expect(await apply(conditions)).toMatchObject({
      status: 400,
      body: { error: { name: 'InputError', message: expect.stringMatching(message) } },
    });
  });

  test('are tested for services only, on entities only', async () => {
    const kind = rule('IS_ENTITY_KIND', { kinds: ['Component'] });
    expect(await apply(kind, 'theirs', user)).toMatchObject({
      status: 403,
      body: { error: { name: 'NotAllowedError' } },
    });
    const items = [{ id: 'a', resourceRef: ref('mine'), resourceType: 'other', conditions: kind }];
    expect(await ask(`${metadataPath}/apply-conditions`, { items }, robot)).toMatchObject({
      status: 400,
      body: { error: { message: 'Unexpected resource types: other.' } },
    });
  });

  test('are described with the permissions that they narrow', async () => {
    const response = await server.get(`${metadataPath}/metadata`, { headers: { authorization: `Bearer ${user}` } });
    const { permissions, rules } = (await response.json()) as { permissions: unknown[]; rules: { name: string }[] };
    expect(permissions).toContainEqual(remove);
    expect(permissions).toContainEqual(createLocation);
    expect(rules.map(({ name }) => name)).toEqual([
      'HAS_ANNOTATION',
      'HAS_LABEL',
      'HAS_METADATA',
      'HAS_SPEC',
      'IS_ENTITY_KIND',
      'IS_ENTITY_OWNER',
      'CALLBOARD_PERMISSION',
    ]);
    expect(rules[0]).toEqual({
      name: 'HAS_ANNOTATION',
      description: expect.any(String),
      resourceType: 'catalog-entity',
      paramsSchema: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        additionalProperties: false,
        required: ['annotation'],
        properties: {
          annotation: { type: 'string', description: expect.any(String) },
          value: { type: 'string', description: expect.any(String) },
        },
      },
    });
  });
});

test('decisions that are made elsewhere are fetched before what may be seen is looked at', async () => {
  const fetched = new Set<string>();
  const elsewhere = await startTestServer({
    entities,
    policy: {
      async prepare(_principal, permissions) {
        await systemClock.sleep(5);
        for (const permission of permissions) fetched.add(permission);
      },
      decide: (_principal, permission) =>
        fetched.has(permission)
          ? { result: 'condition', key: 'mine', condition: { op: 'field', key: 'metadata.name', values: ['mine'] } }
          : { result: 'deny', reason: 'it was not fetched' },
    },
  });
  const response = await elsewhere.get(authorizePath, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items: [{ id: '1', permission: remove, resourceRef: [ref('mine'), ref('theirs')] }] }),
  });
  expect(await response.json()).toEqual({ items: [{ id: '1', result: ['ALLOW', 'DENY'] }] });
  await elsewhere.close();
});

test('the permission API says that it lives', async () => {
  expect(await (await server.get('/api/permission/health')).json()).toEqual({ status: 'ok' });
});
