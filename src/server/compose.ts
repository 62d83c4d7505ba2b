import type { PermissionItem } from '../api/roles.ts';
import type { RouteContract } from '../api/route.ts';
import { errorMessage } from '../base/errors.ts';
import { compileSpecCheck } from '../catalog/kind-schema.ts';
import type { Collector, Manifest, Page, Route } from '../manifest/manifest.ts';
import { createKindTable, type KindTable } from '../model/relations.ts';
import { serverError } from './errors.ts';

/** A manifest and where it comes from. */
export interface ManifestOrigin {
  readonly manifest: Manifest;
  /** Absolute path of the module for a plugin; absent for what is built in. */
  readonly plugin?: string | undefined;
}

/** A route with the manifest that brings it. */
export interface ComposedRoute {
  readonly origin: ManifestOrigin;
  readonly route: Route;
}

/** A collector with the manifest that brings it. */
export interface ComposedCollector {
  readonly origin: ManifestOrigin;
  readonly collector: Collector;
}

/** A page with the manifest that brings it. */
export interface ComposedPage {
  readonly origin: ManifestOrigin;
  readonly page: Page;
}

/** All manifests of a server as one. */
export interface Composition {
  readonly kinds: KindTable;
  readonly routes: readonly ComposedRoute[];
  readonly collectors: readonly ComposedCollector[];
  readonly pages: readonly ComposedPage[];
  /** Every permission that a route takes or a manifest declares, by name. */
  readonly permissions: readonly PermissionItem[];
}

const permissionForm = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){2}$/;
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Joins manifests. Nothing is taken on trust, since a plugin's manifest was written elsewhere: whatever is wrong stops
 * the start with an error that names the manifest and the route.
 *
 * @param origins built-in manifests and plugins, in the order of their routes
 * @throws MANIFEST_INVALID, MANIFEST_DUPLICATE, ROUTE_WITHOUT_PERMISSION, ROUTE_PERMISSION_UNKNOWN, ROUTE_DUPLICATE,
 * ROUTE_OUTSIDE_PLUGIN
 */
export function composeManifests(origins: readonly ManifestOrigin[]): Composition {
  const ids = new Set<string>();
  const routes = new Map<string, ComposedRoute>();
  for (const origin of origins) {
    assertManifest(origin);
    const { id } = origin.manifest;
    if (ids.has(id)) throw serverError('MANIFEST_DUPLICATE', { manifest: id });
    ids.add(id);
    for (const route of origin.manifest.routes ?? []) addRoute(routes, { origin, route });
  }
  const collectors = origins.flatMap((origin) =>
    (origin.manifest.collectors ?? []).map((collector) => ({ origin, collector })),
  );
  assertDistinct(
    collectors.map(({ origin, collector }) => [origin, collector.id]),
    'collector',
  );
  const pages = origins.flatMap((origin) => (origin.manifest.pages ?? []).map((page) => ({ origin, page })));
  assertDistinct(
    pages.map(({ origin, page }) => [origin, page.path]),
    'page',
  );
  const composed = [...routes.values()];
  return {
    kinds: joinKinds(origins),
    routes: composed,
    collectors,
    pages,
    permissions: joinPermissions(origins, composed),
  };
}

/** `METHOD path`, as messages show a route. */
export function routeName(contract: Pick<RouteContract, 'method' | 'path'>): string {
  return `${contract.method} ${contract.path}`;
}

function addRoute(routes: Map<string, ComposedRoute>, composed: ComposedRoute): void {
  const { contract } = composed.route;
  const manifest = composed.origin.manifest.id;
  const route = routeName(contract);
  const permission: unknown = contract.permission;
  if (typeof permission !== 'string' || permission === '') {
    throw serverError('ROUTE_WITHOUT_PERMISSION', { route, manifest });
  }
  if (permission !== 'public' && permission !== 'signed-in' && !permissionForm.test(permission)) {
    throw serverError('ROUTE_PERMISSION_UNKNOWN', { route, manifest, permission });
  }
  if (composed.origin.plugin !== undefined && !contract.path.startsWith(`/api/plugins/${manifest}/`)) {
    throw serverError('ROUTE_OUTSIDE_PLUGIN', { route, manifest });
  }
  // Two paths that differ only in the names of their parameters, or in a slash at the end, answer the same requests.
  const pattern = route.replace(/:[A-Za-z0-9_]+/g, ':').replace(/\/$/, '');
  const other = routes.get(pattern);
  if (other !== undefined) throw serverError('ROUTE_DUPLICATE', { route, manifest, first: other.origin.manifest.id });
  routes.set(pattern, composed);
}

function assertManifest({ manifest, plugin }: ManifestOrigin): void {
  const problem = manifestProblem(manifest) ?? (plugin === undefined ? undefined : schemaProblem(manifest));
  if (problem === undefined) return;
  const id = isRecord(manifest) && typeof manifest['id'] === 'string' ? manifest['id'] : '(without id)';
  throw serverError('MANIFEST_INVALID', {
    manifest: id,
    problem: plugin === undefined ? problem : `${problem} (${plugin})`,
  });
}

