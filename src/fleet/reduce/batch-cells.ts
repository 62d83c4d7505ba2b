import type { KubeObject } from '../../kube/reflection.ts';
import type { Cell } from '../../live/column.ts';
import { conditionsCell } from './conditions.ts';
import { list, seconds, text, tree, truth, whole } from './json-read.ts';
import { imagesCell, templateCell } from './pod-template.ts';

/** Cells of a Job. */
export function jobCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  return [
    whole(spec['completions']),
    whole(status['active']) ?? 0,
    whole(status['succeeded']) ?? 0,
    whole(status['failed']) ?? 0,
    truth(spec['suspend']),
    seconds(status['startTime']),
    seconds(status['completionTime']),
    imagesCell(tree(tree(spec['template'])['spec'])),
    conditionsCell(status['conditions']),
  ];
}

/** Cells of a CronJob. */
export function cronJobCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  const template = tree(tree(spec['jobTemplate'])['spec'])['template'];
  const zone = text(spec['timeZone']);
  const schedule = text(spec['schedule']);
  return [
    zone === undefined || schedule === undefined ? schedule : `${schedule} ${zone}`,
    truth(spec['suspend']),
    list(status['active']).length,
    seconds(status['lastScheduleTime']),
    seconds(status['lastSuccessfulTime']),
    imagesCell(tree(tree(template)['spec'])),
    templateCell(template),
  ];
}
