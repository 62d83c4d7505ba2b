import type { KubeObject } from '../../kube/reflection.ts';
import type { Cell } from '../../live/column.ts';
import { cutText, seconds, text, tree, whole } from './json-read.ts';

const MESSAGE_CHARACTERS = 1000;

/** Cells of an Event; those of events.k8s.io say their times elsewhere. */
export function eventCells(object: KubeObject): Cell[] {
  const about = tree(object['involvedObject']);
  const series = tree(object['series']);
  const first =
    seconds(object['firstTimestamp']) ?? seconds(object['eventTime']) ?? seconds(object.metadata['creationTimestamp']);
  return [
    text(object['type']),
    text(object['reason']),
    cutText(object['message'], MESSAGE_CHARACTERS),
    text(about['kind']),
    text(about['name']),
    whole(series['count']) ?? whole(object['count']) ?? 1,
    first,
    seconds(series['lastObservedTime']) ?? seconds(object['lastTimestamp']) ?? first,
    text(object['reportingComponent']) ?? text(tree(object['source'])['component']),
  ];
}
