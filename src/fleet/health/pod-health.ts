import type { KubeObject } from '../../kube/reflection.ts';
import { list, text, tree, type Tree } from '../reduce/json-read.ts';
import { conditionOf } from './condition-list.ts';
import { degraded, healthy, progressing, type Health } from './health.ts';

/** A pod of a workflow is not asked how it starts or whether it may end. */
const NO_RESTART_CHECK = 'argocd.argoproj.io/ignore-restart-policy';
/** A hook is over when its pods have ended, whatever stands beside it. */
const HOOK = 'argocd.argoproj.io/hook';

/** True for the reason of a wait that will not end by itself: CrashLoopBackOff, ErrImagePull, CreateContainerConfigError ... */
function isFailing(reason: string): boolean {
  return (
    reason.startsWith('Err') || reason.endsWith('Error') || reason.endsWith('BackOff') || reason === 'InvalidImageName'
  );
}

function failingWait(status: Tree): string | undefined {
  for (const field of ['containerStatuses', 'initContainerStatuses']) {
    for (const item of list(status[field])) {
      const reason = text(tree(tree(tree(item)['state'])['waiting'])['reason']);
      if (reason !== undefined && isFailing(reason)) return reason;
    }
  }
  return undefined;
}

/** Why containers that ended ended. */
function failedReason(status: Tree): string {
  for (const item of list(status['containerStatuses'])) {
    const { reason, exitCode } = tree(tree(tree(item)['state'])['terminated']);
    if (text(reason) !== undefined && reason !== 'Completed') return String(reason);
    if (typeof exitCode === 'number' && exitCode !== 0) return `ExitCode:${exitCode}`;
  }
  return text(status['reason']) ?? 'Failed';
}

function hasEndedBefore(status: Tree): boolean {
  return list(status['containerStatuses']).some((item) => tree(tree(item)['lastState'])['terminated'] !== undefined);
}

function runningHealth(spec: Tree, status: Tree, annotations: Tree): Health {
  const policy = text(spec['restartPolicy']) ?? 'Always';
  const mayEnd = annotations[NO_RESTART_CHECK] !== 'true' || annotations[HOOK] !== undefined;
  if (policy !== 'Always' && mayEnd) return progressing('Running');
  const ready = conditionOf(status, 'Ready');
  if (ready?.status === 'True') return healthy;
  return hasEndedBefore(status) ? degraded('Restarting') : progressing('BecomingReady');
}

/** Health of a Pod: what waits for what will not come is degraded whatever its phase. */
export function podHealth(object: KubeObject): Health {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  const wait = failingWait(status);
  if (wait !== undefined) return degraded(wait);
  switch (status['phase']) {
    case 'Succeeded':
      return healthy;
    case 'Failed':
      return degraded(failedReason(status));
    case 'Running':
      return runningHealth(spec, status, tree(object.metadata['annotations']));
    case 'Pending': {
      const placed = conditionOf(status, 'PodScheduled');
      return progressing(placed?.status === 'False' ? (placed.reason ?? 'Unschedulable') : 'Pending');
    }
    default:
      return { status: 'Unknown', reason: text(status['reason']) };
  }
}
