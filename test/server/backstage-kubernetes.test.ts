import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  openKubernetesStage,
  type KubernetesStage,
  type ShownCluster,
  type ShownItem,
} from '../support/kubernetes-stage.ts';

// Objects of an entity as Backstage's Kubernetes page asks for them, from API servers of the demo: people act on prod-north as
// themselves, prod-south and prod-coast are asked with the account that reads them.

let stage: KubernetesStage;
beforeAll(async () => {
  stage = await openKubernetesStage(3, [{ match: 'prod-north', isActing: true }], { clusterMs: 8_000 });
  stage.grant('prod-north', 'ada', [{ verbs: ['*'], groups: ['*'], resources: ['*'] }]);
}, 60_000);
afterEach(async () => {
  for (const server of stage.demo.servers) await server.setFault(undefined);
});
afterAll(() => stage.close(), 60_000);

const types = [
  'pods',
  'services',
  'configmaps',
  'limitranges',
  'resourcequotas',
  'deployments',
  'replicasets',
  'horizontalpodautoscalers',
  'jobs',
  'cronjobs',
  'ingresses',
  'statefulsets',
  'daemonsets',
];
const part = (items: readonly ShownCluster[], name: string): ShownCluster => {
  const found = items.find(({ cluster }) => cluster.name === name);
  if (found === undefined) throw new Error(`Nothing of ${name} in ${items.map(({ cluster }) => cluster.name).join()}`);
  return found;
};
const itemsOf = ({ resources }: ShownCluster, type: string): readonly ShownItem[] =>
  resources.find((each) => each.type === type)?.resources ?? [];
const truth = (cluster: string, group: string, plural: string): readonly string[] => {
  const { store, ...own } = stage.cluster(cluster).cluster;
  const resource = stage.cluster(cluster).cluster.resource(group, plural);
  expect(own.name).toBe(cluster);
  return store
    .collection(resource)
    .list()
    .filter(({ object }) => object.metadata.labels?.['backstage.io/kubernetes-id'] === 'ticket-office')
    .map(({ object }) => object.metadata.name)
    .sort();
};
const namesOf = (items: readonly ShownItem[]): readonly string[] => items.map(({ metadata }) => metadata.name).sort();

describe('the objects of an entity', () => {
  test('are those of every cluster that has some, one element a kind, as the cluster lists them', async () => {
    const { items } = await stage.objects('ticket-office');
    expect(items.map(({ cluster }) => cluster.name).sort()).toEqual(['prod-coast', 'prod-north', 'prod-south']);
    for (const item of items) {
      const { name } = item.cluster;
      expect(item.errors).toEqual([]);
      expect(item.resources.map(({ type }) => type)).toEqual(types);
      expect(namesOf(itemsOf(item, 'pods'))).toEqual(truth(name, '', 'pods'));
      expect(namesOf(itemsOf(item, 'deployments'))).toEqual(truth(name, 'apps', 'deployments'));
      expect(namesOf(itemsOf(item, 'replicasets'))).toEqual(truth(name, 'apps', 'replicasets'));
      expect(itemsOf(item, 'jobs')).toEqual([]);
      for (const { resources } of item.resources) {
        for (const object of resources) expect(object).not.toHaveProperty('kind');
      }
    }
  });

  test('are asked for where they are, and nowhere else', async () => {
    const before = stage.demo.servers.map(({ counts }) => counts.counted.lists);
    const { items } = await stage.objects('elsewhere');
    expect(items).toEqual([]);
    expect(stage.demo.servers.map(({ counts }) => counts.counted.lists)).toEqual(before);
    await stage.objects('ticket-office');
    const asked = (at: number, plural: string): number =>
      (stage.demo.servers[at]?.counts.counted.lists[plural] ?? 0) - (before[at]?.[plural] ?? 0);
    expect([asked(0, 'pods'), asked(0, 'deployments'), asked(0, 'cronjobs'), asked(0, 'daemonsets')]).toEqual([
      1, 1, 0, 0,
    ]);
  });

  test('can be named by label selector, namespace and cluster', async () => {
    const { items } = await stage.objects('office-here');
    expect(items.map(({ cluster }) => cluster.name)).toEqual(['prod-north']);
    expect(namesOf(itemsOf(part(items, 'prod-north'), 'pods'))).toEqual(truth('prod-north', '', 'pods'));
  });

  test('are whole where one acts as oneself; the account that reads shows no values that may be secrets', async () => {
    for (const name of ['prod-north', 'prod-south']) {
      const { cluster } = stage.cluster(name);
      cluster.store.create(cluster.resource('', 'pods'), {
        metadata: {
          name: 'till-probe',
          namespace: 'ticketing',
          labels: { 'backstage.io/kubernetes-id': 'ticket-office' },
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"env":"open-sesame"}' },
        },
        spec: { containers: [{ name: 'probe', image: 'probe:1', env: [{ name: 'PASSWORD', value: 'open-sesame' }] }] },
      });
    }
    const { items } = await stage.objects('ticket-office');
    const probe = (name: string): string =>
      JSON.stringify(itemsOf(part(items, name), 'pods').find(({ metadata }) => metadata.name === 'till-probe'));
    expect(probe('prod-north')).toContain('"value":"open-sesame"');
    expect(probe('prod-south')).toContain('"value":"(hidden)"');
    expect(probe('prod-south')).not.toContain('open-sesame');
    expect(itemsOf(part(items, 'prod-north'), 'configmaps')[0]?.data).toBeDefined();
    const [kept] = itemsOf(part(items, 'prod-south'), 'configmaps');
    expect(kept).toEqual({ metadata: expect.objectContaining({ namespace: 'ticketing' }) as unknown });
  });
});

