import type { KubeObject } from '../../kube/reflection.ts';
import { text, tree, whole, type Tree } from '../reduce/json-read.ts';
import { conditionsOf, type Condition } from './condition-list.ts';
import { degraded, healthy, progressing, suspended, type Health } from './health.ts';
import { meaningOf } from './state-words.ts';

const bad: ReadonlySet<string> = new Set([
  'Degraded',
  'Error',
  'ErrorOccurred',
  'Failed',
  'Failure',
  'FetchFailed',
  'HasErrors',
  'Invalid',
  'InvalidSpec',
  'NotReady',
  'ReplicaFailure',
  'SpecError',
  'Stalled',
  'SubmissionError',
]);
const moving: ReadonlySet<string> = new Set([
  'Reconciling',
  'Progressing',
  'RolloutProgressing',
  'RollingUpdate',
  'Updating',
]);
/** What it is all about, the most telling first. */
const main: readonly string[] = [
  'Ready',
  'Available',
  'Healthy',
  'Complete',
  'Completed',
  'Succeeded',
  'Successful',
  'Established',
  'Programmed',
  'Accepted',
  'Admitted',
  'Valid',
  'Deployed',
  'Synced',
];
/** A reason that says that it is on its way, not that it failed. */
const onTheWay =
  /Creat|Updat|Progress|Pending|Waiting|Initiali|Provisioning|InProgress|NotComplete|SetNotReady|Scheduling|Running|Unavailable$/;
const failing = /Err|Fail|Invalid|Denied|Unreachable|NotFound|Stalled/;

/** True where the controller has seen an older spec than this one. Some write a hash where others count: it says nothing. */
export function isUnseen({ metadata }: KubeObject, status: Tree): boolean {
  const generation = whole(tree(metadata)['generation']);
  const seen = status['observedGeneration'];
  const observed = typeof seen === 'string' && /^\d{1,7}$/.test(seen) ? Number(seen) : whole(seen);
  return generation !== undefined && observed !== undefined && observed > 0 && observed < generation;
}

/** The conditions that speak of the newest spec. */
export function currentConditions({ metadata }: KubeObject, status: Tree): readonly Condition[] {
  const generation = whole(tree(metadata)['generation']) ?? 0;
  return conditionsOf(status['conditions']).filter(
    ({ observedGeneration = generation }) => observedGeneration >= generation,
  );
}

/** What a condition says that should be true. */
export function fromMainCondition({ status, reason = '' }: Condition): Health {
  if (status === 'True') return healthy;
  if (status === 'Unknown') return progressing(reason);
  return onTheWay.test(reason) && !failing.test(reason) ? progressing(reason) : degraded(reason);
}

function fromConditions(conditions: readonly Condition[]): Health | undefined {
  const isMet = ({ status }: Condition): boolean => status === 'True';
  const pause = conditions.find((each) => isMet(each) && (each.type === 'Paused' || each.type === 'Suspended'));
  if (pause !== undefined) return suspended(pause.reason ?? pause.type);
  const fault = conditions.find((each) => isMet(each) && bad.has(each.type));
  if (fault !== undefined) return degraded(fault.reason ?? fault.type);
  const synced = conditions.find(({ type }) => type === 'Synced');
  if (synced?.status === 'False') {
    return synced.reason === 'ReconcilePaused' ? suspended(synced.reason) : degraded(synced.reason ?? 'NotSynced');
  }
  const ready = main.map((type) => conditions.find((each) => each.type === type)).find((each) => each !== undefined);
  if (ready !== undefined && fromMainCondition(ready).status === 'Degraded') return fromMainCondition(ready);
  const move = conditions.find(
    (each) => isMet(each) && moving.has(each.type) && !/Available$|Complete/.test(each.reason ?? ''),
  );
  if (move !== undefined) return progressing(move.reason ?? move.type);
  return ready === undefined ? undefined : fromMainCondition(ready);
}

/** Fields in which controllers write one word of how it is. */
const wordFields: readonly string[] = [
  'phase',
  'state',
  'health',
  'status',
  'compliant',
  'currentState',
  'overallStatus',
];

function fromWords(status: Tree): Health | undefined {
  for (const field of wordFields) {
    const value = status[field];
    const word = text(value) ?? text(tree(value)['status']) ?? text(tree(value)['state']);
    if (word === undefined) continue;
    const meaning = meaningOf(word);
    if (meaning !== undefined) return { status: meaning, reason: meaning === 'Healthy' ? undefined : word };
  }
  return undefined;
}

/**
 * Health of an object of which only the habits of controllers are known: generations, conditions, and the word of a phase.
 * @returns absent where it says nothing that could be read so
 */
export function genericHealth(object: KubeObject): Health | undefined {
  const spec = tree(object['spec']);
  if (spec['paused'] === true || spec['suspend'] === true) return suspended('Paused');
  const status = tree(object['status']);
  if (isUnseen(object, status)) return progressing('SpecUnseen');
  const conditions = currentConditions(object, status);
  if (conditions.length === 0 && conditionsOf(status['conditions']).length > 0) return progressing('SpecUnseen');
  return fromConditions(conditions) ?? fromWords(status);
}
