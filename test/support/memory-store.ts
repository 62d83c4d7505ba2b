import { randomUUID } from 'node:crypto';
import { DigestSum } from '../../src/base/digest.ts';
import {
  type Change,
  type ChangeType,
  factKey,
  leaseKey,
  type StoredEntity,
  type Transaction,
} from '../../src/model/change.ts';
import { type PresentRecord, recordDigest } from '../../src/store/digest.ts';
import { storeError } from '../../src/store/errors.ts';
import type { ChangedEntity, ChangeSlice } from '../../src/store/changes.ts';
import type { PreferenceStore } from '../../src/store/preferences.ts';
import type { TimelineStore } from '../../src/store/timeline.ts';
import type {
  CommitResult,
  EntityHistoryItem,
  DumpRow,
  SnapshotPage,
  Store,
  StoreDigest,
  Write,
  WriteOutcome,
} from '../../src/store/store.ts';
import { MemoryAccessStore } from './memory-access-store.ts';

const types: readonly ChangeType[] = ['entity', 'fact', 'lease', 'problem', 'location'];

/** A store in memory for tests of what stands on one: real revisions, log, compaction and hints; no history, no dump. */
export class MemoryStore implements Store {
  readonly engine = 'sqlite';
  readonly health = { status: 'ok', reason: '' } as const;
  readonly access = new MemoryAccessStore();
  readonly preferences: PreferenceStore = {
    list: () => Promise.reject(new Error('the memory store keeps no preferences')),
    write: () => Promise.reject(new Error('the memory store keeps no preferences')),
  };
  readonly timeline: TimelineStore = {
    append: () => Promise.reject(new Error('the memory store keeps no timeline')),
    page: () => Promise.reject(new Error('the memory store keeps no timeline')),
    counts: () => Promise.reject(new Error('the memory store keeps no timeline')),
    oldest: () => Promise.reject(new Error('the memory store keeps no timeline')),
  };
  /** Set to make every read fail with it. */
  fault: Error | undefined;
  /** False: writers give no hint. */
  hints = true;
  snapshots = 0;
  readonly #records = new Map<string, PresentRecord>();
  #log: Transaction[] = [];
  #revision = 0;
  #compacted = 0;
  readonly #listeners = new Set<() => void>();

  async revision(): Promise<number> {
    this.#check();
    return this.#revision;
  }

  async epoch(): Promise<string> {
    return 'memory';
  }