describe('who asks', () => {
  test('sees on a cluster what that person may see there, and is told of the rest', async () => {
    const own = [
      { verbs: ['list'], groups: ['', 'apps'], resources: ['pods', 'deployments'], namespaces: ['ticketing'] },
    ];
    await stage.putRole(
      'reader',
      [{ permissions: ['catalog.entity.read', 'kubernetes.*.read', 'fleet.*.read'] }],
      'eve',
    );
    stage.grant('prod-north', 'eve', own);
    const north = part((await stage.objects('ticket-office', 'eve')).items, 'prod-north');
    expect(namesOf(itemsOf(north, 'pods'))).toEqual(truth('prod-north', '', 'pods'));
    expect(itemsOf(north, 'services')).toEqual([]);
    expect(north.errors).toContainEqual({
      errorType: 'UNKNOWN_ERROR',
      statusCode: 403,
      resourcePath: '/api/v1/namespaces/ticketing/services',
    });
  });

  test('sees no cluster and no namespace that Callboard does not show', async () => {
    const permissions = ['catalog.entity.read', 'kubernetes.*.read'];
    const seen = { permissions: ['fleet.*.read'] };
    await stage.putRole('south', [{ permissions }, { ...seen, clusters: ['prod-south'] }], 'sam');
    expect((await stage.objects('ticket-office', 'sam')).items.map(({ cluster }) => cluster.name)).toEqual([
      'prod-south',
    ]);
    const elsewhere = { ...seen, clusters: ['prod-*'], namespaces: ['touring'] };
    await stage.putRole('touring', [{ permissions }, elsewhere], 'lee');
    expect((await stage.objects('ticket-office', 'lee')).items).toEqual([]);
    await stage.putRole('catalog', [{ permissions: ['catalog.entity.read'] }], 'nat');
    await expect(stage.objects('ticket-office', 'nat')).rejects.toThrow(/^403 .*NotAllowedError/);
    const clusters = await stage.ask('/api/kubernetes/clusters', {}, 'nat');
    expect(clusters.status).toBe(403);
  });

  test('finds the clusters that may be seen, of a kind that every frontend knows', async () => {
    await stage.putRole(
      'clusters',
      [{ permissions: ['kubernetes.*.read'] }, { permissions: ['fleet.*.read'], clusters: ['prod-south'] }],
      'kim',
    );
    const response = await stage.ask('/api/kubernetes/clusters', {}, 'kim');
    expect(await response.json()).toEqual({ items: [{ name: 'prod-south', authProvider: 'serviceAccount' }] });
  });
});

