import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { put } from '../../demo/fleet/world.ts';
import { type ActingWorld, deployment, openActingWorld, group, user } from '../support/acting-world.ts';
import { adaAdministers } from '../support/signed-in.ts';

// Rights with a condition over entities: they hold for what is tied to such an entity, and for nothing else.

let world: ActingWorld;

beforeAll(async () => {
  world = await openActingWorld(['eu', 'us'], adaAdministers);
  // The clusters know the group above that of Kim and Max.
  await world.server.put(group('stage-hands'), group('lights', 'stage-hands'), group('audience'));
  await world.server.put(user('kim', 'lights'), user('max', 'lights'));
  await world.server.put(
    own('lamp', 'group:default/lights', 'app=web'),
    own('till', 'group:default/audience', 'app=till'),
  );
  const permissions = ['fleet.workload.act', 'fleet.pod.delete', 'fleet.manifest.read'];
  await role('owners', permissions, 'kim', { where: 'owns(principal, entity)' });
  await vi.waitFor(async () => expect(await asKim({})).toMatch(/^200/), { timeout: 15_000, interval: 100 });
}, 90_000);
afterAll(() => world.close(), 30_000);

async function role(name: string, permissions: readonly string[], person: string, where: object): Promise<void> {
  const write = async (path: string, body: object): Promise<void> => {
    const headers = { ...(await world.session('ada')).headers, 'content-type': 'application/json' };
    const response = await world.server.get(path, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect(response.status, await response.text()).toBe(200);
  };
  await write(`/api/v1/access/roles/${name}`, { rules: [{ permissions, ...where }] });
  await write(`/api/v1/access/bindings/${name}`, { role: name, subjects: [`user:default/${person}`] });
}

const web = { cluster: 'eu', kind: 'Deployment', namespace: 'shop', name: 'web' };
const act = (body: object, person: string) => world.post(person, '/api/v1/fleet/actions', body);
const preview = (body: object, person: string) => world.post(person, '/api/v1/fleet/actions/preview', body);

async function refusal(answer: Promise<{ status: number; text: string }>): Promise<string> {
  const { status, text } = await answer;
  const { code, detail } = JSON.parse(text) as { code?: string; detail?: string };
  return `${status} ${code ?? ''} ${detail ?? ''}`;
}

interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
}

const podsOf = (name: string): readonly Pod[] => {
  const { cluster } = world.cluster(name);
  const pods = cluster.store.collection(cluster.resource('', 'pods')).list();
  return pods.map(({ object }) => object);
};

const own = (name: string, owner: string, selector?: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    ...(selector !== undefined && { annotations: { 'backstage.io/kubernetes-label-selector': selector } }),
  },
  spec: { type: 'service', lifecycle: 'production', owner },
});
const asKim = (parts: object): Promise<string> => refusal(act({ ...web, action: 'restart', ...parts }, 'kim'));
const denied = /^403 ACTING_DENIED .*nor for the entities that it is tied to/;

test('a right holds for a workload that is tied to such an entity, and for its pods', async () => {
  expect(await refusal(preview({ ...web, action: 'restart' }, 'kim'))).toMatch(/^200/);
  expect((await world.get('kim', '/api/v1/fleet/clusters/eu/objects/Deployment/shop/web')).status).toBe(200);
  const diff = '/api/v1/fleet/diff?kind=Deployment&namespace=shop&name=web&cluster=eu&cluster=us';
  expect((await world.get('kim', diff)).status).toBe(200);
  const isWeb = ({ metadata }: Pod): boolean =>
    metadata.name.startsWith('web-') && metadata.deletionTimestamp === undefined;
  const name = podsOf('us').find(isWeb)?.metadata.name;
  expect(await asKim({ cluster: 'us', kind: 'Pod', name, action: 'delete-pod' })).toMatch(/^200/);
});

test.each<[string, object]>([
  ['what is tied to another’s entity', { name: 'till' }],
  ['what is not there', { name: 'none' }],
  ['what stands in a cluster that is not there', { cluster: 'nowhere' }],
  ['a pod of another’s workload', { kind: 'Pod', action: 'delete-pod', name: 'till' }],
])('it does not hold for %s, and is told no more', async (_case, parts) => {
  const asked = { ...parts, ...('kind' in parts && { name: podNamed('till-') }) };
  expect(await asKim(asked)).toMatch(denied);
  expect(await refusal(preview({ ...web, action: 'restart', ...asked }, 'kim'))).toMatch(denied);
});

const podNamed = (start: string): string | undefined =>
  podsOf('eu').find(({ metadata }) => metadata.name.startsWith(start))?.metadata.name;

test('it does not hold for what is tied to nobody, or only by a guess', async () => {
  const { cluster } = world.cluster('eu');
  const labels = { app: 'stray', 'backstage.io/kubernetes-id': 'stray' };
  const object = deployment('stray', 'registry.example.com/stray:1');
  put(cluster, {
    group: 'apps',
    plural: 'deployments',
    object: { ...object, metadata: { ...object.metadata, labels } } as never,
  });
  const isShown = async (): Promise<number> => {
    const { text } = await world.get('ada', '/api/v1/fleet/objects?kind=Deployment&name=stray');
    return (JSON.parse(text) as { readonly total: number }).total;
  };
  await expect.poll(isShown, { timeout: 15_000 }).toBe(1);
  expect(await asKim({ name: 'stray' })).toMatch(denied);
  await world.server.put(own('stray', 'group:default/lights'));
  const isTied = async (): Promise<string> =>
    (await world.get('ada', '/api/v1/entities/component/default/stray/running')).text;
  await expect.poll(isTied, { timeout: 15_000 }).toContain('kubernetes-id-name');
  expect(await asKim({ name: 'stray' })).toMatch(denied);
});

test('it does not hold for what another claims too: nobody gets a right by writing a descriptor', async () => {
  await world.server.put(own('grab', 'group:default/lights', 'app=till'));
  const isTied = async (): Promise<string> =>
    (await world.get('ada', '/api/v1/entities/component/default/grab/running')).text;
  await expect.poll(isTied, { timeout: 15_000 }).toContain('"Deployment"');
  expect(await asKim({ name: 'till' })).toMatch(denied);
});

test('it does not hold while it cannot be read whose it is', async () => {
  const us = world.cluster('us');
  expect(await asKim({ cluster: 'us' })).toMatch(/^200/);
  await us.setFault({ type: 'refuse' });
  await expect.poll(() => asKim({ cluster: 'us' }), { timeout: 30_000 }).toMatch(denied);
  await us.setFault(undefined);
  await expect.poll(() => asKim({ cluster: 'us' }), { timeout: 30_000 }).toMatch(/^200/);
}, 70_000);

test('it is none of reading logs, nor of what stands elsewhere', async () => {
  const { text } = await world.get('kim', '/api/v1/fleet/logs?cluster=eu&namespace=shop&kind=Deployment&name=web');
  expect(text).toContain('PERMISSION_DENIED');
  await role('owners-in-eu', ['fleet.workload.act'], 'max', {
    where: 'owns(principal, entity)',
    clusters: ['eu'],
    namespaces: ['shop'],
  });
  await expect.poll(() => refusal(act({ ...web, action: 'restart' }, 'max'))).toMatch(/^200/);
  expect(await refusal(act({ ...web, cluster: 'us', action: 'restart' }, 'max'))).toMatch(denied);
});
