import { sameJson } from '../base/canonical-json.ts';
import { factKey, leaseKey, type Change, type ChangeType, type StoredEntity } from '../model/change.ts';
import type { Fact } from '../model/fact.ts';
import type { LocationState } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import { recordTypes, type RecordByType } from './records.ts';
import type { EntityWrite, Write, WriteOutcome } from './store.ts';
import { bodyWithUid } from './write-check.ts';

/** A record before the transaction and as the writes so far leave it. */
interface Slot<V> {
  readonly before: V | undefined;
  now: V | undefined;
}

/** The records that a transaction may touch, by type and key; a key that is not there has no record. */
export type WorkingSet = { readonly [T in ChangeType]: Map<string, Slot<RecordByType[T]>> };

/** The writes of one caller. */
export interface Batch {
  readonly writes: readonly Write[];
  /** When the caller asked, ms since the epoch. */
  readonly at: number;
}

/** A record that ends the transaction otherwise than it began. */
export type RecordChange = {
  [T in ChangeType]: {
    readonly type: T;
    readonly key: string;
    readonly before: RecordByType[T] | undefined;
    readonly after: RecordByType[T] | undefined;
  };
}[ChangeType];

/** An empty working set. */
export function emptyWorkingSet(): WorkingSet {
  return { entity: new Map(), fact: new Map(), lease: new Map(), problem: new Map(), location: new Map() };
}

/**
 * Applies writes, in order, to the working set and says what became of each. Pure but for the working set. Batches that
 * share a transaction come to the same records as they would one after the other.
 *
 * @param uuid makes the uid of a new entity
 * @throws WRITE_INVALID
 */
export function applyBatch(set: WorkingSet, batch: Batch, uuid: () => string): WriteOutcome[] {
  // Entities that this batch deleted: put again by the same batch, they were only changed.
  const deleted = new Map<string, StoredEntity>();
  const outcomes = batch.writes.map((write) => applyWrite(set, write, { at: batch.at, uuid, deleted }));
  dropFactsOfDeleted(set, deleted);
  return outcomes;
}

/** What differs between the beginning and now, ordered by type and key. */
export function changesOf(set: WorkingSet): RecordChange[] {
  return recordTypes.flatMap((type) => changesOfType(set, type));
}

/** The row of the change log for a changed record. */
export function toChange(change: RecordChange): Change {
  return { type: change.type, key: change.key, value: change.after ?? null } as Change;
}

interface BatchContext {
  readonly at: number;
  readonly uuid: () => string;
  readonly deleted: Map<string, StoredEntity>;
}

function applyWrite(set: WorkingSet, write: Write, context: BatchContext): WriteOutcome {
  switch (write.op) {
    case 'putEntity':
      return putEntity(slotOf(set.entity, write.entity.ref), write.entity, context);
    case 'deleteEntity':
      return deleteEntity(slotOf(set.entity, write.ref), write.location, context);
    case 'putFact':
      if (set.entity.get(write.fact.entityRef)?.now === undefined) return { status: 'absent' };
      return put(slotOf(set.fact, factKey(write.fact)), write.fact, keepObservedAt);
    case 'deleteFact':
      return remove(set.fact.get(factKey(write)));
    case 'putLease':
      return put(slotOf(set.lease, leaseKey(write.lease)), write.lease, (lease) => lease);
    case 'deleteLease':
      return remove(set.lease.get(leaseKey(write)));
    case 'putProblem':
      return put(slotOf(set.problem, write.problem.id), write.problem, keepSince);
    case 'deleteProblem':
      return remove(set.problem.get(write.id));
    case 'putLocation':
      return put(slotOf(set.location, write.location.ref), write.location, keepChangedAt);
    case 'deleteLocation':
      return remove(set.location.get(write.ref));
  }
}

function dropFactsOfDeleted(set: WorkingSet, deleted: ReadonlyMap<string, StoredEntity>): void {
  const gone = new Set([...deleted.keys()].filter((ref) => set.entity.get(ref)?.now === undefined));
  if (gone.size === 0) return;
  for (const slot of set.fact.values()) {
    if (slot.now !== undefined && gone.has(slot.now.entityRef)) slot.now = undefined;
  }
}

function changesOfType<T extends ChangeType>(set: WorkingSet, type: T): RecordChange[] {
  const changes: RecordChange[] = [];
  for (const [key, { before, now }] of set[type]) {
    if (before === now || (before !== undefined && now !== undefined && sameJson(before, now))) continue;
    changes.push({ type, key, before, after: now } as RecordChange);
  }
  return changes.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function slotOf<V>(slots: Map<string, Slot<V>>, key: string): Slot<V> {
  let slot = slots.get(key);
  if (slot === undefined) {
    slot = { before: undefined, now: undefined };
    slots.set(key, slot);
  }
  return slot;
}

function putEntity(slot: Slot<StoredEntity>, entity: EntityWrite, context: BatchContext): WriteOutcome {
  const { now } = slot;
  const { at, uuid, deleted } = context;
  if (now !== undefined && now.location !== entity.location) {
    return { status: 'conflict', owner: { location: now.location, line: now.line } };
  }
  const sameContent = now !== undefined && now.hash === entity.hash;
  if (sameContent && now.source === entity.source && now.line === entity.line) return { status: 'unchanged' };
  const first = now ?? deleted.get(entity.ref);
  const uid = first?.uid ?? uuid();
  slot.now = {
    ref: entity.ref,
    uid,
    body: sameContent ? now.body : bodyWithUid(entity, uid),
    hash: entity.hash,
    location: entity.location,
    source: entity.source,
    line: entity.line,
    ...(entity.commit === undefined ? {} : { commit: entity.commit }),
    createdAt: first?.createdAt ?? at,
    updatedAt: sameContent ? now.updatedAt : at,
  };
  return { status: 'written' };
}

function deleteEntity(slot: Slot<StoredEntity>, location: string, { deleted }: BatchContext): WriteOutcome {
  const { now } = slot;
  if (now === undefined) return { status: 'absent' };
  if (now.location !== location) return { status: 'conflict', owner: { location: now.location, line: now.line } };
  deleted.set(now.ref, now);
  slot.now = undefined;
  return { status: 'written' };
}

/** `keep` carries over from the record that was there what the new one must not move. */
function put<V>(slot: Slot<V>, record: V, keep: (record: V, before: V) => V): WriteOutcome {
  const next = slot.now === undefined ? record : keep(record, slot.now);
  if (slot.now !== undefined && sameJson(slot.now, next)) return { status: 'unchanged' };
  slot.now = next;
  return { status: 'written' };
}

function remove<V>(slot: Slot<V> | undefined): WriteOutcome {
  if (slot?.now === undefined) return { status: 'absent' };
  slot.now = undefined;
  return { status: 'written' };
}

function keepObservedAt(fact: Fact, before: Fact): Fact {
  const sameValue = fact.error === before.error && sameJson(fact.value, before.value);
  return sameValue ? { ...fact, observedAt: before.observedAt } : fact;
}

function keepSince(problem: Problem, before: Problem): Problem {
  return { ...problem, since: before.since };
}

function keepChangedAt(location: LocationState, before: LocationState): LocationState {
  return location.fingerprint === before.fingerprint ? { ...location, changedAt: before.changedAt } : location;
}
