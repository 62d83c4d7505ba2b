import type { ClusterFace } from './cluster-face.ts';
import { type ClusterState, clusterStateOf } from './cluster-state.ts';
import type { Layout } from './columns.ts';
import { HeldKind } from './held-kind.ts';

/** One cluster of the fleet, with all that is held of it. */
export class HeldCluster {
  /** Small, and no other's that is held. */
  readonly number: number;
  face: ClusterFace;
  version: string | undefined;
  /** UID of its namespace kube-system: another one is another cluster. */
  identity: string | undefined;
  /** By id, in the order of the kinds of the fleet. */
  readonly kinds: ReadonlyMap<string, HeldKind>;
  /** Another number when a record came, went or changed. */
  changes = 0;
  /** Records by word of the namespace that they stand in, or are. */
  readonly namespaces = new Map<number, number>();
  #state: ClusterState;
  #since: number;

  constructor(number: number, face: ClusterFace, layouts: readonly Layout[], now: number) {
    this.number = number;
    this.face = face;
    this.kinds = new Map(layouts.map((layout) => [layout.kind.id, new HeldKind(layout, now)]));
    this.#state = clusterStateOf(this.kinds.values());
    this.#since = now;
  }

  get name(): string {
    return this.face.name;
  }

  /** Changes when `review` is called; `asOf` as it was then. */
  get state(): ClusterState {
    return this.#state;
  }

  /** Whether every kind that it has is read as of now. */
  get isWhole(): boolean {
    // What may not be read is warned of.
    return this.#state.state === 'ok' && this.#state.warnings.length === 0;
  }

  /** When the state began, ms since 1970. */
  get since(): number {
    return this.#since;
  }

  /** Works the state out anew after kinds changed theirs, or their `asOf`. */
  review(now: number): void {
    const before = this.#state.state;
    this.#state = clusterStateOf(this.kinds.values());
    if (this.#state.state !== before) this.#since = now;
  }

  /** One record more, or less, of a namespace. @returns whether the namespace came or went thereby */
  countNamespace(word: number, by: 1 | -1): boolean {
    const before = this.namespaces.get(word) ?? 0;
    const after = before + by;
    if (after === 0) this.namespaces.delete(word);
    else this.namespaces.set(word, after);
    return before === 0 || after === 0;
  }
}
