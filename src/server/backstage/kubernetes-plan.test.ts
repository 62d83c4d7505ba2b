import { expect, test } from 'vitest';
import type { LabelledCluster, LabelledResource } from '../../live/labelled.ts';
import { customResource, entityResources } from './kubernetes-kinds.ts';
import { planOf, type PlanOptions } from './kubernetes-plan.ts';

const none: LabelledResource = { state: 'ok', namespaces: [], objects: 0 };
const inShop: LabelledResource = { state: 'ok', namespaces: ['shop'], objects: 2 };
const options: PlanOptions = { wanted: entityResources, namespace: undefined, seen: true, isAsPerson: true };

/** A cluster with what is known of some of what is listed; nothing is known of limits, as everywhere. */
function cluster(known: Readonly<Record<string, LabelledResource>>): LabelledCluster {
  const resources = entityResources.map(({ plural }) => (plural === 'limitranges' ? null : (known[plural] ?? none)));
  return { name: 'eu', state: 'ok', resources };
}

/** Where what is asked for is listed; `*`: in the whole cluster. */
function asked(of: LabelledCluster, parts: Partial<PlanOptions> = {}): Readonly<Record<string, string>> | undefined {
  const plan = planOf(of, { ...options, ...parts });
  const lists = plan?.lists.filter(({ namespaces }) => namespaces?.length !== 0);
  return lists && Object.fromEntries(lists.map(({ plural, namespaces }) => [plural, namespaces?.join() ?? '*']));
}

test('what is known not to be there is not asked for; finished pods are known to nobody', () => {
  expect(asked(cluster({ deployments: inShop }))).toEqual({ pods: 'shop', limitranges: 'shop', deployments: 'shop' });
  expect(asked(cluster({}))).toBeUndefined();
  const plan = planOf(cluster({ deployments: inShop }), options);
  expect(plan?.lists.map(({ type }) => type)).toEqual(entityResources.map(({ type }) => type));
});

test('what is not read as of now, or stands in many namespaces, is asked for in the whole cluster', () => {
  const stale: LabelledResource = { ...inShop, state: 'stale' };
  expect(asked(cluster({ deployments: stale }))).toMatchObject({ deployments: '*' });
  const many = { ...inShop, namespaces: ['a', 'b', 'c', 'd'] };
  expect(asked(cluster({ services: many }))).toMatchObject({ services: '*', pods: '*' });
  expect(asked(cluster({ deployments: inShop, jobs: { ...none, state: 'absent' } }))).not.toHaveProperty('jobs');
});

test('the namespace of the entity and those that may be seen narrow it', () => {
  expect(asked(cluster({ deployments: inShop }), { namespace: 'shop' })).toMatchObject({ pods: 'shop' });
  expect(asked(cluster({ deployments: inShop }), { namespace: 'shop', seen: ['other'] })).toEqual({});
  const many = { ...inShop, namespaces: ['a', 'b', 'c', 'd'] };
  expect(asked(cluster({ services: many }), { seen: ['b', 'd'] })).toMatchObject({ services: 'b,d' });
  const stale: LabelledResource = { state: 'stale', namespaces: [], objects: 0 };
  expect(asked(cluster({ services: stale }), { seen: ['b', 'd'] })).toMatchObject({ services: 'b,d' });
});

test('of more namespaces than are asked it says so', () => {
  const stale: LabelledResource = { state: 'stale', namespaces: [], objects: 0 };
  const seen = Array.from({ length: 30 }, (_, index) => `team-${index}`);
  const plan = planOf(cluster({ services: stale }), { ...options, seen });
  const services = plan?.lists.find(({ plural }) => plural === 'services');
  expect(services?.namespaces).toHaveLength(20);
  expect(plan?.problems).toEqual([
    { errorType: 'FETCH_ERROR', message: expect.stringContaining('Only 20 of the 30 namespaces') as string },
  ]);
  expect(planOf(cluster({ services: stale }), { ...options, seen: seen.slice(0, 20) })?.problems).toEqual([]);
});

test('the account asks for what it reads: of ConfigMaps metadata, of limits nothing, and of what is asked by name it says so', () => {
  const found = cluster({ deployments: inShop, configmaps: inShop });
  const account = { isAsPerson: false };
  expect(asked(found, account)).not.toHaveProperty('limitranges');
  const lists = planOf(found, { ...options, ...account })?.lists ?? [];
  expect(lists.filter(({ isMetadataOnly }) => isMetadataOnly).map(({ plural }) => plural)).toEqual(['configmaps']);
  const denied = cluster({ deployments: inShop, configmaps: { ...none, state: 'denied' } });
  expect(asked(denied, account)).not.toHaveProperty('configmaps');
  expect(asked(denied)).toHaveProperty('configmaps');
  const wanted = [customResource('stage.example', 'v1', 'curtains')];
  const custom = { ...found, resources: [null, ...found.resources] };
  expect(planOf(custom, { ...options, wanted, isAsPerson: false })).toEqual({
    lists: [expect.objectContaining({ plural: 'curtains', namespaces: [] })],
    problems: [{ errorType: 'UNKNOWN_ERROR', statusCode: 403, resourcePath: '/apis/stage.example/v1/curtains' }],
  });
  expect(asked(custom, { wanted })).toEqual({ curtains: 'shop' });
});

test('a custom resource that is read is asked for where it is', () => {
  const wanted = [customResource('argoproj.io', 'v1alpha1', 'rollouts')];
  const found = cluster({ deployments: inShop });
  expect(asked({ ...found, resources: [none, ...found.resources] }, { wanted })).toBeUndefined();
  expect(asked({ ...found, resources: [inShop, ...found.resources] }, { wanted })).toEqual({ rollouts: 'shop' });
});
