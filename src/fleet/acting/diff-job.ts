import type { ManifestDiff } from '../../api/acting.ts';
import type { Impersonation } from '../../kube/connection.ts';
import { tree, type Tree } from '../reduce/json-read.ts';
import type { JobContext } from './acting.ts';
import { lineDiff } from './line-diff.ts';
import { readObject } from './manifest-job.ts';
import { HIDDEN, manifestText, shownObject } from './manifest-text.ts';
import type { ObjectPlace } from './object-path.ts';

/** An object that is to be compared between two clusters. */
export interface DiffArgs {
  readonly kind: string;
  readonly place: ObjectPlace;
  readonly left: { readonly cluster: string; readonly as: Impersonation };
  readonly right: { readonly cluster: string; readonly as: Impersonation };
}

/** What each cluster fills in by itself, and says nothing of how the object was meant. */
const ownMetadata = ['uid', 'resourceVersion', 'creationTimestamp', 'generation', 'selfLink', 'ownerReferences'];
const ownAnnotations = [
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'kubectl.kubernetes.io/last-applied-configuration',
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.kubernetes.io/selected-node',
];
const ownSpec = ['clusterIP', 'clusterIPs', 'healthCheckNodePort', 'volumeName', 'nodeName'];

/** Job: how an object differs between two clusters. */
export async function diffManifests(context: JobContext, { kind, place, left, right }: DiffArgs): Promise<Uint8Array> {
  const read = (side: DiffArgs['left']): Promise<Tree> => readObject(context, { ...side, kind, place });
  const [one, other] = await Promise.all([read(left), read(right)]);
  const texts = [
    manifestText(comparable(one), true),
    manifestText(withOtherSecrets(comparable(other), one, other), true),
  ];
  const [leftText = '', rightText = ''] = texts;
  const answer: ManifestDiff = {
    left: leftText,
    right: rightText,
    same: leftText === rightText,
    hunks: lineDiff(leftText, rightText),
    asUser: left.as.user,
  };
  return new Uint8Array(Buffer.from(JSON.stringify(answer)));
}

/** An object without what differs by nature. */
function comparable(object: Tree): Tree {
  const { status: _status, ...shown } = shownObject(object);
  const metadata = tree(shown['metadata']);
  const annotations = without(tree(metadata['annotations']), ownAnnotations);
  const { annotations: _annotations, ...rest } = without(metadata, ownMetadata);
  return {
    ...shown,
    metadata: { ...rest, ...(Object.keys(annotations).length > 0 && { annotations }) },
    ...('spec' in shown && { spec: without(tree(shown['spec']), ownSpec) }),
  };
}

/** Of what a Secret keeps it is told whether it is another one, and no more. */
function withOtherSecrets(shown: Tree, one: Tree, other: Tree): Tree {
  if (other['kind'] !== 'Secret') return shown;
  const [data, otherData] = [tree(one['data']), tree(other['data'])];
  const told = Object.keys(otherData).map((key) => [
    key,
    key in data && data[key] !== otherData[key] ? `${HIDDEN}, another one` : HIDDEN,
  ]);
  return { ...shown, data: Object.fromEntries(told) as Tree };
}

function without(values: Tree, keys: readonly string[]): Tree {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}
