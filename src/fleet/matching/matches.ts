import type { ClaimChange, EntityClaim } from '../../live/claim.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import type { HeldCluster } from '../held-cluster.ts';
import type { HeldKind } from '../held-kind.ts';
import { type Holdings, placeIn } from '../object-query.ts';
import type { Hit } from '../row-order.ts';
import { clusterScope } from '../scope-check.ts';
import type { Shard } from '../shard.ts';
import type { ShardPlace } from '../shard-place.ts';
import { noWord } from '../words.ts';
import { ClaimBook, type Match } from './claim-book.ts';

/** Kinds that make pods and are made by people, beside custom resources. */
const workloadKinds: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job']);

/** Whether objects of a kind are workloads: what makes pods, and the custom resources that are read. */
export function isWorkloadKind({ kind }: Pick<HeldKind, 'kind'>): boolean {
  return workloadKinds.has(kind.id) || kind.id !== kind.kind;
}

/** A workload and the entities that it belongs to, the surest first; none: it is in no catalog. */
export interface MatchedRow extends Hit {
  readonly matches: readonly Match[];
}

interface KindMatches {
  readonly cluster: HeldCluster;
  readonly kind: HeldKind;
  readonly shard: Shard;
  readonly shape: number;
  readonly version: number;
  readonly rows: ReadonlyMap<number, readonly Match[]>;
}

const nobody: readonly Match[] = [];

/**
 * Which workload belongs to which entity. A kind of a cluster is matched anew when something came, went or changed its labels, and
 * only then; who asks waits for that.
 */
export class Matches {
  readonly #holdings: Holdings;
  readonly #book = new ClaimBook();
  readonly #byKind = new Map<HeldKind, KindMatches>();
  /** The kinds of a cluster that are workloads. */
  readonly #kindsOf = new WeakMap<HeldCluster, readonly HeldKind[]>();
  /** Where an entity has workloads, and which rows. */
  readonly #byRef = new Map<string, Map<HeldKind, number[]>>();
  /** Answers by sets of labels and annotations, as long as no set went. */
  readonly #known = new Map<string, readonly Match[]>();
  #knownAt = '';
  /** Of the holdings and of the claims, when all was last looked through. */
  #turn = -1;
  #version = -1;

  constructor(holdings: Holdings) {
    this.#holdings = holdings;
  }

