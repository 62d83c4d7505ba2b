import { expect, test } from 'vitest';
import type { Decision, LiveObject } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { FleetScopes, narrowScope } from './scope.ts';

const ada: Principal = { kind: 'user', ref: 'user:default/ada' };
const condition: Decision = { result: 'condition', key: 'live', condition: { op: 'constant', value: false } };

type Names = Readonly<Record<string, readonly string[]>>;

function mapOf(names: Names): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(Object.entries(names).map(([cluster, own]) => [cluster, new Set(own)]));
}

/** Scopes over clusters and their namespaces, with what is allowed as `cluster` or `cluster/namespace`. */
function scopesOver(names: Names, allowed: readonly string[]) {
  const asked: string[] = [];
  const world = { decision: condition, allowed, namespaces: mapOf(names) };
  const access = {
    decide: () => world.decision,
    decideLive: (_: Principal, __: string, { cluster, namespace }: LiveObject) => {
      const place = namespace === undefined ? cluster : `${cluster}/${namespace}`;
      asked.push(place);
      const isAllowed = world.allowed.includes(place);
      return isAllowed ? ({ result: 'allow' } as const) : ({ result: 'deny', reason: 'no' } as const);
    },
  };
  const scopes = new FleetScopes(access, { namespaces: () => world.namespaces });
  return { world, asked, sight: () => scopes.of(ada, 'fleet.object.read') };
}

test('who may do it without a condition sees all, who may not sees nothing', () => {
  const { world, sight } = scopesOver({ a: ['x'] }, []);
  world.decision = { result: 'allow' };
  expect(sight()).toEqual({ scope: 'all', mark: '' });
  world.decision = { result: 'deny', reason: 'no' };
  expect(sight().scope).toEqual({});
});

test('a cluster is seen whole, in namespaces, or not at all', () => {
  const { sight } = scopesOver({ a: ['x', 'y'], b: ['x', 'y'], c: ['x'] }, ['a', 'b/y']);
  expect(sight().scope).toEqual({ a: true, b: ['y'] });
});

test('names of clusters are names, whatever they are', () => {
  const namespaces = new Map([['__proto__', new Set(['x'])]]);
  const { world, sight } = scopesOver({}, ['__proto__/x']);
  world.namespaces = namespaces;
  const { scope } = sight();
  expect(Object.entries(scope)).toEqual([['__proto__', ['x']]]);
  expect(narrowScope(scope, '__proto__')).not.toEqual({});
  expect(narrowScope({}, '__proto__')).toEqual({});
});

test('is asked about the namespaces of others where its own were never read', () => {
  const { sight } = scopesOver({ a: ['x'], dark: [] }, ['dark/x']);
  expect(sight().scope).toEqual({ dark: ['x'] });
});

test('is kept until the rights or the namespaces change, and its mark is another where it is another', () => {
  const { world, asked, sight } = scopesOver({ a: ['x', 'y'] }, ['a/x']);
  const first = sight();
  const count = asked.length;
  expect(sight()).toBe(first);
  expect(asked.length).toBe(count);
  world.namespaces = mapOf({ a: ['x', 'y'], b: [] });
  expect(sight()).not.toBe(first);
  expect(sight().mark).toBe(first.mark);
  world.decision = { ...condition };
  world.allowed = ['a/y'];
  expect(sight().scope).toEqual({ a: ['y'] });
  expect(sight().mark).not.toBe(first.mark);
});

test('is narrowed to one cluster', () => {
  expect(narrowScope('all', 'a')).toEqual({ a: true });
  expect(narrowScope({ a: ['x'], b: true }, 'a')).toEqual({ a: ['x'] });
  expect(narrowScope({ b: true }, 'a')).toEqual({});
});