describe('a cluster that fails', () => {
  test('is told of at once when it is known not to answer, and keeps nobody else back', async () => {
    await stage.cluster('prod-coast').setFault({ type: 'refuse' });
    await expect
      .poll(
        async () =>
          (await stage.objects('ticket-office')).items.find((item) => item.errors.length > 0)?.resources.length,
        {
          timeout: 30_000,
          interval: 200,
        },
      )
      .toBe(0);
    const { items } = await stage.objects('ticket-office');
    expect(part(items, 'prod-coast')).toMatchObject({ resources: [], errors: [{ errorType: 'FETCH_ERROR' }] });
    expect(part(items, 'prod-south').errors).toEqual([]);
    const [lost] = (await stage.objects('elsewhere')).items;
    expect(lost).toMatchObject({ cluster: { name: 'prod-coast' }, errors: [{ errorType: 'FETCH_ERROR' }] });
    await stage.cluster('prod-coast').setFault(undefined);
    await expect
      .poll(async () => (await stage.objects('ticket-office')).items.flatMap(({ errors }) => errors), {
        timeout: 30_000,
        interval: 200,
      })
      .toEqual([]);
  }, 90_000);

  test('has its time, and is then one problem beside what the others have', async () => {
    await stage.cluster('prod-south').setFault({ type: 'hang', resources: ['pods'] });
    const { items } = await stage.objects('ticket-office');
    const south = part(items, 'prod-south');
    expect(itemsOf(south, 'deployments')).toHaveLength(1);
    expect(itemsOf(south, 'pods')).toEqual([]);
    expect(south.errors).toEqual([
      { errorType: 'FETCH_ERROR', message: expect.stringContaining('did not answer') as unknown },
    ]);
    expect(part(items, 'prod-north').errors).toEqual([]);
  });

  test.each([
    ['Unauthorized', 'UNAUTHORIZED_ERROR', 401],
    ['Forbidden', 'UNKNOWN_ERROR', 403],
    ['InternalError', 'SYSTEM_ERROR', 500],
  ] as const)('with %s is told by status and path', async (reason, errorType, statusCode) => {
    await stage.cluster('prod-south').setFault({ type: 'answer', reason, resources: ['deployments', 'services'] });
    const south = part((await stage.objects('ticket-office')).items, 'prod-south');
    expect(south.errors).toContainEqual({
      errorType,
      statusCode,
      resourcePath: expect.stringMatching(/^\/apis\/apps\/v1\/.*deployments$/) as unknown,
    });
    expect(itemsOf(south, 'pods').length).toBeGreaterThan(0);
  });

  test('with more than it may is told so; what is small is there', async () => {
    await stage.untilRead();
    await stage.cluster('prod-south').setFault({ type: 'huge', resources: ['pods'], bytes: 5 * 1024 * 1024 });
    const south = part((await stage.objects('ticket-office')).items, 'prod-south');
    expect(south.errors).toEqual([
      { errorType: 'FETCH_ERROR', message: expect.stringContaining('larger than') as unknown },
    ]);
    expect(itemsOf(south, 'deployments')).toHaveLength(1);
  });

  test('with objects that are none breaks nothing', async () => {
    await stage.cluster('prod-south').setFault({ type: 'wrongTypes', everyObjects: 1 });
    const { items } = await stage.objects('ticket-office');
    expect(part(items, 'prod-north').errors).toEqual([]);
    expect(part(items, 'prod-south').resources.map(({ type }) => type)).toEqual(types);
  });
});

