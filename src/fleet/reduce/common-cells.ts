import { isGeneratedLabel } from '../../live/generated-label.ts';
import type { Cell } from '../../live/column.ts';
import type { KubeObject } from '../../kube/reflection.ts';
import { fleetError } from '../errors.ts';
import { list, pairLines, seconds, text, tree, whole } from './json-read.ts';

const keptAnnotations: ReadonlySet<string> = new Set([
  'argocd.argoproj.io/tracking-id',
  'meta.helm.sh/release-name',
  'meta.helm.sh/release-namespace',
]);

/** Annotations that say whose an object is and who made it; others may be anything and are not kept. */
function isKeptAnnotation(key: string): boolean {
  if (keptAnnotations.has(key) || /(^|\/)(owner|team)$/.test(key)) return true;
  return key.startsWith('backstage.io/kubernetes-') || key.startsWith('callboard.dev/');
}

const isKeptLabel = (key: string): boolean => !isGeneratedLabel(key);

/**
 * The cells that every record begins with (`commonColumns`).
 * @throws OBJECT_UNREADABLE where it has no name or UID
 */
export function commonCells({ metadata }: KubeObject): Cell[] {
  const name = text(tree(metadata)['name']);
  const uid = text(metadata.uid);
  if (name === undefined || uid === undefined) {
    throw fleetError('OBJECT_UNREADABLE', { problem: `metadata.${name === undefined ? 'name' : 'uid'} is missing` });
  }
  const owner = controllerOf(metadata['ownerReferences']);
  return [
    text(metadata.namespace),
    name,
    uid,
    seconds(metadata['creationTimestamp']),
    seconds(metadata['deletionTimestamp']),
    whole(metadata['generation']),
    text(owner['kind']),
    text(owner['name']),
    pairLines(tree(metadata['labels']), isKeptLabel),
    pairLines(tree(metadata['annotations']), isKeptAnnotation),
  ];
}

function controllerOf(references: unknown): ReturnType<typeof tree> {
  for (const reference of list(references)) {
    const owner = tree(reference);
    if (owner['controller'] === true) return owner;
  }
  return tree(undefined);
}
