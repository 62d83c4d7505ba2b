import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { CellReader } from '../running/cell-reader.ts';
import { type Journal, keyOfPlace, type WorkloadPlace } from './journal.ts';
import { PodOwnerFinder } from './pod-owner.ts';
import type { PodRows } from './pod-witness.ts';

/** Restarts of one workload that are further apart are no storm, ms. */
const QUIET_MS = 5 * 60_000;
/** A storm that goes on for longer is told as another one, ms. */
const TURN_MS = 30 * 60_000;
/** How often one that grows is written again: no sooner than this, ms, and than after this share of the time that it goes on. */
const REWRITE = { leastMs: 15_000, share: 1 / 4 };
/** A restart that is told of later is none of now, ms. */
const LATE_MS = 10 * 60_000;
/** Pods of one workload that make a storm; half of them where it has fewer. */
const MANY = 3;
const MOST_PODS = 1_000;
const MOST_NAMED = 5;

interface Storm {
  readonly place: WorkloadPlace;
  readonly firstAt: number;
  lastAt: number;
  restarts: number;
  readonly pods: Set<string>;
  readonly reasons: Map<string, number>;
  writtenAt: number;
  isGrown: boolean;
}

/** Several pods of one workload that restart within minutes are one entry, which grows. */
export class RestartStorms {
  readonly #holdings: MatchedHoldings;
  readonly #journal: Journal;
  readonly #cells: CellReader;
  readonly #storms = new Map<string, Storm>();

  constructor(holdings: MatchedHoldings, journal: Journal) {
    this.#holdings = holdings;
    this.#journal = journal;
    this.#cells = new CellReader(holdings.words);
  }

  /** Takes up pods that restarted. @param now ms since 1970 */
  take(restarted: readonly PodRows[], now: number): void {
    for (const { cluster, shard, rows } of restarted) {
      const owners = new PodOwnerFinder(this.#holdings.words, cluster);
      for (const row of rows) {
        if (!shard.isHeld(row)) continue;
        const endedAt = (this.#cells.time(shard, row, 'restarted') ?? now / 1000) * 1000;
        if (now - endedAt > LATE_MS) continue;
        const place = owners.of(shard, row);
        if (place === undefined) continue;
        const storm = this.#stormOf(place, Math.min(now, endedAt), now);
        storm.lastAt = now;
        storm.restarts += 1;
        storm.isGrown = true;
        if (storm.pods.size < MOST_PODS) storm.pods.add(shard.name(row));
        const [, reason = ''] = (this.#cells.word(shard, row, 'lastExit') ?? '').split(' ');
        if (reason !== '') storm.reasons.set(reason, (storm.reasons.get(reason) ?? 0) + 1);
      }
    }
    this.#write(now);
  }

  #stormOf(place: WorkloadPlace, at: number, now: number): Storm {
    const key = keyOfPlace(place);
    const known = this.#storms.get(key);
    if (known !== undefined && now - known.firstAt < TURN_MS) return known;
    if (known?.isGrown === true && this.#isMany(known)) this.#tell(key, known);
    const made: Storm = {
      place,
      firstAt: at,
      lastAt: now,
      restarts: 0,
      writtenAt: 0,
      isGrown: false,
      pods: new Set(),
      reasons: new Map(),
    };
    this.#storms.set(key, made);
    return made;
  }

  #write(now: number): void {
    for (const [key, storm] of this.#storms) {
      const isOver = now - storm.lastAt > QUIET_MS;
      const waitMs = Math.max(REWRITE.leastMs, (now - storm.firstAt) * REWRITE.share);
      if (storm.isGrown && (isOver || now - storm.writtenAt >= waitMs) && this.#isMany(storm)) {
        this.#tell(key, storm);
        storm.writtenAt = now;
        storm.isGrown = false;
      }
      if (isOver) this.#storms.delete(key);
    }
  }

  #isMany({ place, pods }: Storm): boolean {
    if (pods.size >= MANY) return true;
    return pods.size >= 2 && pods.size * 2 >= (this.#desired(place) ?? Infinity);
  }

  #tell(key: string, { place, firstAt, lastAt, restarts, pods, reasons }: Storm): void {
    const of = this.#desired(place);
    const reason = [...reasons].sort((left, right) => right[1] - left[1])[0]?.[0];
    const many = of === undefined || of < pods.size ? `${pods.size} pods` : `${pods.size} of ${of} pods`;
    this.#journal.add(place, {
      id: `restarts ${key} ${Math.floor(firstAt / TURN_MS)}`,
      at: firstAt,
      until: lastAt,
      kind: 'restarts',
      title: `${many} of ${place.name} restarted${reason === undefined ? '' : `: ${reason}`}`,
      data: {
        pods: pods.size,
        restarts,
        of: of ?? null,
        names: [...pods].slice(0, MOST_NAMED),
        reasons: Object.fromEntries(reasons),
      },
    });
  }

  #desired({ cluster, kind, namespace, name }: WorkloadPlace): number | undefined {
    const shard = this.#holdings.clusters.get(cluster)?.kinds.get(kind)?.shard;
    const word = namespace === undefined ? -1 : this.#holdings.words.find(namespace);
    const row = shard === undefined || word < 0 ? -1 : shard.find(word, name);
    return shard === undefined || row < 0 ? undefined : this.#cells.count(shard, row, 'desired');
  }
}
