import { CallboardError } from '../../base/errors.ts';
import type { ActingAnswer, JobContext } from '../acting/acting.ts';
import { fleetError } from '../errors.ts';
import { text, tree, type Tree } from '../reduce/json-read.ts';
import {
  type ClusterLists,
  type EntityObjectsArgs,
  type FetchProblem,
  listPath,
  type ObjectList,
  statusProblem,
} from './entity-objects.ts';
import { podUsages } from './pod-usage.ts';
import { maskedSecret, withoutContainerValues } from './shown-item.ts';

const MIB = 1024 * 1024;
/** Most bytes of one list, of all lists of a cluster, of an answer, and of what is read for it. */
const MOST_BYTES = { list: 16 * MIB, cluster: 32 * MIB, answer: 64 * MIB, read: 256 * MIB };
/** What is left for metrics in any case, ms. */
const METRICS_MS = 250;
const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const METRICS = { group: 'metrics.k8s.io', version: 'v1beta1', plural: 'pods' };

/** What a list came to. */
interface Found {
  readonly items: readonly Tree[];
  readonly problems: readonly FetchProblem[];
}

/** One cluster while it is read. */
interface Reading extends ClusterLists {
  readonly context: JobContext;
  readonly labelSelector: string;
  /** Ms since 1970. */
  readonly endsAt: number;
  /** Bytes that were read so far of this cluster, and of all. */
  bytes: number;
  readonly all: { bytes: number };
}

/**
 * Job: the objects of an entity in some clusters with what their pods use, as JSON in the shape of `ObjectsByEntityResponse` of
 * Backstage's clients. What fails is told beside what does not; no cluster waits for another.
 *
 * @throws ACTING_REQUEST_INVALID where it would be more than can be read at once
 */
export async function readEntityObjects(context: JobContext, args: EntityObjectsArgs): Promise<Uint8Array> {
  const { clusters, labelSelector, timeoutMs } = args;
  const endsAt = context.now() + timeoutMs;
  const all = { bytes: 0 };
  const read = await Promise.all(
    clusters.map((lists) => clusterObjects({ ...lists, context, labelSelector, endsAt, bytes: 0, all })),
  );
  let bytes = 0;
  const items = read.flatMap((item, at) => {
    bytes += item.length;
    const lists = clusters[at];
    return bytes <= MOST_BYTES.answer || lists === undefined ? item : leftOut(lists);
  });
  return new Uint8Array(Buffer.from(`{"items":[${items.filter((item) => item !== '').join(',')}]}`));
}

/** The JSON of a cluster; empty where there is neither an object nor a problem. */
async function clusterObjects(reading: Reading): Promise<string> {
  const { cluster, lists, hasMetrics } = reading;
  const found = await Promise.all(lists.map((list) => readList(reading, list)));
  const resources = lists.map(({ type }, at) => ({ type, resources: found[at]?.items ?? [] }));
  const podsAt = lists.findIndex(({ type }) => type === 'pods');
  const pods = found[podsAt]?.items ?? [];
  const metrics = hasMetrics && pods.length > 0 ? await readMetrics(reading, lists[podsAt]?.namespaces) : undefined;
  const problems = [...reading.problems, ...found.flatMap((each) => each.problems), ...(metrics?.problems ?? [])];
  if (problems.length === 0 && resources.every((each) => each.resources.length === 0)) return '';
  // Without metrics of any pod nothing is said of use.
  const podMetrics = metrics === undefined || metrics.isAbsent ? [] : podUsages(pods, metrics.items);
  return JSON.stringify({ cluster, podMetrics, resources, errors: distinct(problems) });
}

function leftOut({ cluster }: ClusterLists): string {
  const message = 'It is left out: what other clusters have is as much as an answer may hold';
  return JSON.stringify({ cluster, podMetrics: [], resources: [], errors: [{ errorType: 'FETCH_ERROR', message }] });
}

