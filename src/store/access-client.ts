import type { Clock } from '../base/clock.ts';
import type {
  AccessChanges,
  AccessCommit,
  AccessStore,
  AccessWrite,
  AuditEntry,
  AuditFilter,
  AuditPage,
  AuditRecord,
  AuditVerification,
} from './access-records.ts';
import { storeError } from './errors.ts';
import type { WorkerLink } from './worker-link.ts';

/** The most writes and audit entries that wait; one commit is always taken. */
const MAX_PENDING = 20_000;

/** The permission layer's part of the store as the main thread sees it. */
export class AccessClient implements AccessStore {
  readonly #link: WorkerLink;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #pending = 0;

  constructor(link: WorkerLink, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
  }

  async commit(writes: readonly AccessWrite[], audit: readonly AuditEntry[]): Promise<AccessCommit> {
    const size = writes.length + audit.length;
    if (this.#pending > 0 && this.#pending + size > MAX_PENDING) {
      throw storeError('STORE_BUSY', { reason: `${this.#pending} writes of the permission layer wait` });
    }
    this.#pending += size;
    try {
      return await this.#link.call('accessCommit', { writes, audit, at: this.#clock.now() });
    } finally {
      this.#pending -= size;
    }
  }

  changes(after: number, limit: number): Promise<AccessChanges> {
    return this.#link.call('accessChanges', after, limit);
  }

  audit(filter: AuditFilter, page: AuditPage): Promise<readonly AuditRecord[]> {
    return this.#link.call('audit', filter, page);
  }

  verifyAudit(): Promise<AuditVerification> {
    return this.#link.call('verifyAudit');
  }

  onHint(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Records may have changed. */
  hint(): void {
    for (const listener of this.#listeners) listener();
  }
}
