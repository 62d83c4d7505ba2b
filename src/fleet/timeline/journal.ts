import type { JsonObject } from '../../model/json.ts';
import type { TimelineEntry, TimelineWrite } from '../../store/timeline.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { noWord } from '../words.ts';
import type { SeenRow } from './row-witness.ts';

/** Who tells of what happened in clusters. */
export const SOURCE = 'kubernetes';
/** Entries that wait to be taken, at most. */
const MOST_WAITING = 20_000;

/** A workload by its name. */
export interface WorkloadPlace {
  readonly cluster: string;
  /** `LiveKind.id` */
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** What is said of an entry beside where it happened. */
export interface EntryParts extends Pick<TimelineEntry, 'id' | 'at' | 'kind' | 'title'> {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly actor?: string | undefined;
  readonly data?: JsonObject | undefined;
}

interface Draft {
  readonly write: TimelineWrite;
  /** The workload whose entity is named; absent: it is known, or there is none. */
  readonly of?: WorkloadPlace | undefined;
}

/** What happened and was not handed over yet. To which entity it belongs is looked up when it is. */
export class Journal {
  readonly #holdings: MatchedHoldings;
  #drafts: Draft[] = [];
  /** Entries that were dropped since nobody took them. */
  dropped = 0;

  constructor(holdings: MatchedHoldings) {
    this.#holdings = holdings;
  }

  /** An entry of a workload. */
  add(place: WorkloadPlace, parts: EntryParts): void {
    this.#put({ write: { op: 'add', entry: entryAt(place, parts) }, of: place });
  }

  /** An entry of a workload that goes: its entity is looked up at once. */
  addNow(place: WorkloadPlace, parts: EntryParts): void {
    this.#put({ write: { op: 'add', entry: { ...entryAt(place, parts), entityRef: this.#entityOf(place) } } });
  }

  /** How a workload is from now on; see `TimelineWrite`. */
  state(place: WorkloadPlace, parts: EntryParts, isQuiet: boolean): void {
    this.#put({ write: { op: 'state', entry: entryAt(place, parts), isQuiet }, of: place });
  }

  end(id: string, until: number, data: JsonObject): void {
    this.#put({ write: { op: 'end', id, until, data } });
  }

  /** An entry that is no workload's own. @param of whose entity it is */
  put(write: TimelineWrite, of?: WorkloadPlace): void {
    this.#put({ write, of });
  }

  /** All that waits, with the entities that it belongs to now. */
  take(): readonly TimelineWrite[] {
    const drafts = this.#drafts;
    this.#drafts = [];
    return drafts.map(({ write, of }) => {
      if (of === undefined || write.op === 'end') return write;
      return { ...write, entry: { ...write.entry, entityRef: this.#entityOf(of) } };
    });
  }

  /** The surest entity of a workload that is held. */
  #entityOf({ cluster, kind, namespace, name }: WorkloadPlace): string | undefined {
    const held = this.#holdings.clusters.get(cluster)?.kinds.get(kind);
    const word = namespace === undefined ? noWord : this.#holdings.words.find(namespace);
    const row = held?.shard === undefined || word < 0 ? -1 : held.shard.find(word, name);
    return held === undefined || row < 0 ? undefined : this.#holdings.matches.matchesOf(held, row)[0]?.claim.ref;
  }

  #put(draft: Draft): void {
    if (this.#drafts.length >= MOST_WAITING) this.dropped += 1;
    else this.#drafts.push(draft);
  }
}

/** Where a row of a workload stands. @param words of the holdings */
export function placeOfRow({ cluster, kind, shard, row }: SeenRow, words: MatchedHoldings['words']): WorkloadPlace {
  const namespace = words.text(shard.namespace(row));
  return { cluster: cluster.name, kind: kind.kind.id, namespace: namespace || undefined, name: shard.name(row) };
}

/** One text for a workload. */
export function keyOfPlace({ cluster, kind, namespace = '', name }: WorkloadPlace): string {
  return `${cluster}/${kind}/${namespace}/${name}`;
}

function entryAt({ cluster, namespace, kind, name }: WorkloadPlace, { data, ...parts }: EntryParts): TimelineEntry {
  return { ...parts, source: SOURCE, cluster, namespace, data: { workload: { kind, name }, ...data } };
}
