interface Seen {
  firstAt: number;
  lastAt: number;
  count: number;
}

/** Keeps one thing that changes all the time from filling the timeline: some entries are told, then none until it is calm again. */
export class EntryLimit {
  readonly #most: number;
  readonly #calmMs: number;
  readonly #seen = new Map<string, Seen>();
  /** Entries that were not told. */
  leftOut = 0;

  /** @param calmMs how long nothing must happen before it is told again */
  constructor(most: number, calmMs: number) {
    this.#most = most;
    this.#calmMs = calmMs;
  }

  /** Whether what happened to something is told; `last`: it is the last that is. */
  take(key: string, now: number): 'told' | 'last' | 'left out' {
    let seen = this.#seen.get(key);
    const isOver = seen === undefined || now - seen.lastAt > this.#calmMs;
    const isNewTurn = seen !== undefined && seen.count < this.#most && now - seen.firstAt > this.#calmMs;
    if (seen === undefined || isOver || isNewTurn) {
      seen = { firstAt: now, lastAt: now, count: 0 };
      this.#seen.set(key, seen);
    }
    seen.lastAt = now;
    seen.count += 1;
    if (seen.count < this.#most) return 'told';
    if (seen.count === this.#most) return 'last';
    this.leftOut += 1;
    return 'left out';
  }

  /** Forgets what is calm. */
  sweep(now: number): void {
    for (const [key, { lastAt }] of this.#seen) if (now - lastAt > this.#calmMs) this.#seen.delete(key);
  }
}
