import { readRefusal } from './api-status.ts';
import { failure } from './errors.ts';
import type { ResourcePath } from './reflection.ts';
import type { ClusterTransport, KubeAnswer } from './transport.ts';

/** A resource that a cluster has, in one version of its group. */
export interface DiscoveredResource extends ResourcePath {
  readonly verbs: readonly string[];
}

/** What a cluster is and has. */
export interface Discovery {
  /** e.g. `v1.34.2`. */
  readonly version: string;
  /** Every version of every group, those that the server prefers first. */
  readonly resources: readonly DiscoveredResource[];
  /** uid of the namespace `kube-system`: the same as long as it is the same cluster. Absent where it may not be read. */
  readonly identity?: string | undefined;
  /** Groups whose resources the server could not tell just now (an aggregated API is down); what they had may still be there. */
  readonly incomplete: readonly string[];
}

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';
const DISCOVERY_BYTES = 32 * 1024 * 1024;

type JsonMap = Readonly<Record<string, unknown>>;

/**
 * Asks a cluster for its version, its resources and its identity; in two requests for the resources where the server aggregates
 * them, else in one a group and version.
 *
 * @throws KUBE_REFUSED where it may not be asked, KUBE_ANSWER_INVALID, KUBE_UNREACHABLE, KUBE_CREDENTIAL_FAILED
 */
export async function discover(transport: ClusterTransport, signal?: AbortSignal): Promise<Discovery> {
  const [version, core, named, identity] = await Promise.all([
    readVersion(transport, signal),
    readGroups(transport, '/api', signal),
    readGroups(transport, '/apis', signal),
    readIdentity(transport, signal),
  ]);
  return {
    version,
    resources: [...core.resources, ...named.resources],
    ...(identity !== undefined && { identity }),
    incomplete: [...core.incomplete, ...named.incomplete],
  };
}

interface Found {
  readonly resources: readonly DiscoveredResource[];
  readonly incomplete: readonly string[];
}

async function readVersion(transport: ClusterTransport, signal?: AbortSignal): Promise<string> {
  const { gitVersion } = await get(transport, '/version', signal);
  return typeof gitVersion === 'string' ? gitVersion : '';
}

async function readIdentity(transport: ClusterTransport, signal?: AbortSignal): Promise<string | undefined> {
  const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
  const answer = await transport.request({ path: '/api/v1/namespaces/kube-system', accept, signal });
  if (answer.status !== 200) return undefined;
  const uid = mapOf(jsonOf(transport, answer)['metadata'])['uid'];
  return typeof uid === 'string' ? uid : undefined;
}

async function readGroups(transport: ClusterTransport, path: '/api' | '/apis', signal?: AbortSignal): Promise<Found> {
  const answer = await get(transport, path, signal, AGGREGATED);
  if (answer['kind'] === 'APIGroupDiscoveryList') return aggregated(answer);
  const prefixes =
    path === '/api'
      ? texts(answer['versions']).map((version) => ({ group: '', version }))
      : maps(answer['groups']).flatMap(groupVersions);
  const read = await Promise.all(prefixes.map((each) => readGroupVersion(transport, each, signal)));
  return { resources: read.flatMap(({ resources }) => resources), incomplete: read.flatMap((each) => each.incomplete) };
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Versions of a group as `/apis` lists it, the preferred one first. */
function groupVersions(group: JsonMap): readonly GroupVersion[] {
  const name = text(group['name']);
  const preferred = text(mapOf(group['preferredVersion'])['version']);
  const versions = maps(group['versions']).map((each) => text(each['version']));
  return [...new Set([preferred, ...versions])]
    .filter((version) => version !== '')
    .map((version) => ({ group: name, version }));
}

async function readGroupVersion(
  transport: ClusterTransport,
  { group, version }: GroupVersion,
  signal?: AbortSignal,
): Promise<Found> {
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const answer = await transport.request({ path, maxBytes: DISCOVERY_BYTES, signal });
  // An aggregated API that is down answers 503 for its group alone.
  if (answer.status !== 200) return { resources: [], incomplete: [group] };
  const resources = maps(jsonOf(transport, answer)['resources']).flatMap((each) => {
    const plural = text(each['name']);
    if (plural === '' || plural.includes('/')) return [];
    const isNamespaced = each['namespaced'] === true;
    return [{ group, version, plural, kind: text(each['kind']), isNamespaced, verbs: texts(each['verbs']) }];
  });
  return { resources, incomplete: [] };
}

/** Reads aggregated discovery, where versions stand in the order of preference. */
function aggregated(answer: JsonMap): Found {
  const resources: DiscoveredResource[] = [];
  const incomplete: string[] = [];
  for (const group of maps(answer['items'])) {
    const name = text(mapOf(group['metadata'])['name']);
    for (const version of maps(group['versions'])) {
      if (version['freshness'] === 'Stale') incomplete.push(name);
      for (const each of maps(version['resources'])) {
        const plural = text(each['resource']);
        const kind = text(mapOf(each['responseKind'])['kind']);
        const isNamespaced = each['scope'] === 'Namespaced';
        const verbs = texts(each['verbs']);
        if (plural !== '') {
          resources.push({ group: name, version: text(version['version']), plural, kind, isNamespaced, verbs });
        }
      }
    }
  }
  return { resources, incomplete };
}

async function get(
  transport: ClusterTransport,
  path: string,
  signal: AbortSignal | undefined,
  accept = 'application/json',
): Promise<JsonMap> {
  const answer = await transport.request({ path, accept, maxBytes: DISCOVERY_BYTES, signal });
  if (answer.status === 200) return jsonOf(transport, answer);
  const { message } = readRefusal(answer.status, answer.body);
  const code = answer.status === 401 ? 'Unauthorized' : answer.status === 403 ? 'Forbidden' : 'ServerError';
  throw failure('KUBE_REFUSED', { cluster: transport.cluster, status: answer.status, code, path, reason: message });
}

function jsonOf(transport: ClusterTransport, { body }: KubeAnswer): JsonMap {
  try {
    return mapOf(JSON.parse(body.toString()) as unknown);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw failure('KUBE_ANSWER_INVALID', { cluster: transport.cluster, reason: 'it is not JSON' }, thrown);
  }
}

function mapOf(value: unknown): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}

function maps(value: unknown): readonly JsonMap[] {
  return Array.isArray(value) ? value.map(mapOf) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
