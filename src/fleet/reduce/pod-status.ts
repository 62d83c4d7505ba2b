import { list, text, tree, whole, type Tree } from './json-read.ts';

/** What is said of the state of one container. */
function stateReason(state: Tree, whileWaiting: boolean): string | undefined {
  const waiting = tree(state['waiting']);
  const terminated = tree(state['terminated']);
  if (whileWaiting && text(waiting['reason']) !== undefined) return text(waiting['reason']);
  if (state['terminated'] === undefined) return undefined;
  const signal = whole(terminated['signal']) ?? 0;
  return (
    text(terminated['reason']) ?? (signal !== 0 ? `Signal:${signal}` : `ExitCode:${whole(terminated['exitCode']) ?? 0}`)
  );
}

/** What holds up the start of a pod: its first container for the start that has not done its work. */
function initReason(spec: Tree, status: Tree): string | undefined {
  const statuses = list(status['initContainerStatuses']);
  if (statuses.length === 0) return undefined;
  const containers = list(spec['initContainers']).map(tree);
  const sidecars = new Set(containers.filter((each) => each['restartPolicy'] === 'Always').map(({ name }) => name));
  for (const [at, item] of statuses.entries()) {
    const container = tree(item);
    const state = tree(container['state']);
    const { terminated, waiting } = state;
    if (terminated !== undefined && whole(tree(terminated)['exitCode']) === 0) continue;
    if (sidecars.has(container['name']) && container['started'] === true) continue;
    if (terminated !== undefined) return `Init:${stateReason(state, false)}`;
    const reason = text(tree(waiting)['reason']);
    if (reason !== undefined && reason !== 'PodInitializing') return `Init:${reason}`;
    return `Init:${at}/${containers.length}`;
  }
  return undefined;
}

function conditionStatus(status: Tree, type: string): string | undefined {
  const found = list(status['conditions']).find((item) => tree(item)['type'] === type);
  return text(tree(found)['status']);
}

/** What its containers say; the first in the list speaks last, as kubectl has it. */
function containerReason(status: Tree, reason: string): string {
  let told = reason;
  let isRunning = false;
  for (const item of list(status['containerStatuses']).toReversed()) {
    const container = tree(item);
    const state = tree(container['state']);
    told = stateReason(state, true) ?? told;
    if (container['ready'] === true && state['running'] !== undefined) isRunning = true;
  }
  if (told !== 'Completed' || !isRunning) return told;
  return conditionStatus(status, 'Ready') === 'True' ? 'Running' : 'NotReady';
}

/**
 * What kubectl shows as the status of a pod.
 * @param isDeleting its deletion was asked for
 */
export function podReason(spec: Tree, status: Tree, isDeleting: boolean): string {
  const own = text(status['reason']);
  if (isDeleting) return own === 'NodeLost' ? 'Unknown' : 'Terminating';
  const gated = list(status['conditions']).some((item) => tree(item)['reason'] === 'SchedulingGated');
  const first = gated ? 'SchedulingGated' : (own ?? text(status['phase']) ?? 'Unknown');
  return initReason(spec, status) ?? containerReason(status, first);
}
