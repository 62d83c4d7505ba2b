import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { CellReader } from '../running/cell-reader.ts';
import { type Journal, keyOfPlace, type WorkloadPlace } from './journal.ts';
import { PodOwnerFinder } from './pod-owner.ts';
import type { PodRows } from './pod-witness.ts';

/** How long a health must hold before it is told, ms. */
const HOLD_MS = 15_000;
/** Workloads that are looked at in one tick: each takes some microseconds. */
const MOST_LOOKS = 200;
const MOST_PENDING = 20_000;

interface Health {
  readonly status: string;
  readonly reason: string | undefined;
}

interface Pending {
  readonly place: WorkloadPlace;
  readonly since: number | undefined;
  /** When its health was first seen to be as it is. */
  at: number;
  health: Health | undefined;
}

/** Healths that are told; what is on its way is not, nor what nobody knows. */
const bad: ReadonlySet<string> = new Set(['Degraded', 'Missing']);

/** Tells when workloads begin and cease to fail, once that holds. */
export class HealthWatch {
  readonly #holdings: MatchedHoldings;
  readonly #journal: Journal;
  readonly #cells: CellReader;
  readonly #pending = new Map<string, Pending>();
  /** What was told last of workloads that fail. */
  readonly #failing = new Map<string, string>();
  /** Workloads that are known to be told well: what an earlier run told of them is settled. */
  readonly #settled = new Set<string>();

  constructor(holdings: MatchedHoldings, journal: Journal) {
    this.#holdings = holdings;
    this.#journal = journal;
    this.#cells = new CellReader(holdings.words);
  }

  /** The health of a workload may be another one. @param since while nobody looked, ms since 1970 */
  mark(place: WorkloadPlace, now: number, since?: number): void {
    const key = keyOfPlace(place);
    if (this.#pending.has(key) || this.#pending.size >= MOST_PENDING) return;
    this.#pending.set(key, { place, since, at: now, health: undefined });
  }

  /** Takes up pods whose health is another one: it matters where they fail now, or where their workload did. */
  take(pods: readonly PodRows[], now: number): void {
    const failing = this.#holdings.words.find('Degraded');
    for (const { cluster, shard, rows } of pods) {
      const owners = new PodOwnerFinder(this.#holdings.words, cluster);
      const healthAt = shard.layout.byName.get('health')?.at ?? 0;
      for (const row of rows) {
        if (!shard.isHeld(row)) continue;
        if (this.#failing.size === 0 && shard.slot(row, healthAt) !== failing) continue;
        const place = owners.of(shard, row);
        if (place === undefined) continue;
        if (shard.slot(row, healthAt) === failing || this.#failing.has(keyOfPlace(place))) this.mark(place, now);
      }
    }
  }

  /** Looks at what may have changed, and tells what held. */
  tick(now: number): void {
    let looks = 0;
    for (const [key, pending] of this.#pending) {
      if (pending.health !== undefined && now - pending.at < HOLD_MS) continue;
      if ((looks += 1) > MOST_LOOKS) return;
      const health = this.#healthOf(pending.place);
      const isHeld = pending.health !== undefined && pending.health.status === health?.status;
      if (health !== undefined && !isHeld) {
        if (pending.health !== undefined) pending.at = now;
        pending.health = health;
        continue;
      }
      this.#pending.delete(key);
      if (health !== undefined) this.#settle(key, pending, health);
    }
  }

  #settle(key: string, { place, at, since }: Pending, { status, reason }: Health): void {
    const was = this.#failing.get(key);
    const isBad = bad.has(status);
    if (was === status || (!isBad && status !== 'Healthy')) return;
    if (!isBad && was === undefined && this.#settled.has(key)) return;
    if (isBad) this.#failing.set(key, status);
    else this.#failing.delete(key);
    this.#settled.add(key);
    const said = reason === undefined ? '' : `: ${reason}`;
    const title = isBad ? `${place.name} is ${status.toLowerCase()}${said}` : `${place.name} is healthy again`;
    const data = { from: was ?? (isBad ? 'Healthy' : 'Degraded'), to: status, ...(reason !== undefined && { reason }) };
    const parts = { id: `health ${key}`, at, since, kind: 'health', title, data };
    this.#journal.state(place, parts, !isBad);
  }

  /** Undefined: it is not held, or not as of now. */
  #healthOf({ cluster, kind: id, namespace, name }: WorkloadPlace): Health | undefined {
    const { clusters, words, podOwners } = this.#holdings;
    const [held, word] = [clusters.get(cluster), namespace === undefined ? 0 : words.find(namespace)];
    const kind = held?.kinds.get(id);
    const shard = kind?.shard;
    const row = shard === undefined || word < 0 ? -1 : shard.find(word, name);
    if (held === undefined || kind === undefined || shard === undefined || row < 0 || kind.state !== 'ok')
      return undefined;
    const status = this.#cells.word(shard, row, 'health') ?? 'Unknown';
    const own = { status, reason: this.#cells.word(shard, row, 'healthReason') };
    if (status !== 'Progressing' && status !== 'Degraded') return own;
    // As `workloadCell` says it: what is on its way while its pods fail, fails.
    const pods = held.kinds.get('Pod')?.shard;
    const place = { index: 0, cluster: held, kind, shard, namespaces: undefined };
    for (const pod of pods === undefined ? [] : podOwners.podsOf({ place, row })) {
      if (pods === undefined || this.#cells.word(pods, pod, 'health') !== 'Degraded') continue;
      return { status: 'Degraded', reason: this.#cells.word(pods, pod, 'healthReason') ?? own.reason };
    }
    return own;
  }
}
