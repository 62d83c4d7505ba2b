import { beforeEach, expect, test } from 'vitest';
import { liveObject, memoryFleet, type MemoryFleet } from '../../../test/support/memory-fleet.ts';
import { claimRuleWords } from '../../api/claim-rules.ts';
import type { Running } from '../../api/running.ts';
import type { ClaimRule, EntityClaim } from '../../live/claim.ts';
import { isGuess } from './claim-book.ts';

let fleet: MemoryFleet;

beforeEach(() => {
  fleet = memoryFleet(() => Date.UTC(2026, 2, 1));
  fleet.putCluster('east');
  fleet.putCluster('west');
  for (const cluster of ['east', 'west']) fleet.watchAll(cluster);
});

const claimOf = (name: string, parts: Partial<EntityClaim> = {}): EntityClaim => {
  return { ref: `component:default/${name}`, kind: 'Component', name, ...parts };
};

function claim(...claims: readonly EntityClaim[]): void {
  fleet.store.changeClaims({ isWhole: true, put: claims, dropped: [] });
}

/** `cluster/name` of the workloads of a component, with its rule. */
function found(name: string): readonly string[] {
  const bytes = fleet.store.running(`component:default/${name}`, 'all');
  const { workloads } = JSON.parse(Buffer.from(bytes).toString()) as Running;
  return workloads
    .flatMap(({ name: own, cells }) => cells.map(({ cluster, rule }) => `${cluster}/${own} ${rule}`))
    .sort();
}

const labelled = (name: string, labels: string, namespace = 'shop') => liveObject(name, { namespace, labels });

test('what comes, changes its labels and goes is matched anew; nothing else is', () => {
  claim(claimOf('web'), claimOf('desk'));
  fleet.put('east', 'Deployment', [labelled('a', 'app.kubernetes.io/name=web'), labelled('b', 'tier=x')]);
  expect(found('web')).toEqual(['east/a app-name']);
  fleet.put('east', 'Deployment', [labelled('b', 'app.kubernetes.io/name=web')]);
  fleet.put('west', 'StatefulSet', [labelled('c', 'app.kubernetes.io/name=web')]);
  expect(found('web')).toEqual(['east/a app-name', 'east/b app-name', 'west/c app-name']);
  fleet.put('east', 'Deployment', [labelled('a', 'app.kubernetes.io/name=desk')]);
  fleet.remove('east', 'Deployment', labelled('b', 'app.kubernetes.io/name=web'));
  expect([found('web'), found('desk')]).toEqual([['west/c app-name'], ['east/a app-name']]);
  fleet.store.dropCluster('west');
  expect(found('web')).toEqual([]);
});

test('claims come, change and go', () => {
  fleet.put('east', 'Deployment', [labelled('a', 'app=x')]);
  expect(found('web')).toEqual([]);
  const selecting = claimOf('web', { name: undefined, labelSelector: 'app in (x,y)' });
  claim(selecting);
  expect(found('web')).toEqual(['east/a label-selector']);
  fleet.store.changeClaims({ isWhole: false, put: [{ ...selecting, labelSelector: '!app' }], dropped: [] });
  expect(found('web')).toEqual([]);
  fleet.store.changeClaims({ isWhole: false, put: [{ ...selecting, labelSelector: 'app!=z' }], dropped: [] });
  expect(found('web')).toEqual(['east/a label-selector']);
  fleet.store.changeClaims({ isWhole: false, put: [], dropped: [selecting.ref] });
  expect(found('web')).toEqual([]);
});

test('the name of a component is its id where it says none; what names another is not guessed to be its own', () => {
  claim(claimOf('web'), claimOf('desk', { argoApp: 'shop' }), claimOf('till', { name: undefined, id: 'lamp' }));
  fleet.put('east', 'Deployment', [
    labelled('a', 'backstage.io/kubernetes-id=web'),
    labelled('b', 'backstage.io/kubernetes-id=desk\nargocd.argoproj.io/instance=web'),
    labelled('c', 'argocd.argoproj.io/instance=web\napp.kubernetes.io/instance=web'),
    labelled('d', 'argocd.argoproj.io/instance=shop\nbackstage.io/kubernetes-id=desk'),
    labelled('e', 'backstage.io/kubernetes-id=till\napp.kubernetes.io/name=web'),
  ]);
  expect(found('web')).toEqual(['east/a kubernetes-id-name', 'east/c argo-app-name']);
  expect(found('desk')).toEqual(['east/b kubernetes-id-name', 'east/d argo-app']);
  expect(found('till')).toEqual([]);
});

test('only what an entity says itself is no guess', () => {
  const rules = Object.keys(claimRuleWords) as readonly ClaimRule[];
  expect(rules.filter(isGuess)).toEqual(['kubernetes-id-name', 'argo-app-name', 'app-name', 'helm-release']);
});

test('a namespace alone claims what nobody else does there', () => {
  claim(claimOf('web'), { ...claimOf('all', { name: undefined, namespace: 'shop' }) });
  fleet.put('east', 'Deployment', [
    labelled('a', 'app.kubernetes.io/name=web'),
    labelled('b', 'tier=x'),
    labelled('c', 'tier=x', 'other'),
  ]);
  expect(found('all')).toEqual(['east/b namespace']);
});

test('what is owned by a kind that nobody reads is shown by itself', () => {
  claim(claimOf('web'));
  const owned = { ...labelled('a', 'app.kubernetes.io/name=web'), ownerKind: 'Gadget', ownerName: 'g' };
  fleet.put('east', 'Deployment', [owned]);
  expect(found('web')).toEqual(['east/a app-name']);
});