  /** Takes up what became of the claims. */
  change({ isWhole, put, dropped }: ClaimChange): void {
    const claims = new Map(isWhole ? [] : Array.from(this.#book.all(), (claim) => [claim.ref, claim]));
    for (const ref of dropped) claims.delete(ref);
    for (const claim of put) claims.set(claim.ref, claim);
    this.#book.replace(claims.values());
  }

  claim(ref: string): EntityClaim | undefined {
    return this.#book.get(ref);
  }

  claims(): Iterable<EntityClaim> {
    return this.#book.all();
  }

  /** What is wrong with the label selector of an entity; undefined: nothing. */
  problemOf(ref: string): Error | undefined {
    return this.#book.problemOf(ref);
  }

  /** The workloads of an entity that a scope sees, by cluster and kind. */
  workloadsOf(ref: string, scope: LiveScope): readonly MatchedRow[] {
    this.#refresh();
    const found: MatchedRow[] = [];
    for (const [kind, rows] of this.#byRef.get(ref) ?? []) {
      const known = this.#byKind.get(kind);
      const place = known && this.#placeOf(known, scope);
      if (known === undefined || place === undefined) continue;
      for (const row of rows) {
        if (place.namespaces?.has(place.shard.namespace(row)) === false) continue;
        found.push({ place, row, matches: known.rows.get(row) ?? nobody });
      }
    }
    return found.sort((left, right) => (left.place.cluster.name < right.place.cluster.name ? -1 : 1));
  }

  /**
   * All workloads that a scope sees, whether they belong to somebody or not. What another workload owns is not one. Who takes a while
   * gets those that were there at the beginning.
   */
  *workloads(scope: LiveScope): Generator<MatchedRow> {
    this.#refresh();
    const kinds = [...this.#byKind.values()];
    for (const known of kinds) {
      const place = this.#placeOf(known, scope);
      if (place === undefined) continue;
      for (const [row, matches] of known.rows) {
        if (place.namespaces?.has(place.shard.namespace(row)) !== false) yield { place, row, matches };
      }
    }
  }

  /** The entities that a workload belongs to. @param row of what `kind` holds now */
  matchesOf(kind: HeldKind, row: number): readonly Match[] {
    this.#refresh();
    return this.#byKind.get(kind)?.rows.get(row) ?? nobody;
  }

  #placeOf({ cluster, kind, shard }: KindMatches, scope: LiveScope): ShardPlace | undefined {
    return clusterScope(scope, cluster.name) === undefined
      ? undefined
      : placeIn(this.#holdings.words, { cluster, kind, shard }, scope);
  }

  #refresh(): void {
    const turn = this.#holdings.turn.number;
    if (turn === this.#turn && this.#book.version === this.#version) return;
    this.#turn = turn;
    this.#version = this.#book.version;
    let kinds = 0;
    for (const cluster of this.#holdings.clusters.values()) {
      for (const kind of this.#workloadKindsOf(cluster)) {
        if (kind.shard === undefined) continue;
        kinds += 1;
        const known = this.#byKind.get(kind);
        const isKnown = known?.shard === kind.shard && known.shape === kind.shard.shape;
        if (!isKnown || known.version !== this.#book.version) this.#match(cluster, kind, kind.shard);
      }
    }
    if (kinds === this.#byKind.size) return;
    for (const { cluster, kind, shard } of this.#byKind.values()) {
      const isHeld = this.#holdings.clusters.get(cluster.name) === cluster && kind.shard === shard;
      if (!isHeld) this.#forget(kind);
    }
  }

  #workloadKindsOf(cluster: HeldCluster): readonly HeldKind[] {
    let kinds = this.#kindsOf.get(cluster);
    if (kinds === undefined) this.#kindsOf.set(cluster, (kinds = [...cluster.kinds.values()].filter(isWorkloadKind)));
    return kinds;
  }

  #forget(kind: HeldKind): void {
    const known = this.#byKind.get(kind);
    this.#byKind.delete(kind);
    for (const matches of known?.rows.values() ?? []) {
      for (const { claim } of matches) {
        const places = this.#byRef.get(claim.ref);
        places?.delete(kind);
        if (places?.size === 0) this.#byRef.delete(claim.ref);
      }
    }
  }

  #match(cluster: HeldCluster, kind: HeldKind, shard: Shard): void {
    this.#forget(kind);
    const { version } = this.#book;
    const rows = new Map<number, readonly Match[]>();
    const ownerAt = shard.layout.byName.get('ownerKind')?.at ?? 0;
    for (let row = 0; row < shard.end; row += 1) {
      if (!shard.isHeld(row) || this.#isWorkloadWord(shard.slot(row, ownerAt))) continue;
      const matches = this.#matchesOfRow(cluster, shard, row);
      rows.set(row, matches);
      for (const { claim } of matches) this.#note(claim.ref, kind, row);
    }
    this.#byKind.set(kind, { cluster, kind, shard, shape: shard.shape, version, rows });
  }

  #note(ref: string, kind: HeldKind, row: number): void {
    let places = this.#byRef.get(ref);
    if (places === undefined) this.#byRef.set(ref, (places = new Map()));
    const rows = places.get(kind);
    if (rows === undefined) places.set(kind, [row]);
    else rows.push(row);
  }

  /** Whether a word names a kind of workload that is read: what such a one owns is shown with it. */
  #isWorkloadWord(word: number): boolean {
    if (word === noWord) return false;
    const name = this.#holdings.words.text(word);
    for (const { kind } of this.#holdings.layouts.values())
      if (kind.kind === name && isWorkloadKind({ kind })) return true;
    return false;
  }

  #matchesOfRow(cluster: HeldCluster, shard: Shard, row: number): readonly Match[] {
    const { words, pairs } = this.#holdings;
    const slotOf = (column: string): number => shard.slot(row, shard.layout.byName.get(column)?.at ?? 0);
    const [labels, annotations] = [slotOf('labels'), slotOf('annotations')];
    const namespace = words.text(shard.namespace(row));
    const state = `${this.#book.version} ${pairs.forgotten}`;
    if (this.#knownAt !== state) this.#known.clear();
    this.#knownAt = state;
    const key = `${labels} ${annotations} ${namespace}`;
    let matches = this.#known.get(key);
    if (matches === undefined) {
      const lines = (set: number): readonly string[] => Array.from(pairs.pairsOf(set), (pair) => words.text(pair));
      matches = this.#book.matchesOf(lines(labels), lines(annotations), namespace || undefined);
      this.#known.set(key, matches);
    }
    const isElsewhere = matches.some(({ claim }) => (claim.cluster ?? cluster.name) !== cluster.name);
    return isElsewhere ? matches.filter(({ claim }) => (claim.cluster ?? cluster.name) === cluster.name) : matches;
  }
}
