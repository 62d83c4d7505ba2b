import type { HeldCluster } from '../held-cluster.ts';
import type { Shard } from '../shard.ts';
import { noWord, type Words } from '../words.ts';
import type { WorkloadPlace } from './journal.ts';

/** Kinds between a workload and its pods. */
const between: ReadonlySet<string> = new Set(['ReplicaSet', 'Job']);
/** Ids of words are below this. */
const WORD_LIMIT = 2 ** 26;

/** Finds the workloads of single pods; each owner of one cluster once. */
export class PodOwnerFinder {
  readonly #words: Words;
  readonly #cluster: HeldCluster;
  readonly #known = new Map<number, WorkloadPlace | undefined>();

  constructor(words: Words, cluster: HeldCluster) {
    this.#words = words;
    this.#cluster = cluster;
  }

  /** The workload of a pod; undefined: nothing that is read owns it. */
  of(pods: Shard, row: number): WorkloadPlace | undefined {
    const [kind, name] = ownerWords(pods, row);
    if (kind === noWord) return undefined;
    const namespace = pods.namespace(row);
    const key = name * WORD_LIMIT + namespace;
    if (this.#known.has(key)) return this.#known.get(key);
    const place = this.#placeOf(kind, name, namespace);
    this.#known.set(key, place);
    return place;
  }

  #placeOf(kindWord: number, nameWord: number, namespace: number): WorkloadPlace | undefined {
    let [kind, name] = [this.#words.text(kindWord), this.#words.text(nameWord)];
    if (between.has(kind)) {
      const shard = this.#cluster.kinds.get(kind)?.shard;
      const row = shard?.find(namespace, name) ?? -1;
      if (shard !== undefined && row >= 0) {
        const [ownerKind, ownerName] = ownerWords(shard, row);
        if (ownerKind !== noWord) [kind, name] = [this.#words.text(ownerKind), this.#words.text(ownerName)];
      }
    }
    const held = this.#cluster.kinds.get(kind);
    if (held?.shard === undefined || held.shard.find(namespace, name) < 0) return undefined;
    return { cluster: this.#cluster.name, kind, namespace: this.#words.text(namespace) || undefined, name };
  }
}

function ownerWords(shard: Shard, row: number): readonly [kind: number, name: number] {
  const { byName } = shard.layout;
  return [shard.slot(row, byName.get('ownerKind')?.at ?? 0), shard.slot(row, byName.get('ownerName')?.at ?? 0)];
}
