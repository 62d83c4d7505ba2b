import type { ActionCall, ActionRequest } from '../../api/acting.ts';
import { fleetError } from '../errors.ts';
import { text, tree, type Tree } from '../reduce/json-read.ts';
import { pathOf } from './object-path.ts';
import { CHANGE_CAUSE, type KeptRevision } from './revisions.ts';
import { workloadPlace } from './workload-place.ts';

/** What an action is for, and what it stands on. */
export interface PlanParts {
  readonly ask: ActionRequest;
  /** What it acts on, as it is now. */
  readonly object: Tree;
  /** For `undo`. */
  readonly revision: KeptRevision | undefined;
  /** RFC 3339, in whole seconds. */
  readonly now: string;
}

/** The right that an action needs on the cluster. */
export interface ActionRight {
  readonly verb: 'patch' | 'delete';
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Kinds that an action is for. */
const kindsByAction: Readonly<Record<ActionRequest['action'], readonly ActionRequest['kind'][]>> = {
  restart: ['Deployment', 'StatefulSet', 'DaemonSet'],
  scale: ['Deployment', 'StatefulSet'],
  pause: ['Deployment'],
  resume: ['Deployment'],
  undo: ['Deployment', 'StatefulSet', 'DaemonSet'],
  'delete-pod': ['Pod'],
};

/** Checks what is asked before any cluster is. @throws ACTION_REFUSED */
export function checkAction({ action, kind, replicas }: ActionRequest): void {
  const kinds = kindsByAction[action];
  if (!kinds.includes(kind)) throw refused(`${action} is for ${kinds.join(', ')}, not for a ${kind}`);
  if (action === 'scale' && replicas === undefined) throw refused('scale needs replicas');
}

/** The right that an action needs. */
export function rightOf({ action, kind, namespace, name }: ActionRequest): ActionRight {
  const { group, plural: resource } = workloadPlace(kind, namespace, name);
  return {
    verb: action === 'delete-pod' ? 'delete' : 'patch',
    group,
    resource,
    subresource: action === 'scale' ? 'scale' : '',
    namespace,
    name,
  };
}

/** Checks what is asked against what is there. @throws ACTION_REFUSED where its state speaks against it */
export function checkState({ action, uid }: ActionRequest, object: Tree): void {
  if (uid !== undefined && uid !== uidOf(object)) {
    throw refused('another object of this name has taken its place: look at that one first');
  }
  const isPaused = tree(object['spec'])['paused'] === true;
  if (action === 'resume' && !isPaused) throw refused('its rollout is not paused');
  if (action === 'pause' && isPaused) throw refused('its rollout is paused already');
  if (isPaused && (action === 'restart' || action === 'undo')) {
    throw refused('its rollout is paused: resume it first');
  }
}

/** The request that an action is. */
export function callOf({ ask, object, revision, now }: PlanParts): ActionCall {
  const path = pathOf(workloadPlace(ask.kind, ask.namespace, ask.name), 'v1');
  const kubectl = kubectlOf(ask, revision);
  const patch = (contentType: string, body: unknown, subresource = ''): ActionCall => ({
    method: 'PATCH',
    path: `${path}${subresource}`,
    contentType: `application/${contentType}`,
    body,
    kubectl,
  });
  switch (ask.action) {
    case 'restart': {
      const annotations = { 'kubectl.kubernetes.io/restartedAt': now };
      return patch('strategic-merge-patch+json', { spec: { template: { metadata: { annotations } } } });
    }
    case 'scale':
      return patch('merge-patch+json', { spec: { replicas: ask.replicas } }, '/scale');
    case 'pause':
      return patch('strategic-merge-patch+json', { spec: { paused: true } });
    case 'resume':
      return patch('strategic-merge-patch+json', { spec: { paused: null } });
    case 'undo':
      if (revision?.patch !== undefined) return patch('strategic-merge-patch+json', revision.patch);
      return patch('json-patch+json', undoPatch(object, revision));
    case 'delete-pod': {
      // Another pod of the same name is not the one that was looked at.
      const body = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: uidOf(object) } };
      return { method: 'DELETE', path, contentType: 'application/json', body, kubectl };
    }
  }
}

/** The uid of an object as it was read. */
export function uidOf(object: Tree): string | undefined {
  return text(tree(object['metadata'])['uid']);
}

/** The whole template takes the place of the one that is there, unless the Deployment has changed in between. */
function undoPatch(deployment: Tree, revision: KeptRevision | undefined): readonly object[] {
  const metadata = tree(deployment['metadata']);
  const annotations = tree(metadata['annotations']);
  const cause = `/metadata/annotations/${CHANGE_CAUSE.replace('/', '~1')}`;
  const changes: object[] = [
    { op: 'test', path: '/metadata/generation', value: metadata['generation'] },
    { op: 'replace', path: '/spec/template', value: revision?.template },
  ];
  if (revision?.changeCause !== undefined && 'annotations' in metadata) {
    changes.push({ op: 'add', path: cause, value: revision.changeCause });
  } else if (CHANGE_CAUSE in annotations) changes.push({ op: 'remove', path: cause });
  return changes;
}

function kubectlOf(ask: ActionRequest, revision: KeptRevision | undefined): string {
  const object = quoted(`${ask.kind.toLowerCase()}/${ask.name}`);
  const verbs: Readonly<Record<ActionRequest['action'], string>> = {
    restart: `rollout restart ${object}`,
    scale: `scale ${object} --replicas=${ask.replicas}`,
    pause: `rollout pause ${object}`,
    resume: `rollout resume ${object}`,
    undo: `rollout undo ${object} --to-revision=${revision?.number ?? ask.revision ?? 0}`,
    'delete-pod': `delete ${object}`,
  };
  return `kubectl --context ${quoted(ask.cluster)} -n ${quoted(ask.namespace)} ${verbs[ask.action]}`;
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w.:@/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function refused(problem: string): Error {
  return fleetError('ACTION_REFUSED', { problem });
}
