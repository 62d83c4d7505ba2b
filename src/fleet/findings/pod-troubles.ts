import type { Shard } from '../shard.ts';
import { noTime } from '../columns.ts';
import { noWord } from '../words.ts';
import type { ClusterSight } from './cluster-sight.ts';
import type { FindingRule } from './finding.ts';
import type { LiveRow } from './live-row.ts';

/** A pod must have been without a place for this long, seconds: kstatus waits as long. */
const UNSCHEDULABLE_AFTER = 15;
/** What a container without a readiness probe may take to be ready, and any at least, seconds. */
const READY_WITHIN = 30;
/** What nobody has a word for must hold this long, seconds: it may pass. */
const UNEXPLAINED_AFTER = 120;
/** A restart is news for this long, seconds. */
export const RECENT = 600;
/** A kill for want of memory is told of for this long, seconds; it is no news after the first. */
const OOM_KNOWN = 86_400;
export const OOM_NEWS = 3_600;

/** What is wrong with one pod. */
export interface PodTrouble {
  readonly rule: FindingRule;
  readonly pod: LiveRow;
  /** Absent: it is about the pod as a whole. */
  readonly container: string | undefined;
  readonly reason: string;
  /** Seconds since 1970. */
  readonly since: number | undefined;
}

/** Rules by what a container waits for, or how it ended. */
const byReason: Readonly<Record<string, FindingRule>> = {
  CrashLoopBackOff: 'crash-loop',
  Error: 'crash-loop',
  ContainerCannotRun: 'start-failed',
  RunContainerError: 'start-failed',
  StartError: 'start-failed',
  PreStartHookError: 'start-failed',
  PostStartHookError: 'start-failed',
  CreateContainerError: 'start-failed',
  CreateContainerConfigError: 'config-missing',
  ImagePullBackOff: 'image-pull',
  ErrImagePull: 'image-pull',
  ErrImageNeverPull: 'image-pull',
  InvalidImageName: 'image-pull',
  ImageInspectError: 'image-pull',
  RegistryUnavailable: 'image-pull',
  OOMKilled: 'oom',
  NotReady: 'probe-failing',
};

/** Pods that may be in trouble: all others are passed over after a look at a few numbers. */
export function* suspectPods(sight: ClusterSight): Generator<LiveRow> {
  const [healthAt, exitAt, endedAt] = ['health', 'lastExit', 'restarted'].map((column) => sight.slotOf('Pod', column));
  if (healthAt === undefined || exitAt === undefined || endedAt === undefined) return;
  const healthy = sight.wordOf('Healthy');
  const recent = sight.now - RECENT;
  const exits = new Map<number, boolean>();
  const wasKilled = (word: number): boolean => {
    let known = exits.get(word);
    if (known === undefined) exits.set(word, (known = sight.text(word).includes(' OOMKilled ')));
    return known;
  };
  yield* sight.rows('Pod', (shard: Shard, row: number) => {
    if (shard.slot(row, healthAt) !== healthy) return true;
    const exit = shard.slot(row, exitAt);
    if (exit === noWord) return false;
    const ended = shard.slot(row, endedAt);
    return (ended !== noTime && ended > recent) || wasKilled(exit);
  });
}

/** What is wrong with a pod; undefined: nothing, or nothing yet. What ends, has ended or is held back by its owner is passed over. */
export function troubleOf(sight: ClusterSight, pod: LiveRow): PodTrouble | undefined {
  if (pod.time('deleting') !== undefined || pod.word('phase') === 'Failed') return undefined;
  const reason = pod.word('reason') ?? '';
  if (reason === 'SchedulingGated') return undefined;
  return (
    unscheduled(sight, pod) ??
    killed(sight, pod) ??
    failing(sight, pod) ??
    unexplained(sight, pod) ??
    restarted(sight, pod)
  );
}

function unscheduled({ now }: ClusterSight, pod: LiveRow): PodTrouble | undefined {
  if (!pod.lines('unmet').includes('PodScheduled Unschedulable')) return undefined;
  const since = pod.time('created');
  if (since === undefined || now - since <= UNSCHEDULABLE_AFTER) return undefined;
  return { rule: 'unschedulable', pod, container: undefined, reason: 'Unschedulable', since };
}

/** A container that was killed for want of memory, also where it runs again. */
function killed({ now }: ClusterSight, pod: LiveRow): PodTrouble | undefined {
  const [container, how] = pod.word('lastExit')?.split(' ') ?? [];
  const last = pod.time('restarted');
  if (how !== 'OOMKilled' || last === undefined || now - last > OOM_KNOWN) return undefined;
  if (isInitial(pod)) return undefined;
  return { rule: 'oom', pod, container, reason: how, since: pod.time('unready') ?? last };
}

function failing(sight: ClusterSight, pod: LiveRow): PodTrouble | undefined {
  const since = pod.time('unready');
  for (const line of pod.lines('failing')) {
    const [container = '', reason = ''] = line.split(' ');
    const rule = byReason[reason];
    if (rule === undefined) continue;
    // A container that ended once is started again at once, and may do well then.
    if (reason === 'Error' && (pod.count('restarts') ?? 0) < 2) continue;
    if (rule === 'probe-failing') {
      if (isProbeLate(sight, pod, container)) return { rule, pod, container, reason: 'NotReady', since };
      continue;
    }
    const isRun = rule === 'crash-loop' || rule === 'oom' || rule === 'start-failed';
    return { rule: isRun && isInitial(pod) ? 'init-container' : rule, pod, container, reason, since };
  }
  return undefined;
}

/** Whether what runs before its containers holds it up. */
function isInitial(pod: LiveRow): boolean {
  return pod.word('reason')?.startsWith('Init:') === true;
}

/** Whether a container has had the time that its readiness probe gives it, from its start and from when it was ready last. */
function isProbeLate(sight: ClusterSight, pod: LiveRow, container: string): boolean {
  if (pod.word('phase') !== 'Running') return false;
  const began = Math.max(pod.time('unready') ?? 0, pod.time('started') ?? 0, pod.time('restarted') ?? 0);
  const { containers } = sight.template(sight.ownerOf(pod));
  const within = containers.find(({ name }) => name === container)?.readyWithin ?? READY_WITHIN;
  return began > 0 && sight.now - began > Math.max(READY_WITHIN, within);
}

function restarted({ now }: ClusterSight, pod: LiveRow): PodTrouble | undefined {
  const last = pod.time('restarted');
  if (last === undefined || now - last > RECENT || (pod.count('restarts') ?? 0) === 0) return undefined;
  const [container, how = 'Restarted'] = pod.word('lastExit')?.split(' ') ?? [];
  return { rule: 'restarting', pod, container, reason: how, since: last };
}

/** A pod that does not do well for a reason that nobody knows, or whose containers do not say it: it is never passed over as well. */
function unexplained(sight: ClusterSight, pod: LiveRow): PodTrouble | undefined {
  if (pod.word('health') !== 'Degraded') return undefined;
  const told = pod.lines('failing').map((line) => line.split(' '));
  // A container that was just started again has its time to be ready.
  if (told.some(([name = '', why]) => why === 'NotReady' && !isProbeLate(sight, pod, name))) return undefined;
  const reason = pod.word('healthReason') ?? pod.word('reason') ?? 'Degraded';
  const rule = reason === 'Error' ? 'degraded' : (byReason[reason] ?? 'degraded');
  const since = pod.time('unready');
  if (rule === 'degraded' && since !== undefined && sight.now - since <= UNEXPLAINED_AFTER) return undefined;
  return { rule, pod, container: told.find(([, why]) => why === reason)?.[0], reason, since };
}