async function readList(reading: Reading, list: ObjectList): Promise<Found> {
  const parts = await Promise.all(
    placesOf(list).map((namespace) => readItems(reading, list, namespace, list.isMetadataOnly)),
  );
  const isSecret = list.group === '' && list.plural === 'secrets';
  const items = parts.flatMap(({ kind, items: own }) =>
    own.map((item) => {
      const shown = reading.as === undefined ? withoutContainerValues(item) : item;
      const masked = isSecret || kind === 'Secret' ? maskedSecret(shown) : shown;
      return list.type === 'customresources' ? { ...masked, kind } : masked;
    }),
  );
  return { items, problems: parts.flatMap(({ problems }) => problems) };
}

/** Of what is listed nowhere there is no place, of what is listed in the whole cluster one without a name. */
function placesOf({ namespaces }: Pick<ObjectList, 'namespaces'>): readonly (string | undefined)[] {
  return namespaces ?? [undefined];
}

/** Metrics where the pods were listed. A cluster that has none, or keeps them from its reader, is no problem. */
async function readMetrics(
  reading: Reading,
  namespaces: readonly string[] | undefined,
): Promise<Found & { readonly isAbsent: boolean }> {
  const parts = await Promise.all(
    placesOf({ namespaces }).map((namespace) => readItems(reading, METRICS, namespace, false)),
  );
  const isExpected = (problem: FetchProblem): boolean =>
    'statusCode' in problem && (problem.statusCode === 404 || (problem.statusCode === 403 && reading.as === undefined));
  const problems = parts.flatMap((part) => part.problems);
  return {
    items: parts.flatMap(({ items }) => items),
    problems: problems.filter((problem) => !isExpected(problem)),
    isAbsent: problems.length > 0,
  };
}

async function readItems(
  reading: Reading,
  resource: Pick<ObjectList, 'group' | 'version' | 'plural'>,
  namespace: string | undefined,
  isMetadataOnly: boolean,
): Promise<Found & { readonly kind: string }> {
  const { context, cluster, labelSelector, endsAt } = reading;
  const path = listPath(resource, namespace);
  let answer: ActingAnswer;
  try {
    answer = await context.call(cluster.name, {
      path,
      query: { labelSelector },
      as: reading.as,
      timeoutMs: Math.max(METRICS_MS, endsAt - context.now()),
      maxBytes: MOST_BYTES.list,
      ...(isMetadataOnly && { accept: METADATA }),
    });
  } catch (thrown) {
    if (context.signal.aborted || !(thrown instanceof CallboardError)) throw thrown;
    return failed(thrown.message);
  }
  if (answer.status !== 200) return { kind: '', items: [], problems: [statusProblem(answer.status, path)] };
  reading.bytes += answer.body.byteLength;
  reading.all.bytes += answer.body.byteLength;
  // Ends what is under way elsewhere too: a selector that finds everything must not fill this thread.
  if (reading.all.bytes > MOST_BYTES.read)
    throw fleetError('ACTING_REQUEST_INVALID', {
      problem: `what it finds is larger than ${MOST_BYTES.read / MIB} MiB`,
    });
  if (reading.bytes > MOST_BYTES.cluster)
    return failed(`What is asked of the cluster is larger than it may be: ${path}`);
  const list = parsed(answer.body);
  if (list === undefined) return failed(`The cluster does not answer with a list: ${path}`);
  return isMetadataOnly ? { ...list, items: list.items.map(withoutType), problems: [] } : { ...list, problems: [] };
}

/** A list of objects and their kind; undefined for what is none. */
function parsed(body: Uint8Array): { readonly kind: string; readonly items: readonly Tree[] } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return undefined;
  }
  const { kind, items } = tree(value);
  const named = text(kind)?.replace(/List$/, '');
  return named !== undefined && Array.isArray(items) ? { kind: named, items: items.map(tree) } : undefined;
}

/** Items of a list of metadata say that they are such; those of others do not say what they are. */
function withoutType({ kind: _kind, apiVersion: _version, ...item }: Tree): Tree {
  return item;
}

function failed(message: string): Found & { readonly kind: string } {
  return { kind: '', items: [], problems: [{ errorType: 'FETCH_ERROR', message }] };
}

/** One dead cluster is one problem, however many lists it did not answer. */
function distinct(problems: readonly FetchProblem[]): readonly FetchProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
