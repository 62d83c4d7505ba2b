import type { Resource } from './resources.ts';
import type { Attributes } from './access.ts';
import type { Review } from './discovery.ts';

/** What a path means. */
export type Target =
  | { readonly kind: 'plain'; readonly path: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'version'; readonly group: string; readonly version: string }
  | { readonly kind: 'review'; readonly review: Review }
  | {
      readonly kind: 'resource';
      readonly resource: Resource;
      readonly namespace: string | undefined;
      /** Absent: all of them. */
      readonly name: string | undefined;
      readonly subresource: string;
      /** The old way to watch, `/api/v1/watch/...`. */
      readonly isWatchPath: boolean;
    };

/** What a cluster knows paths by. */
export interface Known {
  readonly resources: readonly Resource[];
  readonly reviews: readonly Review[];
}

/** Reads the path of a request; undefined where nothing stands there. */
export function targetOf(path: string, known: Known): Target | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  if (parts[0] === 'api' && parts.length > 1) return inVersion('', parts[1] ?? '', parts.slice(2), known);
  if (parts[0] !== 'apis' || parts.length === 1) return { kind: 'plain', path: `/${parts.join('/')}` };
  const [, group = '', version] = parts;
  return version === undefined ? { kind: 'group', group } : inVersion(group, version, parts.slice(3), known);
}

function inVersion(group: string, version: string, parts: readonly string[], known: Known): Target | undefined {
  if (parts.length === 0) return { kind: 'version', group, version };
  const isWatchPath = parts[0] === 'watch';
  const rest = isWatchPath ? parts.slice(1) : parts;
  const review = known.reviews.find((each) => each.group === group && each.plural === rest[0]);
  if (review && version === 'v1') return { kind: 'review', review };
  const find = (plural: string | undefined): Resource | undefined =>
    known.resources.find((each) => each.group === group && each.version === version && each.plural === plural);
  if (rest[0] === 'namespaces' && rest.length > 2) {
    const inside = find(rest[2]);
    if (inside?.isNamespaced) return place(inside, rest[1], rest.slice(3), isWatchPath);
  }
  const resource = find(rest[0]);
  return resource && place(resource, undefined, rest.slice(1), isWatchPath);
}

function place(
  resource: Resource,
  namespace: string | undefined,
  rest: readonly string[],
  isWatchPath: boolean,
): Target | undefined {
  const [name, subresource = '', ...more] = rest;
  if (more.length > 0) return undefined;
  if (subresource !== '' && !resource.subresources.includes(subresource)) return undefined;
  if (resource.isNamespaced && namespace === undefined && name !== undefined) return undefined;
  return { kind: 'resource', resource, namespace, name, subresource, isWatchPath };
}

/** The verb of the Kubernetes API that a request is. */
export function verbOf(method: string, isNamed: boolean, isWatch: boolean): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return isWatch ? 'watch' : isNamed ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return isNamed ? 'delete' : 'deletecollection';
    default:
      return method.toLowerCase();
  }
}

/** What rules are asked about for a request; undefined for what is no object and no review. */
export function attributesOf(target: Extract<Target, { kind: 'resource' }>, method: string, url: URL): Attributes;
export function attributesOf(target: Target, method: string, url: URL): Attributes | undefined;
export function attributesOf(target: Target, method: string, url: URL): Attributes | undefined {
  if (target.kind === 'review') {
    const { group, plural: resource } = target.review;
    return { verb: 'create', group, resource, subresource: '', namespace: '', name: '' };
  }
  if (target.kind !== 'resource') return undefined;
  const { resource, namespace, name, subresource } = target;
  const isWatch = target.isWatchPath || ['1', 'true'].includes(url.searchParams.get('watch') ?? '');
  return {
    verb: verbOf(method, name !== undefined, isWatch),
    group: resource.group,
    resource: resource.plural,
    subresource,
    namespace: namespace ?? (resource.kind === 'Namespace' ? (name ?? '') : ''),
    name: name ?? '',
  };
}
