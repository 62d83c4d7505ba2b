import { compareText } from '../base/text-order.ts';
import { type ColumnPlace, noText } from './columns.ts';
import { compareBytes } from './encoded-text.ts';
import { invalid } from './field-selector.ts';
import type { ShardPlace } from './shard-place.ts';
import { noWord, type Words } from './words.ts';

/** Value of the column that is sorted by. */
type SortValue = string | number | null;

/** Where a page ended: the value that is sorted by (null without one), cluster, kind, namespace and name. */
type Key = readonly [SortValue, string, string, string, string];

/** One row of a shard among those that are searched. */
export interface Hit {
  readonly place: ShardPlace;
  readonly row: number;
}

/**
 * The order that an answer is in: by a column, or else as objects are named: cluster, kind, namespace, name. What has no value
 * in the column comes last in both directions.
 */
export class RowOrder {
  readonly #words: Words;
  readonly #column: string | undefined;
  readonly #sign: 1 | -1;
  /** The column by index of the place. */
  readonly #columns: (ColumnPlace | undefined)[] = [];

  /** @param sort column, with `-` before it turned round; undefined: as they are named */
  constructor(sort: string | undefined, words: Words) {
    this.#words = words;
    this.#sign = sort?.startsWith('-') === true ? -1 : 1;
    this.#column = this.#sign === -1 ? sort?.slice(1) : sort;
  }

  /** Column that is sorted by. */
  get column(): string | undefined {
    return this.#column;
  }

  /** Negative, zero or positive. Places stand in the order of their clusters and kinds. */
  compare(place: ShardPlace, row: number, other: ShardPlace, otherRow: number): number {
    if (this.#column !== undefined) {
      const order = this.#compareValues(place, row, other, otherRow);
      if (order !== 0) return order;
    }
    if (place !== other) return place.index - other.index;
    const { shard } = place;
    const order = this.#words.compare(shard.namespace(row), shard.namespace(otherRow));
    return order === 0 ? shard.compareTexts(row, shard.layout.name, shard, otherRow, shard.layout.name) : order;
  }

