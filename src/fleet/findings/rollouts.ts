import type { HeldCluster } from '../held-cluster.ts';
import type { Shard } from '../shard.ts';
import type { Words } from '../words.ts';

/** The newest rollout of a Deployment, as its ReplicaSets tell it. */
export interface Rollout {
  /** When its ReplicaSet was made, seconds since 1970. */
  readonly at: number;
  /** False for the first that there ever was. */
  readonly isChange: boolean;
  /** True: other images than before; false: something else of the pod template. */
  readonly isImage: boolean;
}

interface Revision {
  readonly at: number;
  readonly revision: number;
  readonly images: number;
}

interface ClusterRollouts {
  readonly shard: Shard;
  readonly shape: number;
  /** The newest revision and the one before it, by word of the namespace, then of the name of the Deployment. */
  readonly byName: ReadonlyMap<number, ReadonlyMap<number, readonly [Revision, Revision | undefined]>>;
}

/** When Deployments were last rolled out; worked out anew for a cluster when ReplicaSets came or went there. */
export class Rollouts {
  readonly #words: Words;
  readonly #clusters = new WeakMap<HeldCluster, ClusterRollouts>();

  constructor(words: Words) {
    this.#words = words;
  }

  /** @param namespaceWord of the Deployment */
  of(cluster: HeldCluster, namespaceWord: number, name: string): Rollout | undefined {
    const nameWord = this.#words.find(name);
    const found = nameWord < 0 ? undefined : this.#of(cluster)?.byName.get(namespaceWord)?.get(nameWord);
    if (found === undefined) return undefined;
    const [newest, before] = found;
    return { at: newest.at, isChange: before !== undefined, isImage: before?.images !== newest.images };
  }

  /** Adds the names, `<namespace>/<name>`, of what was changed in a cluster since then. @param since seconds since 1970 */
  nameRecent(cluster: HeldCluster, since: number, names: Set<string>): void {
    for (const [namespace, byName] of this.#of(cluster)?.byName ?? []) {
      for (const [name, [newest, before]] of byName) {
        if (before !== undefined && newest.at >= since)
          names.add(`${this.#words.text(namespace)}/${this.#words.text(name)}`);
      }
    }
  }

  #of(cluster: HeldCluster): ClusterRollouts | undefined {
    const shard = cluster.kinds.get('ReplicaSet')?.shard;
    if (shard === undefined) return undefined;
    const known = this.#clusters.get(cluster);
    if (known?.shard === shard && known.shape === shard.shape) return known;
    const rollouts = { shard, shape: shard.shape, byName: this.#byName(shard) };
    this.#clusters.set(cluster, rollouts);
    return rollouts;
  }

  #byName(shard: Shard): ClusterRollouts['byName'] {
    const byName = new Map<number, Map<number, readonly [Revision, Revision | undefined]>>();
    const slot = (column: string): number => shard.layout.byName.get(column)?.at ?? 0;
    const [kindAt, nameAt, createdAt] = [slot('ownerKind'), slot('ownerName'), slot('created')];
    const [revisionAt, imagesAt] = [slot('revision'), slot('images')];
    const deployment = this.#words.find('Deployment');
    for (let row = 0; row < shard.end; row += 1) {
      if (!shard.isHeld(row) || shard.slot(row, kindAt) !== deployment) continue;
      const revision = Number(this.#words.text(shard.slot(row, revisionAt)));
      const made = { at: shard.slot(row, createdAt), revision, images: shard.slot(row, imagesAt) };
      const namespace = shard.namespace(row);
      let names = byName.get(namespace);
      if (names === undefined) byName.set(namespace, (names = new Map()));
      const name = shard.slot(row, nameAt);
      names.set(name, newestOf(names.get(name), made));
    }
    return byName;
  }
}

function newestOf(
  known: readonly [Revision, Revision | undefined] | undefined,
  made: Revision,
): readonly [Revision, Revision | undefined] {
  if (known === undefined) return [made, undefined];
  const [newest, before] = known;
  if (made.revision > newest.revision) return [made, newest];
  return before === undefined || made.revision > before.revision ? [newest, made] : known;
}
