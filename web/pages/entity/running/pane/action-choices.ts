import type { ActionRequest } from '../../../../../src/api/acting.ts';
import type { Chosen } from '../chosen-cell.ts';

/** Something that can be done with a workload. */
export interface ActionChoice {
  readonly action: ActionRequest['action'];
  readonly title: string;
  /** What it does, in a sentence. */
  readonly text: string;
}

const choices = {
  restart: { action: 'restart', title: 'Restart', text: 'Its pods are made anew, a few at a time.' },
  scale: { action: 'scale', title: 'Scale', text: 'Another number of replicas.' },
  pause: { action: 'pause', title: 'Pause rollout', text: 'Changes wait until it is resumed; pods go on.' },
  resume: { action: 'resume', title: 'Resume rollout', text: 'What waited is rolled out.' },
  undo: { action: 'undo', title: 'Undo', text: 'Back to an earlier revision of its pods.' },
  deletePod: { action: 'delete-pod', title: 'Delete a pod', text: 'One pod ends; another takes its place.' },
} as const satisfies Record<string, ActionChoice>;

/** What can be done with a workload of a kind. */
export function actionChoices({ workload: { kind } }: Chosen): readonly ActionChoice[] {
  const { restart, scale, pause, resume, undo, deletePod } = choices;
  switch (kind) {
    case 'Deployment':
      return [restart, scale, undo, pause, resume, deletePod];
    case 'StatefulSet':
      return [restart, scale, undo, deletePod];
    case 'DaemonSet':
      return [restart, undo, deletePod];
    default:
      return [];
  }
}

/** The request of an action, as it is asked first. @param pod the one that is chosen first */
export function requestOf(
  { workload: { kind, namespace = '', name }, cell: { cluster, desired = 0 } }: Chosen,
  action: ActionRequest['action'],
  pod: string,
): ActionRequest {
  const known = kind === 'StatefulSet' || kind === 'DaemonSet' ? kind : 'Deployment';
  if (action === 'delete-pod') return { cluster, kind: 'Pod', namespace, name: pod, action };
  return { cluster, kind: known, namespace, name, action, ...(action === 'scale' && { replicas: desired }) };
}
