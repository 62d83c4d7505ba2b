import type { FleetEvent } from '../../../../../src/api/fleet.ts';
import type { RunningWorkload } from '../../../../../src/api/running.ts';

/** What controllers put behind the name of what they make: a hash, a number, letters that make no words. */
const made = /^-(?:[bcdfghjklmnpqrstvwxz2456789]{4,10}|\d{1,10})(?:-[bcdfghjklmnpqrstvwxz2456789]{5}|-\d{1,6})?$/;
/** Kinds that carry the name of what made them. */
const madeKinds: readonly string[] = ['Pod', 'ReplicaSet', 'Job', 'ControllerRevision'];

/** Whether an event is about a workload, or about what it made: also pods that are gone. */
export function isOwnEvent(
  { object }: Pick<FleetEvent, 'object'>,
  { name }: Pick<RunningWorkload, 'name'>,
  pods: ReadonlySet<string>,
): boolean {
  if (object.kind === 'Pod' && pods.has(object.name)) return true;
  if (object.name === name) return true;
  return (
    madeKinds.includes(object.kind) && object.name.startsWith(`${name}-`) && made.test(object.name.slice(name.length))
  );
}
