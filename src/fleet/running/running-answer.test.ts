import { beforeEach, describe, expect, test } from 'vitest';
import { liveObject, memoryFleet, type MemoryFleet } from '../../../test/support/memory-fleet.ts';
import type { Running } from '../../api/running.ts';
import type { ServiceClaim } from '../../live/claim.ts';
import type { LiveScope } from '../../live/live-reader.ts';

const NOW = Date.UTC(2026, 2, 1, 12);
const ref = 'component:default/web';

let fleet: MemoryFleet;

beforeEach(() => {
  fleet = memoryFleet(() => NOW);
  for (const cluster of ['prod-east', 'prod-west', 'test']) {
    fleet.putCluster(cluster, { labels: { environment: cluster.split('-')[0] ?? '' } });
    fleet.watchAll(cluster);
  }
});

function running(claim: Partial<ServiceClaim> = { id: 'web' }, scope: LiveScope = 'all'): Running {
  fleet.store.changeClaims({ isWhole: true, put: [{ ref, kind: 'Component', ...claim }], dropped: [] });
  return JSON.parse(Buffer.from(fleet.store.running(ref, scope)).toString()) as Running;
}

const inShop = (name: string, parts: Record<string, string | number> = {}) =>
  liveObject(name, { namespace: 'shop', ...parts });

/** A Deployment with its ReplicaSet and one pod. */
function deploy(cluster: string, health = 'Healthy', pod: Record<string, string | number> = {}): void {
  const parts = { labels: 'backstage.io/kubernetes-id=web', images: `web:${cluster}`, desired: 1, ready: 1, health };
  fleet.put(cluster, 'Deployment', [inShop('web', parts)]);
  fleet.put(cluster, 'ReplicaSet', [inShop('web-7f9', { ownerKind: 'Deployment', ownerName: 'web' })]);
  fleet.put(cluster, 'Pod', [
    inShop('web-7f9-abc', { ownerKind: 'ReplicaSet', ownerName: 'web-7f9', health: 'Healthy', restarts: 2, ...pod }),
  ]);
}

