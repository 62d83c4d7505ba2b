import { describe, expect, test } from 'vitest';
import type { RouteContract } from '../api/route.ts';
import type { Manifest, Route } from '../manifest/manifest.ts';
import { composeManifests, type ManifestOrigin } from './compose.ts';

function route(parts: Partial<RouteContract>): Route {
  const contract: RouteContract = {
    method: 'GET',
    path: '/api/v1/things',
    summary: 'Things',
    tag: 'Things',
    permission: 'things.thing.read',
    ...parts,
  };
  return { contract, handle: () => ({}) };
}

function manifest(parts: Partial<Manifest>): Manifest {
  return { id: 'things', title: 'Things', ...parts };
}

const builtIn = (parts: Partial<Manifest>): ManifestOrigin => ({ manifest: manifest(parts) });
const plugin = (parts: Partial<Manifest>): ManifestOrigin => ({ manifest: manifest(parts), plugin: '/p/plugin.js' });

function failure(...origins: readonly ManifestOrigin[]): { code: string; message: string } {
  try {
    composeManifests(origins);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('It was composed');
}

const kind = { kind: 'Show', apiVersions: ['x/v1'], description: 'A show', spec: {}, relations: [] };
const collector = { id: 'seats', description: 'Seats', facts: [], run: () => Promise.resolve() };

test('joins kinds, routes, collectors and pages in the order of the manifests', () => {
  const composition = composeManifests([
    builtIn({ kinds: [kind], routes: [route({})], collectors: [collector] }),
    plugin({ id: 'other', routes: [route({ path: '/api/plugins/other/x' })], pages: [{ path: '/other', title: 'O' }] }),
  ]);
  expect([...composition.kinds.keys()]).toEqual(['Show']);
  expect(composition.routes.map(({ route: { contract } }) => contract.path)).toEqual([
    '/api/v1/things',
    '/api/plugins/other/x',
  ]);
  expect(composition.collectors.map(({ collector: { id } }) => id)).toEqual(['seats']);
  expect(composition.pages.map(({ origin, page }) => `${origin.manifest.id} ${page.path}`)).toEqual(['other /other']);
});

describe('what does not start', () => {
  test('a route without a permission', () => {
    const { code, message } = failure(builtIn({ routes: [route({ permission: undefined as never })] }));
    expect(code).toBe('ROUTE_WITHOUT_PERMISSION');
    expect(message).toContain('GET /api/v1/things of manifest things');
  });

  test.each(['read', 'things.read', 'Things.thing.read', 'things.thing.read.all', 'things..read'])(
    'a route with the permission %s',
    (permission) => {
      const { code, message } = failure(builtIn({ routes: [route({ permission: permission as never })] }));
      expect(code).toBe('ROUTE_PERMISSION_UNKNOWN');
      expect(message).toContain(permission);
    },
  );

  test('the same route twice, whatever its parameters are called', () => {
    const { code, message } = failure(
      builtIn({ routes: [route({ path: '/api/v1/things/:id' })] }),
      builtIn({ id: 'second', routes: [route({ path: '/api/v1/things/:name/' })] }),
    );
    expect(code).toBe('ROUTE_DUPLICATE');
    expect(message).toContain('in the manifests things and second');
  });

  test('the route of a plugin outside its own path, while another method is another route', () => {
    expect(failure(plugin({ routes: [route({})] })).code).toBe('ROUTE_OUTSIDE_PLUGIN');
    expect(failure(plugin({ routes: [route({ path: '/api/plugins/thingsx/a' })] })).code).toBe('ROUTE_OUTSIDE_PLUGIN');
    const path = '/api/plugins/things/a';
    const both = plugin({ routes: [route({ path }), route({ path, method: 'POST' })] });
    expect(composeManifests([both]).routes).toHaveLength(2);
  });

  test('two manifests with one id', () => {
    expect(failure(builtIn({}), builtIn({})).code).toBe('MANIFEST_DUPLICATE');
  });

  test('one kind, one collector or one page in two manifests', () => {
    for (const parts of [{ kinds: [kind] }, { collectors: [collector] }, { pages: [{ path: '/a', title: 'A' }] }]) {
      const { code, message } = failure(builtIn(parts), builtIn({ ...parts, id: 'second' }));
      expect(code).toBe('MANIFEST_INVALID');
      expect(message).toContain('Manifest second');
    }
  });

  test.each<readonly [string, unknown]>([
    ['it is not an object', 'manifest'],
    ['it is not an object', null],
    ['id must be one lower-case word', { title: 'T' }],
    ['id must be one lower-case word', { id: '../etc', title: 'T' }],
    ['title is missing', { id: 'x' }],
    ['routes is not a list', { id: 'x', title: 'T', routes: {} }],
    ['routes[0]: it is not an object', { id: 'x', title: 'T', routes: [null] }],
    ['routes[0]: contract is missing', { id: 'x', title: 'T', routes: [{ handle: () => 1 }] }],
    ['routes[0]: contract.path must begin with /', { id: 'x', title: 'T', routes: [{ contract: { path: 'a' } }] }],
    [
      'contract.method must be one of',
      { id: 'x', title: 'T', routes: [{ contract: { path: '/a', method: 'TRACE' } }] },
    ],
    ['has no handle function', { id: 'x', title: 'T', routes: [{ contract: { path: '/a', method: 'GET' } }] }],
    ['collectors[0]: id must be one lower-case word', { id: 'x', title: 'T', collectors: [{}] }],
    ['collector a has no run function', { id: 'x', title: 'T', collectors: [{ id: 'a' }] }],
    ['does not say which facts', { id: 'x', title: 'T', collectors: [{ id: 'a', run: () => 1 }] }],
    ['kinds[0]: kind is missing', { id: 'x', title: 'T', kinds: [{}] }],
    ['apiVersions is missing', { id: 'x', title: 'T', kinds: [{ kind: 'A' }] }],
    ['spec, a JSON Schema, is missing', { id: 'x', title: 'T', kinds: [{ kind: 'A', apiVersions: ['v1'] }] }],
    ['relations is missing', { id: 'x', title: 'T', kinds: [{ kind: 'A', apiVersions: ['v1'], spec: {} }] }],
    ['each relation needs field', { id: 'x', title: 'T', kinds: [{ ...kind, relations: [{ field: 'owner' }] }] }],
    ['not a usable JSON Schema', { id: 'x', title: 'T', kinds: [{ ...kind, spec: { type: 'nonsense' } }] }],
    ['pages[0]: path must begin with /', { id: 'x', title: 'T', pages: [{}] }],
    ['page /a has no title', { id: 'x', title: 'T', pages: [{ path: '/a' }] }],
    ['module must be a file path', { id: 'x', title: 'T', pages: [{ path: '/a', title: 'A', module: 1 }] }],
  ])('a manifest of which "%s"', (problem, broken) => {
    const { code, message } = failure({ manifest: broken as Manifest, plugin: '/p/plugin.js' });
    expect(code).toBe('MANIFEST_INVALID');
    expect(message).toContain(problem);
    expect(message).toContain('/p/plugin.js');
  });
});
