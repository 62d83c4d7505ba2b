import { fleetError } from '../errors.ts';
import { list, text, tree } from '../reduce/json-read.ts';
import type { ActingAnswer, ActingRequest, JobContext } from './acting.ts';
import { clusterRefusal } from './cluster-refusal.ts';

/** Which object of a cluster, in the words of its API. */
export interface ObjectPlace {
  readonly group: string;
  /** Versions that can be read, the best first; empty: what the cluster prefers. */
  readonly versions: readonly string[];
  readonly plural: string;
  /** Absent for what stands in none. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The path of an object. */
export function pathOf({ group, plural, namespace, name }: ObjectPlace, version: string): string {
  const api = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const place = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${api}${place}/${plural}/${encodeURIComponent(name)}`;
}

/**
 * The path of an object in the version that its cluster serves. The cluster is asked only where that is not certain.
 * @throws OBJECT_UNKNOWN where it serves none of them
 */
export async function servedPath(
  context: JobContext,
  cluster: string,
  place: ObjectPlace,
  as: ActingRequest['as'],
): Promise<string> {
  const [only, ...others] = place.versions;
  if (only !== undefined && others.length === 0) return pathOf(place, only);
  const answer = await context.call(cluster, { path: `/apis/${place.group}`, as });
  const unknown = fleetError('OBJECT_UNKNOWN', { cluster, object: `${place.plural}.${place.group}`, reason: '' });
  if (answer.status === 404) throw unknown;
  const group = tree(jsonOf(cluster, answer, `/apis/${place.group}`, as));
  const served = list(group['versions']).map((version) => text(tree(version)['version']) ?? '');
  const preferred = text(tree(group['preferredVersion'])['version']) ?? served[0];
  const version = place.versions.length === 0 ? preferred : place.versions.find((known) => served.includes(known));
  if (version === undefined) throw unknown;
  return pathOf(place, version);
}

/** The JSON of an answer. @throws what a refusal means, see `clusterRefusal`; OBJECT_UNREADABLE */
export function jsonOf(cluster: string, answer: ActingAnswer, what: string, as: ActingRequest['as']): unknown {
  if (answer.status < 200 || answer.status > 299) throw clusterRefusal(cluster, answer, what, as);
  try {
    return JSON.parse(Buffer.from(answer.body).toString());
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw fleetError('OBJECT_UNREADABLE', { problem: `${cluster} does not answer with JSON` }, thrown);
  }
}
