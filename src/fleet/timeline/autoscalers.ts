import type { Layout } from '../columns.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import type { Shard } from '../shard.ts';
import { keyOfPlace, placeOfRow, type Journal, type WorkloadPlace } from './journal.ts';
import type { EntryLimit } from './entry-limit.ts';
import { uidOf, type RowWitness, type SeenRow } from './row-witness.ts';
import { SlotWatch } from './slot-watch.ts';

/** Id of the kind that scales by load. */
export const AUTOSCALER = 'HorizontalPodAutoscaler';

/** The name of the autoscaler of a workload; undefined: none that is held. */
export function autoscalerOf({ words }: MatchedHoldings, { cluster, kind, shard, row }: SeenRow): string | undefined {
  const autoscalers = cluster.kinds.get(AUTOSCALER)?.shard;
  const [kindWord, nameWord] = [words.find(kind.kind.kind), words.find(shard.name(row))];
  if (autoscalers === undefined || kindWord < 0 || nameWord < 0) return undefined;
  const [kindAt, nameAt] = ['targetKind', 'targetName'].map((name) => autoscalers.layout.byName.get(name)?.at ?? 0);
  const namespace = shard.namespace(row);
  for (let each = 0; each < autoscalers.end; each += 1) {
    const isIts = autoscalers.slot(each, nameAt ?? 0) === nameWord && autoscalers.slot(each, kindAt ?? 0) === kindWord;
    if (isIts && autoscalers.isHeld(each) && autoscalers.namespace(each) === namespace) return autoscalers.name(each);
  }
  return undefined;
}

/** What a witness of autoscalers tells with. */
export interface AutoscalerWitnessParts {
  readonly holdings: MatchedHoldings;
  readonly journal: Journal;
  readonly limit: EntryLimit;
  readonly now: () => number;
}

/** Sees the limits of autoscalers change. */
export class AutoscalerWitness implements RowWitness {
  readonly #parts: AutoscalerWitnessParts;
  readonly #watch: SlotWatch;

  constructor(layout: Layout, parts: AutoscalerWitnessParts) {
    this.#parts = parts;
    this.#watch = new SlotWatch(layout, ['minimum', 'maximum']);
  }

  before(shard: Shard, row: number): void {
    this.#watch.note(shard, row);
  }

  changed(seen: SeenRow, since: number | undefined): void {
    if (!this.#watch.compare(seen.shard, seen.row)) return;
    const { holdings, journal, limit } = this.#parts;
    const now = this.#parts.now();
    const own = placeOfRow(seen, holdings.words);
    if (limit.take(`limits ${keyOfPlace(own)}`, now) === 'left out') return;
    const target = this.#targetOf(seen, own);
    const [from, to] = [this.#watch.before, this.#watch.after].map(
      (cells) => `${written(cells[0])}–${written(cells[1])}`,
    );
    journal.add(target, {
      id: `limits ${uidOf(seen)} ${to} ${Math.floor(now / 60_000)}`,
      at: now,
      since,
      kind: 'scale',
      title: `Autoscaler of ${target.name}: ${from} → ${to} replicas`,
      data: { from: from ?? '', to: to ?? '' },
    });
  }

  #targetOf({ shard, row }: SeenRow, own: WorkloadPlace): WorkloadPlace {
    const word = (column: string): string =>
      this.#parts.holdings.words.text(shard.slot(row, shard.layout.byName.get(column)?.at ?? 0));
    return { ...own, kind: word('targetKind') || own.kind, name: word('targetName') || own.name };
  }
}

/** A count as the shard holds it; what is not said is the least. */
function written(slot = 0): string {
  const count = slot | 0;
  return String(count < 0 ? 1 : count);
}