describe('the workloads of an entity', () => {
  test('are found in all clusters by its id, with their pods and images', () => {
    deploy('prod-east');
    deploy('test');
    fleet.put('test', 'Pod', [inShop('other', { ownerKind: 'ReplicaSet', ownerName: 'other-1' })]);
    const { rule, verdict, workloads, images, looked, incomplete } = running();
    expect(rule).toBe('kubernetes-id');
    expect(verdict).toEqual({ status: 'Healthy', clusters: 2, spread: { Healthy: 2 } });
    expect(workloads).toMatchObject([
      {
        kind: 'Deployment',
        namespace: 'shop',
        name: 'web',
        cells: [
          { cluster: 'prod-east', pods: 1, restarts: 2, desired: 1, ready: 1, images: ['web:prod-east'] },
          { cluster: 'test', pods: 1, restarts: 2 },
        ],
      },
    ]);
    expect(images).toEqual([
      { image: 'web:prod-east', clusters: ['prod-east'] },
      { image: 'web:test', clusters: ['test'] },
    ]);
    expect([looked, incomplete]).toEqual([3, []]);
  });

  test.each<[string, Partial<ServiceClaim>, Record<string, string>, string | undefined]>([
    ['selector', { labelSelector: 'app=x,tier!=y', id: 'z' }, { labels: 'app=x\ntier=w' }, 'label-selector'],
    [
      'a selector goes before the id',
      { labelSelector: 'app=x', id: 'z' },
      { labels: 'backstage.io/kubernetes-id=z' },
      undefined,
    ],
    ['Argo CD’s label', { argoApp: 'x' }, { labels: 'argocd.argoproj.io/instance=x' }, 'argo-app'],
    [
      'Argo CD’s annotation',
      { argoApp: 'x' },
      { annotations: 'argocd.argoproj.io/tracking-id=x:apps/Deployment:a/b' },
      'argo-app',
    ],
    [
      'another application',
      { argoApp: 'x' },
      { annotations: 'argocd.argoproj.io/tracking-id=xy:apps/Deployment:a/b' },
      undefined,
    ],
    ['its name', { name: 'x' }, { labels: 'app.kubernetes.io/name=x' }, 'app-name'],
    ['its instance', { name: 'x' }, { labels: 'app.kubernetes.io/instance=x' }, 'app-name'],
    [
      'a name of what is another’s',
      { name: 'x' },
      { labels: 'app.kubernetes.io/name=x\nbackstage.io/kubernetes-id=y' },
      undefined,
    ],
    ['its name as the id', { name: 'x' }, { labels: 'backstage.io/kubernetes-id=x' }, 'kubernetes-id-name'],
    [
      'its name as the id, that of an application being another',
      { name: 'x', argoApp: 'y' },
      { labels: 'backstage.io/kubernetes-id=x' },
      'kubernetes-id-name',
    ],
    [
      'what it says before its name',
      { name: 'x', argoApp: 'x' },
      { labels: 'backstage.io/kubernetes-id=x\nargocd.argoproj.io/instance=x' },
      'argo-app',
    ],
    ['an id in the place of its name', { id: 'y' }, { labels: 'backstage.io/kubernetes-id=x' }, undefined],
    [
      'its name as the application',
      { name: 'x' },
      { labels: 'argocd.argoproj.io/instance=x\napp.kubernetes.io/name=x' },
      'argo-app-name',
    ],
    [
      'its name as the tracked application',
      { name: 'x' },
      { annotations: 'argocd.argoproj.io/tracking-id=x:apps/Deployment:a/b' },
      'argo-app-name',
    ],
    [
      'an application in the place of its name',
      { name: 'x', argoApp: 'y' },
      { labels: 'argocd.argoproj.io/instance=x\napp.kubernetes.io/name=x' },
      undefined,
    ],
    [
      'an application of its name of what is another’s',
      { name: 'x' },
      { labels: 'argocd.argoproj.io/instance=x\nbackstage.io/kubernetes-id=y' },
      undefined,
    ],
    ['a release', { name: 'x' }, { annotations: 'meta.helm.sh/release-name=x' }, 'helm-release'],
    ['another namespace', { id: 'x', namespace: 'other' }, { labels: 'backstage.io/kubernetes-id=x' }, undefined],
    ['another cluster', { id: 'x', cluster: 'prod-west' }, { labels: 'backstage.io/kubernetes-id=x' }, undefined],
    ['its cluster', { id: 'x', cluster: 'test' }, { labels: 'backstage.io/kubernetes-id=x' }, 'kubernetes-id'],
  ])('by %s', (_case, claim, parts, rule) => {
    fleet.put('test', 'Deployment', [inShop('a', parts)]);
    expect(running(claim).rule).toBe(rule);
  });

  test('what another object owns is not listed for itself', () => {
    const labels = 'backstage.io/kubernetes-id=web';
    fleet.put('test', 'CronJob', [inShop('nightly', { labels })]);
    fleet.put('test', 'Job', [inShop('nightly-1', { labels, ownerKind: 'CronJob', ownerName: 'nightly' })]);
    fleet.put('test', 'Pod', [inShop('nightly-1-x', { ownerKind: 'Job', ownerName: 'nightly-1', health: 'Healthy' })]);
    expect(running().workloads).toMatchObject([{ kind: 'CronJob', name: 'nightly', cells: [{ pods: 1 }] }]);
  });

  test('a selector that cannot be read is an error that says so', () => {
    expect(() => running({ labelSelector: 'app in x' })).toThrow('label selector');
  });
});

