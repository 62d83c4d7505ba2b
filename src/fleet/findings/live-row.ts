import { list, text, tree, whole } from '../reduce/json-read.ts';
import type { HeldKind } from '../held-kind.ts';
import type { CellReader } from '../running/cell-reader.ts';
import type { Shard } from '../shard.ts';

/** A condition of an object as it is kept. */
export interface KeptCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  /** Seconds since 1970. */
  readonly since: number | undefined;
}

/** One object with its cells by name, for as long as nothing is taken in. */
export class LiveRow {
  readonly kind: HeldKind;
  readonly shard: Shard;
  readonly row: number;
  readonly #cells: CellReader;

  constructor(cells: CellReader, kind: HeldKind, shard: Shard, row: number) {
    this.#cells = cells;
    this.kind = kind;
    this.shard = shard;
    this.row = row;
  }

  get name(): string {
    return this.shard.name(this.row);
  }

  get namespace(): string | undefined {
    return this.word('namespace');
  }

  /** Id of the word of its namespace; 0 without one. */
  get namespaceWord(): number {
    return this.shard.namespace(this.row);
  }

  word(column: string): string | undefined {
    return this.#cells.word(this.shard, this.row, column);
  }

  wordId(column: string): number {
    return this.#cells.wordId(this.shard, this.row, column);
  }

  text(column: string): string | undefined {
    return this.#cells.text(this.shard, this.row, column);
  }

  count(column: string): number | undefined {
    return this.#cells.count(this.shard, this.row, column);
  }

  /** Seconds since 1970. */
  time(column: string): number | undefined {
    return this.#cells.time(this.shard, this.row, column);
  }

  /** Lines of a word or a text. */
  lines(column: string): readonly string[] {
    return (this.word(column) ?? this.text(column))?.split('\n') ?? [];
  }

  get conditions(): readonly KeptCondition[] {
    const json = this.text('conditions');
    if (json === undefined) return [];
    return list(JSON.parse(json)).map((item) => {
      const { type, status, reason, message, since } = tree(item);
      return {
        type: text(type) ?? '',
        status: text(status) ?? '',
        reason: text(reason),
        message: text(message),
        since: whole(since),
      };
    });
  }

  condition(type: string): KeptCondition | undefined {
    return this.conditions.find((condition) => condition.type === type);
  }
}