function manifestProblem(manifest: unknown): string | undefined {
  if (!isRecord(manifest)) return 'it is not an object';
  const { id, title } = manifest;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9]{0,62}$/.test(id)) return 'id must be one lower-case word';
  if (typeof title !== 'string' || title === '') return 'title is missing';
  const checks = {
    kinds: kindProblem,
    collectors: collectorProblem,
    routes: routeProblem,
    pages: pageProblem,
    permissions: permissionProblem,
  };
  for (const [key, check] of Object.entries(checks)) {
    const list = manifest[key];
    if (list === undefined) continue;
    if (!Array.isArray(list)) return `${key} is not a list`;
    for (const [at, item] of list.entries()) {
      const problem = isRecord(item) ? check(item) : 'it is not an object';
      if (problem !== undefined) return `${key}[${at}]: ${problem}`;
    }
  }
  return undefined;
}

/** Compiles the schemas of a plugin's kinds: one that cannot be compiled would stop the reading of all descriptors. */
function schemaProblem({ kinds = [] }: Manifest): string | undefined {
  for (const kind of kinds) {
    try {
      compileSpecCheck(kind);
    } catch (error) {
      return `kind ${kind.kind}: spec is not a usable JSON Schema: ${errorMessage(error)}`;
    }
  }
  return undefined;
}

function kindProblem(kind: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof kind['kind'] !== 'string' || kind['kind'] === '') return 'kind is missing';
  if (!Array.isArray(kind['apiVersions']) || kind['apiVersions'].length === 0) return 'apiVersions is missing';
  if (!isRecord(kind['spec'])) return 'spec, a JSON Schema, is missing';
  if (!Array.isArray(kind['relations'])) return 'relations is missing; it may be an empty list';
  // The watch cache follows these fields for every entity; a missing one would stop it.
  const isField = (field: unknown): boolean =>
    isRecord(field) && [field['field'], field['type'], field['reverse']].every((word) => typeof word === 'string');
  return kind['relations'].every(isField) ? undefined : 'each relation needs field, type and reverse';
}

function collectorProblem(collector: Readonly<Record<string, unknown>>): string | undefined {
  const { id, run, facts } = collector;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9]{0,62}$/.test(id)) return 'id must be one lower-case word';
  if (typeof run !== 'function') return `collector ${id} has no run function`;
  return Array.isArray(facts)
    ? undefined
    : `collector ${id} does not say which facts it writes; it may be an empty list`;
}

function routeProblem(route: Readonly<Record<string, unknown>>): string | undefined {
  const { contract, handle } = route;
  if (!isRecord(contract)) return 'contract is missing';
  if (typeof contract['path'] !== 'string' || !contract['path'].startsWith('/'))
    return 'contract.path must begin with /';
  if (!methods.includes(String(contract['method']))) return `contract.method must be one of ${methods.join(', ')}`;
  return typeof handle === 'function' ? undefined : `route ${contract['path']} has no handle function`;
}

function pageProblem(page: Readonly<Record<string, unknown>>): string | undefined {
  const { path, title, module } = page;
  if (typeof path !== 'string' || !path.startsWith('/')) return 'path must begin with /';
  if (typeof title !== 'string' || title === '') return `page ${path} has no title`;
  return module === undefined || typeof module === 'string' ? undefined : `page ${path}: module must be a file path`;
}

function permissionProblem({ name, description, resource }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof name !== 'string' || !permissionForm.test(name)) return 'name must be <domain>.<noun>.<action>';
  if (typeof description !== 'string' || description === '') return `permission ${name} has no description`;
  const isKnown = resource === 'none' || resource === 'entity' || resource === 'live';
  return isKnown ? undefined : `permission ${name}: resource must be none, entity or live`;
}

function assertDistinct(items: readonly (readonly [ManifestOrigin, string])[], what: string): void {
  const first = new Map<string, string>();
  for (const [{ manifest }, name] of items) {
    const other = first.get(name);
    if (other !== undefined) {
      throw serverError('MANIFEST_INVALID', {
        manifest: manifest.id,
        problem: `${what} ${name} is already in manifest ${other}`,
      });
    }
    first.set(name, manifest.id);
  }
}

/** What manifests declare, and what only routes name, described by the first of those. */
function joinPermissions(
  origins: readonly ManifestOrigin[],
  routes: readonly ComposedRoute[],
): readonly PermissionItem[] {
  const declared = origins.flatMap((origin) =>
    (origin.manifest.permissions ?? []).map((permission) => ({ origin, permission })),
  );
  assertDistinct(
    declared.map(({ origin, permission }) => [origin, permission.name]),
    'permission',
  );
  const items = new Map<string, PermissionItem>();
  for (const { origin, permission } of declared) {
    items.set(permission.name, { ...permission, manifest: origin.manifest.id });
  }
  for (const { origin, route } of routes) {
    const { permission: name, summary: description } = route.contract;
    if (name === 'public' || name === 'signed-in' || items.has(name)) continue;
    items.set(name, { name, description, resource: 'none', manifest: origin.manifest.id });
  }
  return [...items.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function joinKinds(origins: readonly ManifestOrigin[]): KindTable {
  const lists = [];
  for (const { manifest } of origins) {
    lists.push(manifest.kinds ?? []);
    try {
      createKindTable(...lists);
    } catch (error) {
      throw serverError('MANIFEST_INVALID', { manifest: manifest.id, problem: errorMessage(error) }, error);
    }
  }
  return createKindTable(...lists);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
