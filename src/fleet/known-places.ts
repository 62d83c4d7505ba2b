import type { HeldCluster } from './held-cluster.ts';
import type { Places } from './object-query.ts';
import type { ShardPlace } from './shard-place.ts';

/** The shards of each cluster. */
export type PlacesByCluster = ReadonlyMap<HeldCluster, readonly ShardPlace[]>;

/** Questions of which the places are remembered. */
const MOST = 64;

/**
 * Where questions lead that ask about whole clusters, for as long as no cluster comes, goes or has another face. Lists of kinds are read
 * anew all the time, so the shards of what is remembered are put in anew whenever it is asked for.
 */
export class KnownPlaces {
  readonly #turn: { readonly places: number };
  #at = -1;
  readonly #known = new Map<string, Places>();
  readonly #ordered = new WeakMap<Places, PlacesByCluster>();

  /** @param turn `Holdings.turn` */
  constructor(turn: { readonly places: number }) {
    this.#turn = turn;
  }

  /** The places of a question. @param key of all that it says of where to look */
  of(key: string, find: () => Places): Places {
    if (this.#at !== this.#turn.places || this.#known.size >= MOST) this.#known.clear();
    this.#at = this.#turn.places;
    let places = this.#known.get(key);
    if (places === undefined) this.#known.set(key, (places = find()));
    else renew(places.shards);
    return places;
  }

  /** The shards of places in another order. */
  ordered(places: Places, order: () => PlacesByCluster): PlacesByCluster {
    let shards = this.#ordered.get(places);
    if (shards === undefined) this.#ordered.set(places, (shards = order()));
    else for (const own of shards.values()) renew(own);
    return shards;
  }
}

function renew(places: readonly ShardPlace[]): void {
  for (const place of places) place.shard = place.kind.shown;
}
