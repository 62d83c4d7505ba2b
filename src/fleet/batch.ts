/**
 * What a reader thread tells the fleet's thread of one kind of one cluster: rows of cells, packed so that they cross cheaply.
 * Each row is the operation followed by one number a column: for `word` and `text` the index in `texts`, for others the
 * value itself; NaN where the object does not say it.
 */
export interface Batch {
  readonly type: 'batch';
  readonly cluster: string;
  /** Connection that it is of: what an earlier connection of a cluster with this name still sends is dropped. */
  readonly generation: number;
  /** `LiveKind.id` */
  readonly kind: string;
  /**
   * - `page`: rows of a list under way (the first page of a new list begins with `isFirst`)
   * - `listed`: the list is whole and takes the place of what was held
   * - `changes`: rows in order
   */
  readonly step: 'page' | 'listed' | 'changes';
  readonly isFirst: boolean;
  /** What the cells stand at after this batch; absent for `page`. */
  readonly resourceVersion?: string | undefined;
  readonly texts: readonly string[];
  /** `rows * (1 + columns)` numbers; its buffer is handed over. */
  readonly cells: Float64Array<ArrayBuffer>;
  readonly rows: number;
  /** When the newest of it was received, ms since 1970. */
  readonly receivedAt: number;
}

/** First number of a row. A deleted row has its namespace, name and uid only. */
export const operation = { put: 0, delete: 1 } as const;
