import { expect, test } from 'vitest';
import type { LabelledAnswer, LabelledQuery } from '../../live/labelled.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import { liveObject, memoryFleet } from '../../../test/support/memory-fleet.ts';

const query: LabelledQuery = {
  resources: [
    { group: '', plural: 'pods' },
    { group: 'apps', plural: 'deployments' },
    { group: '', plural: 'configmaps' },
    { group: 'stage.example', plural: 'curtains' },
  ],
  labelSelector: 'backstage.io/kubernetes-id=web',
};
const own = 'backstage.io/kubernetes-id=web';

function stage(): ReturnType<typeof memoryFleet> {
  const fleet = memoryFleet();
  for (const name of ['eu', 'us', 'lost', 'empty']) {
    fleet.putCluster(name);
    fleet.watchAll(name);
  }
  fleet.list('eu', 'Deployment', [liveObject('web', { namespace: 'shop', labels: own })]);
  fleet.list('eu', 'Pod', [
    liveObject('web-1', { namespace: 'shop', labels: own }),
    liveObject('web-2', { namespace: 'shop-b', labels: own }),
    liveObject('other', { namespace: 'shop', labels: 'backstage.io/kubernetes-id=other' }),
  ]);
  fleet.list('us', 'Pod', [liveObject('web-1', { namespace: 'shop', labels: own })]);
  fleet.setState('lost', { state: 'unreachable', reason: { code: 'Timeout', message: 'It is silent.' } });
  return fleet;
}

async function ask(
  fleet: ReturnType<typeof memoryFleet>,
  parts: Partial<LabelledQuery> = {},
  scope: LiveScope = 'all',
): Promise<LabelledAnswer['clusters']> {
  const bytes = await fleet.live.labelled({ ...query, ...parts }, scope);
  return (JSON.parse(Buffer.from(bytes).toString()) as LabelledAnswer).clusters;
}

test('clusters that have some are named with where, and those that cannot be read; others are not', async () => {
  const clusters = await ask(stage());
  expect(clusters.map(({ name }) => name)).toEqual(['eu', 'lost', 'us']);
  expect(clusters[0]).toEqual({
    name: 'eu',
    state: 'ok',
    resources: [
      { state: 'ok', namespaces: ['shop', 'shop-b'], objects: 2 },
      { state: 'ok', namespaces: ['shop'], objects: 1 },
      { state: 'ok', namespaces: [], objects: 0 },
      null,
    ],
  });
  expect(clusters[1]).toMatchObject({ state: 'unreachable', reason: { code: 'Timeout' } });
});

test('a namespace, a cluster and the scope narrow it', async () => {
  const fleet = stage();
  const inB = await ask(fleet, { namespace: 'shop-b' });
  expect(inB.map(({ name }) => name)).toEqual(['eu', 'lost']);
  expect(inB[0]?.resources[0]).toMatchObject({ namespaces: ['shop-b'], objects: 1 });
  expect((await ask(fleet, { cluster: 'us' })).map(({ name }) => name)).toEqual(['us']);
  const seen = await ask(fleet, {}, { eu: ['shop'] });
  expect(seen.map(({ name }) => name)).toEqual(['eu']);
  expect(seen[0]?.resources[0]).toMatchObject({ namespaces: ['shop'], objects: 1 });
});

test('that ConfigMaps are denied is no reason to ask a cluster, that Deployments are is one', async () => {
  const fleet = stage();
  const denied = { state: 'denied', reason: { code: 'Forbidden', message: 'no' } } as const;
  fleet.setState('empty', denied, ['ConfigMap']);
  expect((await ask(fleet)).map(({ name }) => name)).not.toContain('empty');
  fleet.setState('empty', denied, ['Deployment']);
  expect((await ask(fleet)).map(({ name }) => name)).toContain('empty');
});

test('of a label that is not kept nothing is known, and an empty selector finds nothing', async () => {
  const clusters = await ask(stage(), { labelSelector: 'pod-template-hash=1' });
  expect(clusters.map(({ name }) => name)).toEqual(['empty', 'eu', 'lost', 'us']);
  expect(await ask(stage(), { labelSelector: '' })).toEqual([]);
  await expect(ask(stage(), { labelSelector: '=' })).rejects.toMatchObject({ code: 'LIVE_QUERY_INVALID' });
});
