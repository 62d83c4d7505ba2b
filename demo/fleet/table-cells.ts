import { type KubeObject, listAt, numberAt, textAt, valueAt } from './kube-object.ts';

/** What stands in a cell. */
export type Cell = string | number;

/** How long ago a time is, as kubectl says it: `5s`, `3m10s`, `2h`, `4d`. */
export function ageText(time: string, now: Date, missing = '<unknown>'): string {
  if (time === '') return missing;
  const seconds = Math.max(0, Math.floor((now.getTime() - new Date(time).getTime()) / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (days < 730) return `${days}d`;
  return `${Math.floor(days / 365)}y`;
}

/** What kubectl's table says of a pod. */
export interface PodRow {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

/** Readiness, status word and restarts of a pod, by the rules of kubectl's printer. */
export function podRow(pod: KubeObject, now: Date): PodRow {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  const total = listAt(pod, 'spec', 'containers').length;
  const ready = statuses.filter((each) => valueAt(each, 'ready') === true).length;
  const restarts = statuses.reduce<number>((sum, each) => sum + numberAt(each, 'restartCount'), 0);
  const last = statuses
    .map((each) => textAt(each, 'lastState', 'terminated', 'finishedAt'))
    .filter((text) => text !== '')
    .sort()
    .at(-1);
  const since = restarts > 0 && last !== undefined ? ` (${ageText(last, now)} ago)` : '';
  return { ready: `${ready}/${total}`, status: statusWord(pod), restarts: `${restarts}${since}` };
}

function statusWord(pod: KubeObject): string {
  const isLeaving = pod.metadata.deletionTimestamp !== undefined;
  const reason = textAt(pod, 'status', 'reason');
  if (isLeaving) return reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  return initWord(pod) ?? containerWord(pod) ?? (reason || textAt(pod, 'status', 'phase'));
}

function initWord(pod: KubeObject): string | undefined {
  const total = listAt(pod, 'spec', 'initContainers').length;
  for (const [at, each] of listAt(pod, 'status', 'initContainerStatuses').entries()) {
    const ended = valueAt(each, 'state', 'terminated');
    if (ended !== undefined && numberAt(each, 'state', 'terminated', 'exitCode') === 0) continue;
    if (ended !== undefined) return `Init:${endWord(each)}`;
    const waiting = textAt(each, 'state', 'waiting', 'reason');
    return waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${at}/${total}`;
  }
  return undefined;
}

function containerWord(pod: KubeObject): string | undefined {
  let word: string | undefined;
  let isRunning = false;
  for (const each of [...listAt(pod, 'status', 'containerStatuses')].reverse()) {
    const waiting = textAt(each, 'state', 'waiting', 'reason');
    if (waiting !== '') word = waiting;
    else if (valueAt(each, 'state', 'terminated') !== undefined) word = endWord(each);
    else if (valueAt(each, 'ready') === true && valueAt(each, 'state', 'running') !== undefined) isRunning = true;
  }
  if (word === 'Completed' && isRunning) return 'Running';
  return word;
}

function endWord(status: KubeObject[string]): string {
  const reason = textAt(status, 'state', 'terminated', 'reason');
  if (reason !== '') return reason;
  const signal = numberAt(status, 'state', 'terminated', 'signal');
  return signal === 0 ? `ExitCode:${numberAt(status, 'state', 'terminated', 'exitCode')}` : `Signal:${signal}`;
}