  /** Moves those of the first `count` rows of a place to the front that need not come after a hit, by numbers alone. @returns how many */
  keepBefore(place: ShardPlace, rows: Uint32Array, count: number, last: Hit): number {
    const [column, lastColumn] = [this.#placeOf(place), this.#placeOf(last.place)];
    if (!isNumber(column) || !isNumber(lastColumn)) return count;
    const bound = last.place.shard.number(last.row, lastColumn);
    // Without a value it is among the last: anything may come before it.
    if (Number.isNaN(bound)) return count;
    let kept = 0;
    for (let at = 0; at < count; at += 1) {
      const row = rows[at] ?? 0;
      if (this.#sign * (place.shard.number(row, column) - bound) <= 0) rows[kept++] = row;
    }
    return kept;
  }

  /** Text that finds this place in the order again, whatever comes or goes meanwhile. */
  cursor({ place, row }: Hit): string {
    const { shard } = place;
    const value = this.#column === undefined ? null : this.#value(place, row);
    const namespace = this.#words.text(shard.namespace(row));
    const key: Key = [value, place.cluster.name, place.kind.kind.id, namespace, shard.name(row)];
    return Buffer.from(JSON.stringify([this.#name, ...key])).toString('base64url');
  }

  /**
   * A test of rows: whether they stand behind a cursor.
   *
   * @throws LIVE_QUERY_INVALID where it is none of this order
   */
  after(cursor: string): (place: ShardPlace, row: number) => boolean {
    const [value, cluster, kind, namespace, name] = this.#parse(cursor);
    const wanted = typeof value === 'string' ? Buffer.from(value) : value;
    const bytes = { namespace: Buffer.from(namespace), name: Buffer.from(name) };
    return (place, row) => {
      const order =
        (this.#column === undefined ? 0 : this.#compareValue(place, row, wanted)) ||
        compareText(place.cluster.name, cluster) ||
        compareText(place.kind.kind.id, kind) ||
        Buffer.compare(this.#wordBytes(place.shard.namespace(row)), bytes.namespace) ||
        compareTextWith(place, row, place.shard.layout.name, bytes.name);
      return order > 0;
    };
  }

  get #name(): string {
    return `${this.#sign === -1 ? '-' : ''}${this.#column ?? ''}`;
  }

  #parse(cursor: string): Key {
    let parsed: unknown;
    try {
      parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    } catch {
      throw invalid('the cursor is none of this list');
    }
    const isKey = Array.isArray(parsed) && parsed.length === 6 && parsed[0] === this.#name;
    const [, value, ...rest] = isKey ? (parsed as unknown[]) : [];
    const isValue = value === null || typeof value === 'string' || typeof value === 'number';
    if (!isValue || rest.length !== 4 || !rest.every((part) => typeof part === 'string')) {
      throw invalid('the cursor is none of this list');
    }
    return [value, ...(rest as [string, string, string, string])];
  }

  #placeOf({ index, shard }: ShardPlace): ColumnPlace | undefined {
    if (this.#column === undefined) return undefined;
    return (this.#columns[index] ??= shard.layout.byName.get(this.#column));
  }

  #wordBytes(word: number): Buffer {
    return word === noWord ? Buffer.alloc(0) : this.#words.bytesOf(word);
  }

  #isAbsent(place: ShardPlace, row: number, column: ColumnPlace | undefined): boolean {
    if (column === undefined) return true;
    if (column.holding === 'word' || column.holding === 'pairs') return place.shard.slot(row, column.at) === noWord;
    if (column.holding === 'text') return place.shard.slot(row, column.at) === noText;
    return Number.isNaN(place.shard.number(row, column));
  }

  #value(place: ShardPlace, row: number): SortValue {
    const column = this.#placeOf(place);
    if (column === undefined || this.#isAbsent(place, row, column)) return null;
    if (column.holding === 'text') return place.shard.text(row, column.at);
    if (column.holding === 'word') return this.#words.text(place.shard.slot(row, column.at));
    return place.shard.number(row, column);
  }

  #compareValues(place: ShardPlace, row: number, other: ShardPlace, otherRow: number): number {
    const column = this.#placeOf(place);
    const otherColumn = this.#placeOf(other);
    if (isNumber(column) && isNumber(otherColumn)) {
      return this.#compareNumbers(place.shard.number(row, column), other.shard.number(otherRow, otherColumn));
    }
    const isAbsent = this.#isAbsent(place, row, column);
    const isOtherAbsent = this.#isAbsent(other, otherRow, otherColumn);
    if (column === undefined || otherColumn === undefined || isAbsent || isOtherAbsent) {
      return Number(isAbsent) - Number(isOtherAbsent);
    }
    if (column.holding === 'word' && otherColumn.holding === 'word') {
      const [left, right] = [place.shard.slot(row, column.at), other.shard.slot(otherRow, otherColumn.at)];
      return this.#sign * this.#words.compare(left, right);
    }
    if (column.holding === 'text' && otherColumn.holding === 'text') {
      return this.#sign * place.shard.compareTexts(row, column.at, other.shard, otherRow, otherColumn.at);
    }
    // A column of one name may hold numbers in one kind and words in another: numbers come first.
    return Number(isNumber(otherColumn)) - Number(isNumber(column));
  }

  #compareNumbers(left: number, right: number): number {
    const [isAbsent, isOtherAbsent] = [Number.isNaN(left), Number.isNaN(right)];
    return isAbsent || isOtherAbsent ? Number(isAbsent) - Number(isOtherAbsent) : this.#sign * (left - right);
  }

  #compareValue(place: ShardPlace, row: number, wanted: Buffer | number | null): number {
    const column = this.#placeOf(place);
    const isAbsent = this.#isAbsent(place, row, column);
    if (column === undefined || isAbsent || wanted === null) return Number(isAbsent) - Number(wanted === null);
    if (isNumber(column) !== (typeof wanted === 'number')) return isNumber(column) ? -1 : 1;
    if (typeof wanted === 'number') return this.#sign * (place.shard.number(row, column) - wanted);
    if (column.holding === 'text') return this.#sign * compareTextWith(place, row, column.at, wanted);
    return this.#sign * Buffer.compare(this.#wordBytes(place.shard.slot(row, column.at)), wanted);
  }
}

function isNumber(column: ColumnPlace | undefined): column is ColumnPlace {
  return column?.holding === 'count' || column?.holding === 'time' || column?.holding === 'amount';
}

function compareTextWith({ shard }: ShardPlace, row: number, slot: number, wanted: Buffer): number {
  const start = shard.slot(row, slot);
  return compareBytes(shard.bytesAt(slot), start, shard.slot(row, slot + 1), wanted, 0, wanted.length);
}