describe('what cannot be asked', () => {
  const post = (path: string, body: unknown, who?: string): Promise<Response> =>
    stage.ask(
      `/api/kubernetes${path}`,
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      who,
    );
  const custom = [{ group: 'apps', apiVersion: 'v1', plural: 'deployments' }];
  const entityRef = 'component:default/ticket-office';

  test.each([
    [
      '/services/x',
      { entity: { kind: 'Component', metadata: { name: 'nobody' } } },
      403,
      'NotAllowedError',
      'Entity not found, component:default/nobody',
    ],
    ['/services/x', { entity: { kind: 7 } }, 403, 'NotAllowedError', 'Entity not found, '],
    ['/services/x', {}, 400, 'InputError', 'entity is a required field'],
    ['/resources/workloads/query', {}, 400, 'InputError', 'entity is a required field'],
    ['/resources/workloads/query', { entityRef: 7 }, 400, 'InputError', 'entity query must be a string'],
    ['/resources/workloads/query', { entityRef: ':' }, 400, 'InputError', 'Invalid entity ref, :'],
    [
      '/resources/workloads/query',
      { entityRef: 'component:none' },
      400,
      'InputError',
      'Entity ref missing, component:default/none',
    ],
    ['/resources/custom/query', { entityRef }, 400, 'InputError', 'customResources is a required field'],
    [
      '/resources/custom/query',
      { entityRef, customResources: {} },
      400,
      'InputError',
      'customResources must be an array',
    ],
    [
      '/resources/custom/query',
      { entityRef, customResources: [] },
      400,
      'InputError',
      'at least 1 customResource is required',
    ],
    [
      '/resources/custom/query',
      { entityRef, customResources: [{ group: '../x' }] },
      400,
      'InputError',
      /^customResources are at most 50/,
    ],
  ])('%s %j is %i', async (path, body, status, name, message) => {
    const response = await post(path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { name, message: typeof message === 'string' ? message : expect.stringMatching(message) },
      request: { method: 'POST', url: path },
      response: { statusCode: status },
    });
  });

  test('a selector that cannot be read is told', async () => {
    const response = await post('/services/x', { entity: { kind: 'Component', metadata: { name: 'unreadable' } } });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("label selector 'a in b'");
  });

  test('workloads and custom resources can be asked for by ref', async () => {
    const workloads = (await (await post('/resources/workloads/query', { entityRef, auth: {} })).json()) as {
      readonly items: readonly ShownCluster[];
    };
    expect(workloads.items).toHaveLength(3);
    const found = (await (
      await post('/resources/custom/query', { entityRef, auth: {}, customResources: custom })
    ).json()) as {
      readonly items: readonly ShownCluster[];
    };
    const north = part(found.items, 'prod-north');
    expect(north.resources.map(({ type }) => type)).toEqual(['customresources']);
    expect(itemsOf(north, 'customresources')).toMatchObject([
      { kind: 'Deployment', metadata: { name: 'ticket-office' } },
    ]);
  });

  test('Secrets are told without what they keep, and only where one acts as oneself', async () => {
    const { cluster } = stage.cluster('prod-north');
    cluster.store.create(cluster.resource('', 'secrets'), {
      metadata: {
        name: 'till-key',
        namespace: 'ticketing',
        labels: { 'backstage.io/kubernetes-id': 'ticket-office' },
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"key":"c2VjcmV0"}}' },
      },
      data: { key: 'c2VjcmV0' },
    });
    const customResources = [{ group: '', apiVersion: 'v1', plural: 'secrets' }];
    const response = await post('/resources/custom/query', { entityRef, customResources });
    const text = await response.text();
    expect(text).not.toContain('c2VjcmV0');
    const { items } = JSON.parse(text) as { readonly items: readonly ShownCluster[] };
    expect(itemsOf(part(items, 'prod-north'), 'customresources')).toMatchObject([
      { kind: 'Secret', metadata: { name: 'till-key' }, data: { key: '***' } },
    ]);
    expect(part(items, 'prod-south')).toMatchObject({
      resources: [{ type: 'customresources', resources: [] }],
      errors: [{ errorType: 'UNKNOWN_ERROR', statusCode: 403, resourcePath: '/api/v1/secrets' }],
    });
  });
});
