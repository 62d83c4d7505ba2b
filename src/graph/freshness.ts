import { leaseKey } from '../model/change.ts';
import type { Lease } from '../model/fact.ts';

/** Sources of volatile facts stand apart from those of stored facts, whose leases come from the log. */
const VOLATILE_MARK = '\u0000';

/** The name under which the graph keeps a source of volatile facts. */
export function volatileSource(source: string): string {
  return VOLATILE_MARK + source;
}

/** One collector's view of one source. */
export interface SourceKey {
  readonly collector: string;
  readonly source: string;
}

interface Entry extends SourceKey {
  expiresAt: number;
  stale: boolean;
}

/**
 * Which collector x source pairs are fresh. Facts under a lease that is missing or past its end are unknown; this
 * happens by the clock, without a write, so `advance` must run before anything is answered.
 */
export class Freshness {
  readonly #entries = new Map<string, Entry>();
  readonly #leases = new Map<string, Lease>();
  readonly #volatile = new Map<string, Lease>();
  #nextExpiry = Infinity;

  /** When the next lease ends, ms since the epoch; Infinity when none does. */
  get nextExpiry(): number {
    return this.#nextExpiry;
  }

  /** The leases of the log, by key. */
  get leases(): ReadonlyMap<string, Lease> {
    return this.#leases;
  }

  /** All leases, those of volatile facts included, each with the pair that `isStale` knows it by. */
  *all(): IterableIterator<{ readonly lease: Lease; readonly key: SourceKey }> {
    for (const lease of this.#leases.values()) yield { lease, key: lease };
    for (const [name, lease] of this.#volatile) {
      const key = { collector: lease.collector, source: volatileSource(lease.source) };
      if (!this.#leases.has(name)) yield { lease, key };
    }
  }

  /** True when what the collector said about the source may no longer hold. */
  isStale(collector: string, source: string): boolean {
    return this.#entries.get(leaseKey({ collector, source }))?.stale ?? true;
  }

  /** Sets or removes a lease of the log. @returns true when the pair's freshness changed */
  setLease(key: SourceKey, lease: Lease | undefined, now: number): boolean {
    const name = leaseKey(key);
    if (lease) this.#leases.set(name, lease);
    else this.#leases.delete(name);
    return this.#setExpiry(key, lease?.expiresAt, now);
  }

  /** Sets until when the volatile facts of a pair hold. @returns true when the pair's freshness changed */
  setVolatile(key: SourceKey, expiresAt: number, now: number): boolean {
    const { collector, source } = key;
    this.#volatile.set(leaseKey(key), { collector, source, lastSuccessAt: now, expiresAt });
    return this.#setExpiry({ collector, source: volatileSource(source) }, expiresAt, now);
  }

  /** Marks what ended until `now`. @returns the pairs that turned stale */
  advance(now: number): readonly SourceKey[] {
    if (now < this.#nextExpiry) return [];
    const ended: SourceKey[] = [];
    this.#nextExpiry = Infinity;
    for (const entry of this.#entries.values()) {
      if (entry.stale) continue;
      if (entry.expiresAt <= now) {
        entry.stale = true;
        ended.push(entry);
      } else this.#nextExpiry = Math.min(this.#nextExpiry, entry.expiresAt);
    }
    return ended;
  }

  /** Sets when a pair turns stale; `undefined`: it has no lease. @returns true when its freshness changed */
  #setExpiry(key: SourceKey, expiresAt: number | undefined, now: number): boolean {
    const name = leaseKey(key);
    const wasStale = this.#entries.get(name)?.stale ?? true;
    if (expiresAt === undefined) {
      this.#entries.delete(name);
      return !wasStale;
    }
    const stale = expiresAt <= now;
    this.#entries.set(name, { collector: key.collector, source: key.source, expiresAt, stale });
    if (!stale) this.#nextExpiry = Math.min(this.#nextExpiry, expiresAt);
    return stale !== wasStale;
  }
}
