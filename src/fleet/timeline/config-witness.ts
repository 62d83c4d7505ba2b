import type { Layout } from '../columns.ts';
import { isWorkloadKind } from '../matching/matches.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import type { Shard } from '../shard.ts';
import type { EntryLimit } from './entry-limit.ts';
import { SOURCE, type Journal, keyOfPlace, placeOfRow, type WorkloadPlace } from './journal.ts';
import { uidOf, type RowWitness, type SeenRow } from './row-witness.ts';
import { SlotWatch } from './slot-watch.ts';

/** Changes whose workloads are looked up in one tick, and those that may wait for it. */
const MOST_LOOKS = 100;
const MOST_WAITING = 10_000;
const MOST_NAMED = 10;

interface Change {
  readonly place: WorkloadPlace;
  readonly uid: string;
  readonly version: number;
  readonly at: number;
  readonly since: number | undefined;
}

/** Sees ConfigMaps change, of which only the metadata is read; and tells which workloads use them. */
export class ConfigWitness implements RowWitness {
  readonly #holdings: MatchedHoldings;
  readonly #journal: Journal;
  readonly #limit: EntryLimit;
  readonly #now: () => number;
  readonly #watch: SlotWatch;
  #waiting: Change[] = [];

  constructor(
    layout: Layout,
    parts: {
      readonly holdings: MatchedHoldings;
      readonly journal: Journal;
      readonly limit: EntryLimit;
      readonly now: () => number;
    },
  ) {
    this.#holdings = parts.holdings;
    this.#journal = parts.journal;
    this.#limit = parts.limit;
    this.#now = parts.now;
    this.#watch = new SlotWatch(layout, ['version']);
  }

  before(shard: Shard, row: number): void {
    this.#watch.note(shard, row);
  }

  changed(seen: SeenRow, since: number | undefined): void {
    if (!this.#watch.compare(seen.shard, seen.row) || this.#waiting.length >= MOST_WAITING) return;
    const place = placeOfRow(seen, this.#holdings.words);
    const at = this.#now();
    if (this.#limit.take(`config ${keyOfPlace(place)}`, at) === 'left out') return;
    this.#waiting.push({ place, uid: uidOf(seen), version: this.#watch.after[0] ?? 0, at, since });
  }

  /** Looks up who uses what changed, and tells it. */
  tick(): void {
    for (const { place, uid, version, at, since } of this.#waiting.splice(0, MOST_LOOKS)) {
      const users = this.#usersOf(place);
      const { cluster, namespace, name } = place;
      const used =
        users.length === 0 ? '' : `, used by ${users.length === 1 ? users[0]?.name : `${users.length} workloads`}`;
      const data = {
        workload: { kind: place.kind, name },
        workloads: users.slice(0, MOST_NAMED).map((user) => ({ kind: user.kind, name: user.name })),
      };
      const entry = {
        id: `config ${uid} ${version}`,
        at,
        since,
        kind: 'config',
        title: `ConfigMap ${name} changed${used}`,
      };
      this.#journal.put(
        { op: 'add', entry: { ...entry, source: SOURCE, cluster, namespace, data } },
        users[0] ?? place,
      );
    }
  }

  /** Workloads whose template names the ConfigMap. */
  #usersOf({ cluster, namespace = '', name }: WorkloadPlace): readonly WorkloadPlace[] {
    const { clusters, words } = this.#holdings;
    const found: WorkloadPlace[] = [];
    const namespaceWord = words.find(namespace);
    const pattern = new RegExp(`"configMap(?:Ref|KeyRef)?":\\{[^{}]*"name":"${name.replaceAll('.', '\\.')}"`);
    for (const kind of clusters.get(cluster)?.kinds.values() ?? []) {
      const { shard } = kind;
      const templateAt = kind.layout.byName.get('template')?.at;
      if (shard === undefined || templateAt === undefined || !isWorkloadKind(kind)) continue;
      for (let row = 0; row < shard.end; row += 1) {
        if (shard.namespace(row) !== namespaceWord || !shard.isHeld(row)) continue;
        if (!pattern.test(words.text(shard.slot(row, templateAt)))) continue;
        found.push({ cluster, kind: kind.kind.id, namespace, name: shard.name(row) });
      }
    }
    return found;
  }
}
