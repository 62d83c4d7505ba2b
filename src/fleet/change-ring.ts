import type { LiveChange, LivePosition, LiveScope, LiveTold } from '../live/live-reader.ts';
import { seesCluster, seesObject } from './scope-check.ts';

/** Changes of objects that can be told again. */
const KEPT = 65_536;
/** A batch with more changes than this is not told one by one. */
const MOST_AT_ONCE = 16_384;

interface Entry {
  readonly sequence: number;
  readonly objects: readonly LiveChange[];
  readonly clusters: readonly string[];
}

/** An entry as it is kept: as text, which a collector of garbage looks at once, not at each of its objects. */
interface KeptEntry {
  readonly sequence: number;
  readonly changes: number;
  readonly json: string;
}

interface Follower {
  readonly scope: LiveScope;
  readonly listener: (told: LiveTold) => void;
}

/** The last changes under one sequence, and who follows them. */
export class ChangeRing {
  readonly #epoch: string;
  #sequence = 0;
  #entries: KeptEntry[] = [];
  /** Entries before this index of `#entries` are forgotten. */
  #first = 0;
  #kept = 0;
  /** What follows this can be told. */
  #from = 0;
  readonly #followers = new Set<Follower>();

  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  get position(): LivePosition {
    return { epoch: this.#epoch, sequence: this.#sequence };
  }

  /** Takes the next number of the sequence, keeps the change and tells of it. */
  add(objects: readonly LiveChange[], clusters: readonly string[]): void {
    this.#sequence += 1;
    const entry = { sequence: this.#sequence, objects, clusters };
    if (objects.length > MOST_AT_ONCE) {
      this.#expire();
      return;
    }
    this.#entries.push({ sequence: this.#sequence, changes: objects.length, json: JSON.stringify(entry) });
    this.#kept += objects.length + 1;
    while (this.#kept > KEPT) this.#forgetFirst();
    for (const follower of this.#followers) this.#tell(follower, entry);
  }

  /** Takes the next number of the sequence for more changes than anybody should be told one by one. */
  addMany(): void {
    this.#sequence += 1;
    this.#expire();
  }

  /** As `LiveReader.follow`. */
  follow(after: LivePosition | undefined, scope: LiveScope, listener: (told: LiveTold) => void): () => void {
    const follower = { scope, listener };
    if (after !== undefined) this.#resume(after, follower);
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  #resume({ epoch, sequence }: LivePosition, follower: Follower): void {
    const { position } = this;
    if (epoch !== this.#epoch || sequence > this.#sequence) {
      follower.listener({ type: 'relist', position, reason: 'epoch' });
    } else if (sequence < this.#from) follower.listener({ type: 'relist', position, reason: 'expired' });
    else {
      for (let at = this.#first; at < this.#entries.length; at += 1) {
        const entry = this.#entries[at];
        if (entry !== undefined && entry.sequence > sequence) this.#tell(follower, JSON.parse(entry.json) as Entry);
      }
    }
  }

  #tell({ scope, listener }: Follower, { sequence, objects, clusters }: Entry): void {
    const position = { epoch: this.#epoch, sequence };
    const seen = scope === 'all' ? objects : objects.filter((change) => seesObject(scope, change));
    const named = scope === 'all' ? clusters : clusters.filter((name) => seesCluster(scope, name));
    if (seen.length + named.length > 0) listener({ type: 'changes', position, objects: seen, clusters: named });
  }

  #forgetFirst(): void {
    const entry = this.#entries[this.#first];
    if (entry === undefined) return;
    this.#kept -= entry.changes + 1;
    this.#from = entry.sequence;
    this.#first += 1;
    if (this.#first * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }

  /** Nothing before now can be told any more. */
  #expire(): void {
    this.#entries = [];
    this.#first = 0;
    this.#kept = 0;
    this.#from = this.#sequence;
    const { position } = this;
    for (const { listener } of this.#followers) listener({ type: 'relist', position, reason: 'expired' });
  }
}
