import type {
  AccessChanges,
  AccessCommit,
  AccessRecord,
  AccessStore,
  AccessWrite,
  AuditEntry,
  AuditFilter,
  AuditPage,
  AuditRecord,
  AuditVerification,
  GoneAccessRecord,
} from '../../src/store/access-records.ts';
import { chainRecord } from '../../src/store/audit-chain.ts';

/** The permission layer's part of `MemoryStore`: real sequences, expectations, hints and chain; no sweeping, no filters. */
export class MemoryAccessStore implements AccessStore {
  /** Set to make every call fail with it. */
  fault: Error | undefined;
  /** False: writers give no hint. */
  hints = true;
  /** Calls of `changes`, and commits that were written. */
  readings = 0;
  commits = 0;
  readonly entries: AuditRecord[] = [];
  #records = new Map<string, AccessRecord | GoneAccessRecord>();
  readonly #listeners = new Set<() => void>();
  #sequence = 0;

  async commit(writes: readonly AccessWrite[], audit: readonly AuditEntry[]): Promise<AccessCommit> {
    if (this.fault) throw this.fault;
    for (const { type, key, expect } of writes) {
      const record = this.#records.get(`${type} ${key}`);
      const found = record === undefined || 'gone' in record ? 0 : record.sequence;
      if (expect !== undefined && expect !== found) return { status: 'conflict', type, key };
    }
    this.commits += 1;
    for (const write of writes) this.#write(write);
    for (const entry of audit) {
      this.entries.push(structuredClone(chainRecord(entry, this.entries.at(-1) ?? { sequence: 0, hash: '' })));
    }
    if (this.hints) for (const listener of this.#listeners) listener();
    return { status: 'written', sequence: this.#sequence };
  }

  async changes(after: number, limit: number): Promise<AccessChanges> {
    this.readings += 1;
    if (this.fault) throw this.fault;
    if (after > this.#sequence) return { changes: [], sequence: after, complete: true, expired: true };
    const newer = [...this.#records.values()].filter((record) => record.sequence > after);
    const changes = structuredClone(newer.sort((a, b) => a.sequence - b.sequence).slice(0, limit));
    const complete = newer.length <= limit;
    return { changes, complete, sequence: complete ? this.#sequence : (changes.at(-1)?.sequence ?? 0), expired: false };
  }

  async audit(_filter: AuditFilter, { limit, before = Infinity, after }: AuditPage): Promise<readonly AuditRecord[]> {
    if (this.fault) throw this.fault;
    const found = this.entries.filter(({ sequence }) => sequence > (after ?? 0) && sequence < before);
    return (after === undefined ? found.reverse() : found).slice(0, limit);
  }

  async verifyAudit(): Promise<AuditVerification> {
    return { intact: true, records: this.entries.length };
  }

  onHint(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts another store's content in place of this one's, as a restored backup does. */
  become(other: MemoryAccessStore): void {
    this.#records = other.#records;
    this.#sequence = other.#sequence;
  }

  #write(write: AccessWrite): void {
    const { type, key } = write;
    this.#sequence += 1;
    const sequence = this.#sequence;
    if (write.op === 'delete') {
      this.#records.set(`${type} ${key}`, { type, key, sequence, gone: true });
      return;
    }
    const { value, expiresAt } = structuredClone(write);
    this.#records.set(`${type} ${key}`, { type, key, value, expiresAt, updatedAt: Date.now(), sequence });
  }
}
