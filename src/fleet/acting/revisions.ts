import type { Revision } from '../../api/acting.ts';
import type { Impersonation } from '../../kube/connection.ts';
import { list, text, tree, type Tree } from '../reduce/json-read.ts';
import { fleetError } from '../errors.ts';
import type { JobContext } from './acting.ts';
import { readObject } from './manifest-job.ts';
import { jsonOf } from './object-path.ts';
import { workloadPlace, type WorkloadKind } from './workload-place.ts';

/** A workload whose revisions are asked for. */
export interface RevisionsArgs {
  readonly cluster: string;
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly as: Impersonation;
}

/** A revision with what goes back to it. */
export interface KeptRevision {
  readonly number: number;
  readonly changeCause: string | undefined;
  readonly createdAt: string;
  /** Pod template, as it was. */
  readonly template: Tree;
  /** Of a ControllerRevision: the patch that it keeps. */
  readonly patch: Tree | undefined;
}

const REVISION = 'deployment.kubernetes.io/revision';
export const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const MOST_BYTES = 32 * 1024 * 1024;

/** Job: the revisions of a workload. */
export async function readRevisions(context: JobContext, args: RevisionsArgs): Promise<Uint8Array> {
  const { cluster, kind, namespace, name, as } = args;
  const workload = await readObject(context, { cluster, kind, place: workloadPlace(kind, namespace, name), as });
  const kept = await keptRevisions(context, args, workload);
  const current = currentRevision(kind, workload, kept);
  const items: Revision[] = kept.map(({ number, changeCause, createdAt, template }) => ({
    revision: number,
    images: imagesOf(template),
    ...(changeCause !== undefined && { changeCause }),
    createdAt,
    isCurrent: number === current,
  }));
  return new Uint8Array(Buffer.from(JSON.stringify({ items, asUser: as.user })));
}

/** What a workload can go back to, the newest first: its ReplicaSets, or its ControllerRevisions. */
export async function keptRevisions(
  context: JobContext,
  { cluster, kind, namespace, as }: RevisionsArgs,
  workload: Tree,
): Promise<readonly KeptRevision[]> {
  const plural = kind === 'Deployment' ? 'replicasets' : 'controllerrevisions';
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${plural}`;
  const labels = tree(tree(tree(workload['spec'])['selector'])['matchLabels']);
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
  const query = labelSelector === '' ? undefined : { labelSelector };
  const answer = await context.call(cluster, { path, query, as, maxBytes: MOST_BYTES });
  const uid = text(tree(workload['metadata'])['uid']);
  return list(tree(jsonOf(cluster, answer, plural, as))['items'])
    .map(tree)
    .filter((item) => ownerOf(item) === uid)
    .map((item) => (kind === 'Deployment' ? ofReplicaSet(item) : ofControllerRevision(item)))
    .filter(({ number }) => number > 0)
    .sort((left, right) => right.number - left.number);
}

/** The revision that a workload is at; the highest where it does not say. */
export function currentRevision(kind: WorkloadKind, workload: Tree, kept: readonly KeptRevision[]): number | undefined {
  const said = kind === 'Deployment' ? Number(annotationsOf(workload)[REVISION]) : Number.NaN;
  return kept.some(({ number }) => number === said) ? said : kept[0]?.number;
}

/**
 * The revision to go back to: the one that is named, or the newest before the current one.
 * @throws ACTION_REFUSED where there is none, or the workload is at it already
 */
export function chosenRevision(
  kept: readonly KeptRevision[],
  current: number | undefined,
  asked: number | undefined,
): KeptRevision {
  const chosen = kept.find(({ number }) => (asked === undefined ? number < (current ?? 0) : number === asked));
  if (chosen === undefined) {
    const problem = asked === undefined ? 'there is no earlier revision' : `there is no revision ${asked}`;
    throw fleetError('ACTION_REFUSED', { problem });
  }
  if (chosen.number === current)
    throw fleetError('ACTION_REFUSED', { problem: `it is at revision ${current} already` });
  return chosen;
}

function ofReplicaSet(item: Tree): KeptRevision {
  const template = tree(tree(item['spec'])['template']);
  const metadata = tree(template['metadata']);
  const { 'pod-template-hash': _hash, ...labels } = tree(metadata['labels']);
  return {
    number: Number(annotationsOf(item)[REVISION] ?? 0),
    changeCause: text(annotationsOf(item)[CHANGE_CAUSE]),
    createdAt: text(tree(item['metadata'])['creationTimestamp']) ?? '',
    template: { ...template, metadata: { ...metadata, labels } },
    patch: undefined,
  };
}

function ofControllerRevision(item: Tree): KeptRevision {
  const patch = tree(item['data']);
  return {
    number: typeof item['revision'] === 'number' ? item['revision'] : 0,
    changeCause: text(annotationsOf(item)[CHANGE_CAUSE]),
    createdAt: text(tree(item['metadata'])['creationTimestamp']) ?? '',
    template: tree(tree(patch['spec'])['template']),
    patch,
  };
}

function ownerOf(item: Tree): string | undefined {
  const owners = list(tree(item['metadata'])['ownerReferences']).map(tree);
  return text(owners.find((owner) => owner['controller'] === true)?.['uid']);
}

function annotationsOf(item: Tree): Tree {
  return tree(tree(item['metadata'])['annotations']);
}

function imagesOf(template: Tree): string[] {
  const spec = tree(template['spec']);
  const images = list(spec['containers']).map((container) => text(tree(container)['image']));
  return [...new Set(images.filter((image) => image !== undefined))];
}