  async commit(writes: readonly Write[]): Promise<CommitResult> {
    this.#check();
    const changes: Change[] = [];
    const outcomes = writes.map((write) => this.#write(write, changes));
    if (changes.length > 0) {
      this.#revision += 1;
      this.#log.push({ revision: this.#revision, at: Date.now(), changes });
      if (this.hints) for (const listener of this.#listeners) listener();
    }
    return { revision: this.#revision, outcomes };
  }

  async readLog(after: number, limit: number): Promise<readonly Transaction[]> {
    this.#check();
    if (after < this.#compacted || after > this.#revision) {
      throw storeError('REVISION_EXPIRED', { oldest: this.#compacted + 1, newest: this.#revision, after });
    }
    const found: Transaction[] = [];
    let size = 0;
    for (const transaction of this.#log) {
      if (transaction.revision <= after) continue;
      if (size >= limit) break;
      found.push(transaction);
      size += transaction.changes.length;
    }
    return structuredClone(found);
  }

  async *snapshot(): AsyncIterable<SnapshotPage> {
    this.#check();
    this.snapshots += 1;
    const revision = this.#revision;
    const records = structuredClone([...this.#records.values()]);
    const page = (): Pages => ({ revision, entities: [], facts: [], leases: [], problems: [], locations: [] });
    let current = page();
    let size = 0;
    for (const record of records) {
      addTo(current, record);
      size += 1;
      if (size % 500 !== 0) continue;
      yield current;
      current = page();
    }
    yield current;
  }

  async digest(): Promise<StoreDigest> {
    this.#check();
    const sums = new Map(types.map((type) => [type, new DigestSum()]));
    for (const record of this.#records.values()) sums.get(record.type)?.add(recordDigest(record));
    const digests = Object.fromEntries(types.map((type) => [type, String(sums.get(type))])) as StoreDigest['digests'];
    return { revision: this.#revision, digests };
  }

  onHint(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async compact(): Promise<number> {
    const dropped = this.#log.length;
    this.#log = [];
    this.#compacted = this.#revision;
    return dropped;
  }

  /** Puts another store's content in place of this one's, as a restored backup does. */
  become(other: MemoryStore): void {
    this.#records.clear();
    for (const [key, record] of other.#records) this.#records.set(key, record);
    this.#log = other.#log;
    this.#revision = other.#revision;
    this.#compacted = other.#compacted;
  }

  /** The record of an entity. */
  entity(ref: string): StoredEntity | undefined {
    const record = this.#records.get(`entity ${ref}`);
    return record?.type === 'entity' ? record.value : undefined;
  }

  /** Changes a record without a log row, as a fault would. */
  corrupt(change: Change): void {
    this.#put(change);
  }

  /** Drops one transaction from the log, as a fault would. */
  loseTransaction(revision: number): void {
    this.#log = this.#log.filter((transaction) => transaction.revision !== revision);
  }

  async entityHistory(): Promise<readonly EntityHistoryItem[]> {
    throw new Error('the memory store keeps no history');
  }

  async changes(): Promise<ChangeSlice> {
    throw new Error('the memory store keeps no history');
  }

  async changedEntities(): Promise<readonly ChangedEntity[]> {
    throw new Error('the memory store keeps no history');
  }

  dump(): AsyncIterable<readonly DumpRow[]> {
    throw new Error('the memory store is not dumped');
  }

  async load(): Promise<void> {
    throw new Error('the memory store is not loaded');
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #check(): void {
    if (this.fault) throw this.fault;
  }

  #put(change: Change): void {
    const name = `${change.type} ${change.key}`;
    if (change.value === null) this.#records.delete(name);
    else this.#records.set(name, change as PresentRecord);
  }

  #write(write: Write, changes: Change[]): WriteOutcome {
    const change = this.#changeOf(write);
    const before = this.#records.get(`${change.type} ${change.key}`);
    if (change.value === null && before === undefined) return { status: 'absent' };
    if (change.type === 'fact' && change.value && !this.#records.has(`entity ${change.value.entityRef}`)) {
      return { status: 'absent' };
    }
    if (JSON.stringify(before?.value) === JSON.stringify(change.value)) return { status: 'unchanged' };
    this.#put(change);
    changes.push(change);
    if (change.type === 'entity' && change.value === null) this.#deleteFacts(change.key, changes);
    return { status: 'written' };
  }

  #deleteFacts(ref: string, changes: Change[]): void {
    for (const record of this.#records.values()) {
      if (record.type !== 'fact' || record.value.entityRef !== ref) continue;
      const change: Change = { type: 'fact', key: record.key, value: null };
      this.#put(change);
      changes.push(change);
    }
  }

  #changeOf(write: Write): Change {
    switch (write.op) {
      case 'putEntity': {
        const { entity } = write;
        const before = this.#records.get(`entity ${entity.ref}`);
        const known = before?.type === 'entity' ? before.value : undefined;
        const uid = known?.uid ?? randomUUID();
        const parsed = JSON.parse(entity.body) as { metadata: object };
        const body = JSON.stringify({ ...parsed, metadata: { ...parsed.metadata, uid } });
        const times =
          known?.hash === entity.hash
            ? { createdAt: known.createdAt, updatedAt: known.updatedAt }
            : { createdAt: known?.createdAt ?? 1, updatedAt: this.#revision + 1 };
        return { type: 'entity', key: entity.ref, value: { ...entity, uid, body, ...times } };
      }
      case 'deleteEntity':
        return { type: 'entity', key: write.ref, value: null };
      case 'putFact':
        return { type: 'fact', key: factKey(write.fact), value: write.fact };
      case 'deleteFact':
        return { type: 'fact', key: factKey(write), value: null };
      case 'putLease':
        return { type: 'lease', key: leaseKey(write.lease), value: write.lease };
      case 'deleteLease':
        return { type: 'lease', key: leaseKey(write), value: null };
      case 'putProblem':
        return { type: 'problem', key: write.problem.id, value: write.problem };
      case 'deleteProblem':
        return { type: 'problem', key: write.id, value: null };
      case 'putLocation':
        return { type: 'location', key: write.location.ref, value: write.location };
      case 'deleteLocation':
        return { type: 'location', key: write.ref, value: null };
    }
  }
}

type Pages = {
  -readonly [Part in keyof SnapshotPage]: SnapshotPage[Part] extends readonly (infer Item)[] ? Item[] : number;
};

function addTo(page: Pages, record: PresentRecord): void {
  switch (record.type) {
    case 'entity':
      page.entities.push(record.value);
      break;
    case 'fact':
      page.facts.push(record.value);
      break;
    case 'lease':
      page.leases.push(record.value);
      break;
    case 'problem':
      page.problems.push(record.value);
      break;
    case 'location':
      page.locations.push(record.value);
      break;
  }
}