describe('the verdict', () => {
  const crash = { health: 'Degraded', healthReason: 'CrashLoopBackOff', unready: NOW / 1000 - 60, message: 'back-off' };

  test('is the worst, with its reason, place and time, and the spread', () => {
    deploy('prod-east');
    deploy('prod-west', 'Degraded', crash);
    const { verdict, clusters } = running();
    expect(verdict).toEqual({
      status: 'Degraded',
      reason: 'CrashLoopBackOff',
      message: 'back-off',
      since: new Date(NOW - 60_000).toISOString(),
      clusters: 2,
      spread: { Degraded: 1, Healthy: 1 },
      places: ['prod-west'],
    });
    expect(clusters.map(({ cluster }) => cluster)).toEqual(['prod-west', 'prod-east']);
  });

  test('a rollout whose pods fail is degraded, not on its way', () => {
    deploy('test', 'Progressing', crash);
    expect(running().verdict).toMatchObject({ status: 'Degraded', reason: 'CrashLoopBackOff' });
  });

  test('a cluster that cannot be read is unknown with what was known, never good', () => {
    deploy('prod-east');
    deploy('prod-west');
    fleet.setState('prod-west', { state: 'unreachable', reason: { code: 'Timeout', message: 'No answer' } });
    const { verdict, workloads, incomplete } = running();
    expect(verdict).toMatchObject({ status: 'Unknown', reason: 'Timeout', spread: { Healthy: 1, Unknown: 1 } });
    const cell = workloads[0]?.cells.find(({ cluster }) => cluster === 'prod-west');
    expect(cell).toMatchObject({ status: 'Unknown', lastStatus: 'Healthy', asOf: new Date(NOW).toISOString() });
    expect(incomplete).toMatchObject([{ cluster: 'prod-west', state: 'unreachable' }]);
  });

  test('what is unknown says why nobody knows it, and since when, not what was wrong before', () => {
    deploy('prod-west', 'Degraded', crash);
    fleet.setState('prod-west', { state: 'unreachable', reason: { code: 'Timeout', message: 'No answer' } });
    const since = new Date(NOW).toISOString();
    expect(running().verdict).toMatchObject({ status: 'Unknown', reason: 'Timeout', message: 'No answer', since });
  });

  test('a cluster whose pods cannot be read is named: nobody sees them fail', () => {
    deploy('prod-east');
    fleet.setState('prod-east', { state: 'denied', reason: { code: 'Forbidden', message: 'No' } }, ['Pod']);
    expect(running().incomplete).toMatchObject([{ cluster: 'prod-east', kind: 'Pod', state: 'denied' }]);
  });

  test('nothing found is missing where everything was read, and unknown where not', () => {
    expect(running().verdict).toMatchObject({ status: 'Missing', clusters: 0 });
    fleet.setState('test', { state: 'denied', reason: { code: 'Forbidden', message: 'No' } });
    expect(running().verdict.status).toBe('Unknown');
  });

  test('nothing found is unknown where nothing could be looked at: absence was never seen', () => {
    const unknown = (reason: string) => ({ status: 'Unknown', reason, clusters: 0, spread: {} });
    expect(running({ id: 'web', cluster: 'nowhere' }).verdict).toMatchObject(unknown('NoCluster'));
    expect(running({ id: 'web' }, { test: true }).verdict).toMatchObject(unknown('NotSeen'));
    expect(running({ id: 'web', cluster: 'prod-east' }, { test: true }).verdict).toMatchObject(unknown('NotSeen'));
    expect(running({ id: 'web', cluster: 'test' }, { test: true }).verdict.status).toBe('Missing');
    expect(running({ id: 'web', namespace: 'shop' }, { test: ['shop'] }).verdict).toMatchObject(unknown('NotSeen'));
    fleet.putCluster('new');
    expect(running().verdict).toMatchObject({ ...unknown('NotRead'), message: expect.stringContaining('new cannot') });
    expect(running({ id: 'web', cluster: 'test' }).verdict.status).toBe('Missing');
    for (const cluster of ['prod-east', 'prod-west', 'test', 'new']) fleet.store.dropCluster(cluster);
    expect(running()).toMatchObject({ verdict: unknown('NoCluster'), looked: 0, incomplete: [] });
  });

  test('of what claims nothing nobody says that it is missing', () => {
    fleet.store.changeClaims({ isWhole: true, put: [], dropped: [] });
    const answer = JSON.parse(Buffer.from(fleet.store.running(ref, 'all')).toString()) as Running;
    expect(answer.verdict).toMatchObject({ status: 'Unknown', reason: 'NotClaimed' });
  });

  test('only what one may see is counted', () => {
    deploy('prod-east', 'Degraded');
    deploy('test');
    expect(running({ id: 'web' }, { test: ['shop'] })).toMatchObject({
      looked: 1,
      verdict: { status: 'Healthy', clusters: 1 },
    });
    expect(running({ id: 'web' }, { test: ['other'] }).workloads).toEqual([]);
  });
});
