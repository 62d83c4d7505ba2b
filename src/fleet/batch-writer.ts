import type { Clock } from '../base/clock.ts';
import type { KubeObject, WatchedChange } from '../kube/reflection.ts';
import type { LiveRecord } from '../live/column.ts';
import { commonAt } from '../live/column.ts';
import { columnsOf } from '../live/kind-table.ts';
import type { LiveKind } from '../live/live-kind.ts';
import { type Batch, operation } from './batch.ts';
import type { Gathering } from './gathering.ts';

/** Rows after which a batch is sent. */
const MOST_ROWS = 500;

/** What a writer needs. */
export interface BatchWriterOptions {
  readonly cluster: string;
  readonly generation: number;
  readonly kind: LiveKind;
  readonly clock: Pick<Clock, 'now'>;
  /** When changes are sent that waited for others. */
  readonly gathering: Gathering;
  /** Reduces an object; what it throws drops this object alone. */
  readonly reduce: (kind: LiveKind, object: KubeObject) => LiveRecord;
  /** Is told of an object that could not be reduced. */
  readonly onUnreadable: (error: unknown) => void;
  /** Hands a batch on; resolves when the next may come. */
  readonly send: (batch: Batch) => Promise<void>;
}

/**
 * Packs what is read of one kind of one cluster into batches. Pages are sent as they come; changes are gathered for a
 * moment, so that a busy watch costs few messages. Everything is sent in the order in which it came.
 */
export class BatchWriter {
  readonly #options: BatchWriterOptions;
  /** For each column: whether its cells are texts. */
  readonly #isText: readonly boolean[];
  #rows: (readonly [number, LiveRecord])[] = [];
  #resourceVersion: string | undefined;
  #receivedAt = 0;
  #isWaiting = false;
  readonly #onGathered = (): void => {
    this.#isWaiting = false;
    this.#flush();
  };
  #isFirst = false;
  /** Resolves when what was sent last left room for more. */
  #sent = Promise.resolve();

  constructor(options: BatchWriterOptions) {
    this.#options = options;
    this.#isText = columnsOf(options.kind).map(({ type }) => type === 'word' || type === 'text');
  }

  /** A whole list begins. */
  listing(): void {
    this.#flush();
    this.#isFirst = true;
  }

  /** A part of the list. */
  async page(objects: readonly KubeObject[]): Promise<void> {
    await this.#sent;
    for (let from = 0; from < objects.length; from += MOST_ROWS) {
      for (const object of objects.slice(from, from + MOST_ROWS)) this.#add(operation.put, object);
      await this.#send('page');
    }
  }

  /** The list is whole. */
  async listed(resourceVersion: string): Promise<void> {
    this.#resourceVersion = resourceVersion;
    await this.#send('listed');
  }

  /** Changes in order, which bring it to a resourceVersion; without changes: a bookmark. */
  async changed(changes: readonly WatchedChange[], resourceVersion: string): Promise<void> {
    await this.#sent;
    for (const { type, object } of changes) {
      this.#add(type === 'DELETED' ? operation.delete : operation.put, object);
      if (this.#rows.length >= MOST_ROWS) await this.#send('changes');
    }
    this.#resourceVersion = resourceVersion;
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#options.gathering.soon(this.#onGathered);
  }

  /** Nothing more is sent. */
  close(): void {
    this.#rows = [];
    this.#resourceVersion = undefined;
  }

  #flush(): void {
    if (this.#resourceVersion !== undefined) void this.#send('changes');
  }

  #add(code: number, object: KubeObject): void {
    if (this.#rows.length === 0) this.#receivedAt = this.#options.clock.now();
    try {
      this.#rows.push([
        code,
        code === operation.put ? this.#options.reduce(this.#options.kind, object) : goneOf(object),
      ]);
    } catch (error) {
      this.#options.onUnreadable(error);
    }
  }

  #send(step: Batch['step']): Promise<void> {
    const { cluster, generation, kind, clock, send } = this.#options;
    const rows = this.#rows;
    const resourceVersion = step === 'page' ? undefined : this.#resourceVersion;
    const receivedAt = rows.length === 0 ? clock.now() : this.#receivedAt;
    const isFirst = this.#isFirst;
    this.#rows = [];
    this.#resourceVersion = undefined;
    this.#isFirst = false;
    const { texts, cells } = pack(rows, this.#isText);
    this.#sent = send({
      type: 'batch',
      cluster,
      generation,
      kind: kind.id,
      step,
      isFirst,
      resourceVersion,
      texts,
      cells,
      rows: rows.length,
      receivedAt,
    });
    return this.#sent;
  }
}

/** How many bytes a batch counts for: its numbers, and its texts with what each costs beside its letters. */
export function bytesOf(batch: Batch): number {
  let bytes = batch.cells.byteLength;
  for (const text of batch.texts) bytes += text.length + 16;
  return bytes;
}

/** A deleted object by what finds it. */
function goneOf({ metadata }: KubeObject): LiveRecord {
  const record: (string | undefined)[] = [];
  record[commonAt.namespace] = metadata.namespace;
  record[commonAt.name] = metadata.name;
  record[commonAt.uid] = metadata.uid;
  return record;
}

/** Rows as numbers, and each text once. */
function pack(
  rows: readonly (readonly [number, LiveRecord])[],
  isText: readonly boolean[],
): { readonly texts: readonly string[]; readonly cells: Float64Array<ArrayBuffer> } {
  const texts: string[] = [];
  const places = new Map<string, number>();
  const width = 1 + isText.length;
  const cells = new Float64Array(rows.length * width);
  for (const [at, [code, record]] of rows.entries()) {
    const begin = at * width;
    cells[begin] = code;
    for (let column = 0; column < isText.length; column += 1) {
      const cell = record[column];
      const value = isText[column] === (typeof cell === 'string') ? cell : undefined;
      cells[begin + 1 + column] = typeof value === 'string' ? placeOf(value) : (value ?? Number.NaN);
    }
  }
  return { texts, cells };

  function placeOf(text: string): number {
    let place = places.get(text);
    if (place === undefined) {
      place = texts.push(text) - 1;
      places.set(text, place);
    }
    return place;
  }
}
