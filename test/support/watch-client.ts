import type { Predicate } from '../../src/model/predicate.ts';
import type { View, WatchBatch } from '../../src/graph/view.ts';

/** Turns of the event loop in which a batch that is due arrives. */
const TURNS = 6;

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * A client of a watch: it lists once, then only follows what it is told, reading an entity anew where that is said to have
 * changed. When it is told too little, its copy differs from a fresh list.
 */
export class WatchClient {
  readonly #view: View;
  readonly #where: Predicate;
  readonly entities = new Map<string, string>();
  /** Every batch so far. */
  readonly batches: WatchBatch[] = [];
  /** Refs that it was told to delete without having them. */
  readonly strangeDeletes: string[] = [];
  lists = 0;
  ended: unknown;
  #revision = 0;
  #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();

  constructor(view: View, where: Predicate) {
    this.#view = view;
    this.#where = where;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Reads the list, and watches from it on. */
  start(): void {
    this.lists += 1;
    this.ended = undefined;
    this.entities.clear();
    const list = this.#view.list({ where: this.#where, limit: 10_000 });
    for (const id of list.ids) this.#read(this.#view.refOf(id), id);
    this.#revision = list.revision;
    this.#follow();
  }

  /** Stops reading. */
  async pause(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  /** Goes on from the revision it knows, or lists anew where it is told to. */
  async resume(): Promise<void> {
    this.ended = undefined;
    this.#follow(this.#revision);
    await settle();
    if (this.ended !== undefined) this.start();
  }

  /** What a fresh list would give. */
  expected(): Map<string, string> {
    const fresh = new WatchClient(this.#view, this.#where);
    const { ids } = this.#view.list({ where: this.#where, limit: 10_000 });
    for (const id of ids) fresh.#read(this.#view.refOf(id), id);
    return fresh.entities;
  }

  #follow(after?: number): void {
    this.#stop = new AbortController();
    const batches = this.#view.watch({ where: this.#where, after, signal: this.#stop.signal });
    this.#done = this.#take(batches);
  }

  async #take(batches: AsyncIterable<WatchBatch>): Promise<void> {
    try {
      for await (const batch of batches) this.#apply(batch);
    } catch (error) {
      this.ended = error;
    }
  }

  #apply(batch: WatchBatch): void {
    this.batches.push(batch);
    this.#revision = batch.revision;
    for (const { type, ref } of batch.changes) {
      if (type === 'delete') {
        if (!this.entities.delete(ref)) this.strangeDeletes.push(ref);
      } else {
        const id = this.#view.find(ref);
        if (id === undefined) this.entities.set(ref, 'told of, but not to be found');
        else this.#read(ref, id);
      }
    }
  }

  /** Everything of an entity that may change, as this reader sees it. */
  #read(ref: string, id: number): void {
    const { facts } = this.#view.subject(id);
    const edges = JSON.stringify(this.#view.relations(id));
    this.entities.set(ref, `${Buffer.from(this.#view.bytes(id)).toString()} ${edges} ${JSON.stringify(facts)}`);
  }
}
