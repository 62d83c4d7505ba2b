import type { KubeObject } from '../../kube/reflection.ts';
import type { Cell } from '../../live/column.ts';
import { cutText, lines, list, seconds, text, tree, whole, type Tree } from './json-read.ts';
import { podReason } from './pod-status.ts';
import { imagesCell } from './pod-template.ts';

const MESSAGE_CHARACTERS = 500;
/** Conditions that are bad news when they are true. */
const troubles: ReadonlySet<string> = new Set(['DisruptionTarget', 'PodResizePending']);

interface Containers {
  ready: number;
  restarts: number;
  ended: number;
  lastExit: string | undefined;
  message: string | undefined;
  readonly failing: string[];
}

function noteExit(found: Containers, name: string, terminated: unknown): void {
  if (terminated === undefined) return;
  const { reason, exitCode, finishedAt } = tree(terminated);
  const ended = seconds(finishedAt) ?? 0;
  if (ended < found.ended || (whole(exitCode) === 0 && ended === 0)) return;
  found.ended = ended;
  found.lastExit = `${name} ${text(reason) ?? 'Error'} ${whole(exitCode) ?? -1}`;
}

/** @param ends true for a container that is to end before the others begin */
function noteContainer(found: Containers, item: unknown, ends: boolean): void {
  const container = tree(item);
  const name = text(container['name']) ?? '';
  const { waiting, running, terminated } = tree(container['state']);
  found.restarts += whole(container['restartCount']) ?? 0;
  noteExit(found, name, tree(container['lastState'])['terminated']);
  const hasEndedWell = terminated !== undefined && whole(tree(terminated)['exitCode']) === 0;
  if (!ends || !hasEndedWell) noteExit(found, name, terminated);
  if (container['ready'] === true && !ends) found.ready += 1;
  if (container['ready'] === true || (ends && (hasEndedWell || running !== undefined))) return;
  const reason =
    text(tree(waiting)['reason']) ??
    text(tree(terminated)['reason']) ??
    (running === undefined ? 'Waiting' : 'NotReady');
  found.failing.push(`${name} ${reason}`);
  found.message ??= text(tree(waiting)['message']) ?? text(tree(terminated)['message']);
}

/** A sidecar stands among what runs before the others, and does not end. */
function sidecarNames(spec: Tree): ReadonlySet<unknown> {
  const initial = list(spec['initContainers']).map(tree);
  return new Set(initial.filter((each) => each['restartPolicy'] === 'Always').map(({ name }) => name));
}

function unmetConditions(status: Tree): {
  readonly lines: string[];
  readonly unready?: number | undefined;
  readonly message?: string | undefined;
} {
  const unmet: string[] = [];
  let unready: number | undefined;
  let message: string | undefined;
  for (const item of list(status['conditions'])) {
    const condition = tree(item);
    const type = text(condition['type']);
    if (type === undefined) continue;
    const isTrue = condition['status'] === 'True';
    if (isTrue !== troubles.has(type)) continue;
    unmet.push(lines([`${type} ${text(condition['reason']) ?? ''}`.trimEnd()]) ?? '');
    if (type === 'Ready') unready = seconds(condition['lastTransitionTime']);
    if (type === 'PodScheduled' || troubles.has(type)) message ??= text(condition['message']);
  }
  return { lines: unmet, unready, message };
}

/** Cells of a Pod. */
export function podCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  const found: Containers = { ready: 0, restarts: 0, ended: 0, lastExit: undefined, message: undefined, failing: [] };
  const sidecars = sidecarNames(spec);
  for (const item of list(status['initContainerStatuses']))
    noteContainer(found, item, !sidecars.has(tree(item)['name']));
  for (const item of list(status['containerStatuses'])) noteContainer(found, item, false);
  const unmet = unmetConditions(status);
  return [
    text(status['phase']),
    podReason(spec, status, object.metadata['deletionTimestamp'] !== undefined),
    cutText(text(status['message']) ?? unmet.message ?? found.message, MESSAGE_CHARACTERS),
    text(spec['nodeName']),
    found.ready,
    list(spec['containers']).length + sidecars.size,
    found.restarts,
    found.ended === 0 ? undefined : found.ended,
    found.lastExit,
    seconds(status['startTime']),
    imagesCell(spec),
    lines(found.failing),
    lines(unmet.lines),
    unmet.unready,
  ];
}
