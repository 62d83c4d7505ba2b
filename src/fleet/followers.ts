import type { LiveChange, LivePosition, LiveScope, LiveTold } from '../live/live-reader.ts';

/** Objects that one message may name; who is behind by more reads anew. */
const MOST_OBJECTS = 5_000;

type Changes = Extract<LiveTold, { type: 'changes' }>;

/** What followers need. */
export interface FollowersOptions {
  readonly store: {
    follow(after: LivePosition | undefined, scope: LiveScope, listener: (told: LiveTold) => void): () => void;
  };
  readonly tell: (id: number, told: LiveTold) => void;
}

interface Follower {
  readonly stop: () => void;
  readonly objects: Map<string, LiveChange>;
  readonly clusters: Set<string>;
  position: LivePosition | undefined;
}

/**
 * Who follows changes from another thread. Changes are gathered between two `flush`es, of each object the last one, so that
 * thousands of events cost a few messages.
 */
export class Followers {
  readonly #options: FollowersOptions;
  readonly #followers = new Map<number, Follower>();

  constructor(options: FollowersOptions) {
    this.#options = options;
  }

  follow(id: number, after: LivePosition | undefined, scope: LiveScope): void {
    const early: LiveTold[] = [];
    let take = (told: LiveTold): void => void early.push(told);
    const stop = this.#options.store.follow(after, scope, (told) => take(told));
    const follower: Follower = { stop, objects: new Map(), clusters: new Set(), position: undefined };
    this.#followers.set(id, follower);
    take = (told) => this.#take(id, follower, told);
    for (const told of early) take(told);
  }

  unfollow(id: number): void {
    this.#followers.get(id)?.stop();
    this.#followers.delete(id);
  }

  /** Tells what was gathered. */
  flush(): void {
    for (const [id, { objects, clusters, position }] of this.#followers) {
      if (position === undefined) continue;
      const told: Changes = { type: 'changes', position, objects: [...objects.values()], clusters: [...clusters] };
      this.#clear(id);
      this.#options.tell(id, told);
    }
  }

  #take(id: number, follower: Follower, told: LiveTold): void {
    if (told.type === 'relist') {
      this.#clear(id);
      this.#options.tell(id, told);
      return;
    }
    for (const change of told.objects) {
      follower.objects.set(JSON.stringify([change.cluster, change.kind, change.namespace, change.name]), change);
    }
    for (const cluster of told.clusters) follower.clusters.add(cluster);
    follower.position = told.position;
    if (follower.objects.size <= MOST_OBJECTS) return;
    this.#clear(id);
    this.#options.tell(id, { type: 'relist', position: told.position, reason: 'slow' });
  }

  #clear(id: number): void {
    const follower = this.#followers.get(id);
    if (follower === undefined) return;
    follower.objects.clear();
    follower.clusters.clear();
    follower.position = undefined;
  }
}
