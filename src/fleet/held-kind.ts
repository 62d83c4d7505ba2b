import type { KindStatus, LiveReason, LiveState } from '../live/cluster.ts';
import type { LiveKind } from '../live/live-kind.ts';
import type { Layout } from './columns.ts';
import { Shard } from './shard.ts';

/** What is called ok must have been confirmed within this time, ms. */
export const FRESH_MS = 60_000;

/** How a kind is read, as its reader tells it. */
export interface KindNews {
  readonly state: LiveState | 'absent';
  readonly reason?: LiveReason | undefined;
  /** ms since 1970 */
  readonly at: number;
}

const reading: LiveReason = { code: 'Reading', message: 'It is being read.' };
const unread: LiveReason = { code: 'Reading', message: 'It was not read yet.' };
const saved: LiveReason = { code: 'Snapshot', message: 'It is shown as it was saved; the cluster was not read since.' };
const silent: LiveReason = { code: 'Silent', message: 'Nothing confirms any more that it is as of now.' };

/** One kind of one cluster: what is held of it and how it is read. */
export class HeldKind {
  readonly layout: Layout;
  /** Absent: nothing is held. */
  shard: Shard | undefined;
  /** A list under way. */
  building: Shard | undefined;
  /** What `shard` stands at; absent: it cannot be continued from. */
  resourceVersion: string | undefined;
  /** ms since 1970; absent: never read. */
  asOf: number | undefined;
  #told: LiveState | 'absent' = 'stale';
  #reason: LiveReason | undefined = unread;
  #isSilent = false;
  #isRefused = false;
  #since: number;

  constructor(layout: Layout, now: number) {
    this.layout = layout;
    this.#since = now;
  }

  /** What is held, or a shard that holds nothing. */
  get shown(): Shard {
    return this.shard ?? emptyOf(this.layout);
  }

  get kind(): LiveKind {
    return this.layout.kind;
  }

  /** Never ok for what was not read, or not confirmed for too long. */
  get state(): LiveState | 'absent' {
    if (this.#told !== 'ok') return this.#told;
    return this.#isSilent || this.asOf === undefined ? 'stale' : 'ok';
  }

  get reason(): LiveReason | undefined {
    if (this.#told !== 'ok') return this.#reason;
    if (this.asOf === undefined) return reading;
    return this.#isSilent ? silent : undefined;
  }

  get since(): number {
    return this.#since;
  }

  /** It was denied when it was last heard of, and may be unreachable or read anew since. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** It is as it was saved, and nothing was heard of it since. */
  get isSaved(): boolean {
    return this.#reason === saved;
  }

  /** Its reader called it ok and watches it; whether it still is, `state` says. */
  get isWatched(): boolean {
    return this.#told === 'ok' && this.kind.reading !== 'polled';
  }

  /** @param objects those of them that the reader may see */
  status(objects: number): KindStatus {
    const { state, reason, since, asOf } = this;
    return { kind: this.kind.id, state, reason, since, asOf, objects };
  }

  /** @returns whether this is another state or reason than before */
  tell({ state, reason, at }: KindNews): boolean {
    return this.#change(at, () => {
      this.#told = state;
      this.#reason = reason ?? (state === 'stale' ? reading : undefined);
      if (state === 'ok') this.#isSilent = false;
      if (state === 'denied') this.#isRefused = true;
      else if (state === 'ok' || state === 'absent') this.#isRefused = false;
      if (state === 'ok' && this.asOf !== undefined) this.asOf = later(at, this.asOf);
    });
  }

  /** What is held is as it was saved, at `asOf`. @returns whether this is news */
  restored(asOf: number, now: number): boolean {
    this.asOf = asOf;
    return this.#change(now, () => {
      this.#told = 'stale';
      this.#reason = saved;
    });
  }

  /** It is connected to anew: what is held stays, and is not called ok before it is confirmed. */
  unconfirm(now: number): boolean {
    this.building = undefined;
    return this.#change(now, () => {
      this.#told = 'stale';
      this.#reason = this.asOf === undefined ? unread : reading;
    });
  }

  /** What is held was so at this time. @returns whether it is called ok again thereby */
  confirm(at: number): boolean {
    return this.#change(at, () => {
      this.asOf = later(at, this.asOf ?? at);
      this.#isSilent = false;
      this.#isRefused = false;
    });
  }

  /** Looks whether it is still confirmed. @returns whether its state changed thereby */
  tick(now: number): boolean {
    if (this.state !== 'ok') return false;
    const allowedMs = FRESH_MS + 1000 * (this.kind.pollSeconds ?? 0);
    return this.#change(now, () => {
      // A time to come is none either: the clock was set back.
      this.#isSilent = Math.abs(now - (this.asOf ?? 0)) > allowedMs;
    });
  }

  /** Nothing is held any more, nor known of it. */
  forget(): void {
    this.shard = undefined;
    this.building = undefined;
    this.resourceVersion = undefined;
    this.asOf = undefined;
    this.#isRefused = false;
  }

  #change(at: number, change: () => void): boolean {
    const { state, reason } = this;
    change();
    const isOther = this.state !== state;
    if (isOther) this.#since = at;
    return isOther || this.reason?.code !== reason?.code || this.reason?.message !== reason?.message;
  }
}

const empty = new WeakMap<Layout, Shard>();

function emptyOf(layout: Layout): Shard {
  let shard = empty.get(layout);
  if (shard === undefined) empty.set(layout, (shard = new Shard(layout)));
  return shard;
}

/** The later of two times; but when the clock was set back, the new one. */
function later(at: number, known: number): number {
  return at + FRESH_MS < known ? at : Math.max(at, known);
}
