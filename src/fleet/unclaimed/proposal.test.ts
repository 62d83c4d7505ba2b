import { expect, test } from 'vitest';
import { distinguishing } from './distinguishing-labels.ts';
import { type GuessSources, guessOwner } from './owner-guess.ts';
import { proposalFile } from './proposal-file.ts';
import { proposalOf } from './proposal.ts';
import type { UnclaimedRow } from './unclaimed-row.ts';

const row: UnclaimedRow = {
  kind: 'Deployment',
  namespace: 'shop-eu',
  name: 'till.v2',
  clusters: [{ cluster: 'eu-1', status: 'Healthy' }],
  environments: ['prod'],
  images: ['x:1'],
  pods: 1,
  health: 'Healthy',
  labels: [],
  annotations: [],
  namespaceSays: [],
  isAlone: false,
  hosts: ['till.example.com', '*.example.com'],
  isServed: true,
  neighbours: [],
};

const sources = (...refs: readonly string[]): GuessSources => ({
  namespaceOwners: [{ match: 'shop-*', owner: 'group:default/shop' }],
  see: (ref) => (refs.includes(ref) ? { ref, owner: 'group:default/owning' } : undefined),
});

test('an owner is guessed by what is surest, and nobody who cannot be seen is named', () => {
  const said = { ...row, labels: ['x/team=boxes', 'app.kubernetes.io/part-of=tickets'], namespaceSays: ['owner=ns'] };
  const guess = (...refs: readonly string[]): string => {
    const found = guessOwner(said, sources(...refs));
    return `${found?.ref} ${found?.confidence}`;
  };
  const [boxes, shop, ns] = ['group:default/boxes', 'group:default/shop', 'user:default/ns'];
  expect(guess(boxes, shop, ns)).toBe('group:default/boxes high');
  expect(guess(shop, ns)).toBe('group:default/shop medium');
  expect(guess(ns, 'system:default/tickets')).toBe('user:default/ns medium');
  expect(guess('system:default/tickets', 'group:default/owning')).toBe('group:default/owning medium');
  expect(guess()).toBe('undefined undefined');
});

test('who owns most of what runs beside it is a low guess; no majority is none', () => {
  const beside = (...owners: readonly string[]): string | undefined => {
    const neighbours = owners.map((owner, at) => ({ ref: `component:default/${at}`, owner }));
    const seen = ['component:default/0', 'component:default/1', 'component:default/2', 'a', 'b'];
    return guessOwner({ ...row, namespace: 'other', neighbours }, sources(...seen))?.ref;
  };
  expect(beside('a', 'a', 'b')).toBe('a');
  expect(beside('a', 'b')).toBeUndefined();
});

test('the fewest labels that nothing else has are taken, those that name it first', () => {
  expect(distinguishing(['tier=web', 'app=till'], [['app=desk']])).toEqual(['app=till']);
  expect(distinguishing(['tier=web', 'app=till'], [['app=till', 'tier=back']])).toEqual(['app=till', 'tier=web']);
  expect(distinguishing(['app=till'], [['app=till', 'tier=back']])).toBeUndefined();
  expect(distinguishing([], [])).toBeUndefined();
});

test('a name that is taken gets another; wildcard hosts are no links; without labels a note says what to do', () => {
  const taken = new Set(['component:default/till.v2', 'component:default/shop-eu-till.v2']);
  const proposal = proposalOf(row, { ...sources(), isTaken: (ref) => taken.has(ref) });
  expect(proposal).toMatchObject({
    name: 'till.v2-2',
    type: 'service',
    lifecycle: 'production',
    links: [{ url: 'https://till.example.com' }],
    annotations: { 'backstage.io/kubernetes-namespace': 'shop-eu' },
  });
  expect(proposal.notes).toHaveLength(2);
});

test('what a cluster says cannot end a comment', () => {
  const evil = { ...row, labels: ['team=boxes'], clusters: [{ cluster: 'a\nkind: Evil', status: 'Healthy' as const }] };
  const choice = { kind: 'Deployment', namespace: 'shop-eu', name: 'till.v2' };
  const file = proposalFile([choice, choice], [evil], { ...sources(), isTaken: () => false });
  expect(file.match(/^kind:.*$/gm)).toEqual(['kind: Component']);
});
