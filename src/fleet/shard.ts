import type { StagedRow } from './batch-rows.ts';
import { type ColumnPlace, type Layout, noCount, noText, noTime } from './columns.ts';
import { ChangedRows } from './changed-rows.ts';
import { compareBytes, EncodedText, mixed, sameBytes } from './encoded-text.ts';
import { HashSlots } from './hash-slots.ts';
import { TextArena } from './text-arena.ts';

/** What became of a row; `replaced`: there was another object of this name. */
export type PutOutcome = 'added' | 'changed' | 'replaced' | 'same';

/** Rows without gaps: the cells of each slot of all of them one after the other. */
export interface PackedRows {
  readonly rows: number;
  readonly slots: Uint32Array<ArrayBuffer>;
  readonly amounts: Float64Array<ArrayBuffer>;
  readonly names: Uint8Array;
  /** All other texts. */
  readonly texts: Uint8Array;
}

// Nothing waits between writing and reading these, so all shards share them.
const wantedName = new EncodedText();
const wantedText = new EncodedText();

/**
 * The records of one kind of one cluster. All slots of all rows are one array, column after column: the cell of a row
 * stands at `slot * capacity + row`, so that a scan reads neighbours. Rows of what is gone are used again.
 */
export class Shard {
  readonly layout: Layout;
  /** Names stand apart from other texts, so that a search can look through all of them at once. */
  readonly names = new TextArena();
  readonly texts = new TextArena();
  /** Rows that fit before the arrays grow. */
  capacity = 0;
  slots = new Uint32Array(0);
  amounts = new Float64Array(0);
  /** Rows are below this; those that `isHeld` denies are free. */
  end = 0;
  /** Another number when a record came or went, or says that it belongs elsewhere. */
  shape = 0;
  /** Records that came, went or changed. */
  readonly changed = new ChangedRows();
  /** Records that came, or of which a text changed that is signed (`Layout.signed`). */
  readonly changedTexts = new ChangedRows();
  #free: number[] = [];
  readonly #keys = new HashSlots((row) => this.slots[row] ?? 0);
  #wantedNamespace = 0;
  readonly #isWanted = (row: number): boolean => {
    if (this.slots[this.layout.namespace * this.capacity + row] !== this.#wantedNamespace) return false;
    const at = this.layout.name * this.capacity + row;
    const { bytes, length } = wantedName;
    if (this.slots[at + this.capacity] !== length) return false;
    return sameBytes(this.names.bytes, this.slots[at] ?? 0, bytes, 0, length);
  };

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** Number of records. */
  get size(): number {
    return this.end - this.#free.length;
  }

  /** Bytes of memory that it takes. */
  get byteLength(): number {
    const texts = this.names.byteLength + this.texts.byteLength;
    return this.slots.byteLength + this.amounts.byteLength + texts + this.#keys.byteLength;
  }

  /** Whether there is a record in a row. */
  isHeld(row: number): boolean {
    return this.slots[this.layout.name * this.capacity + row] !== noText;
  }

  /** What stands in a slot of a row. */
  slot(row: number, slot: number): number {
    return this.slots[slot * this.capacity + row] ?? 0;
  }

  amount(row: number, at: number): number {
    return this.amounts[at * this.capacity + row] ?? Number.NaN;
  }

  /** What stands in a column of numbers; NaN: nothing. */
  number(row: number, { holding, at }: ColumnPlace): number {
    const place = at * this.capacity + row;
    if (holding === 'amount') return this.amounts[place] ?? Number.NaN;
    const slot = this.slots[place] ?? 0;
    if (holding === 'count') return slot === noCount ? Number.NaN : slot | 0;
    return slot === noTime ? Number.NaN : slot;
  }

  /** What stands in a slot of all rows, up to `end`. */
  column(slot: number): Uint32Array {
    const from = slot * this.capacity;
    return this.slots.subarray(from, from + this.end);
  }

  /** Writes the rows that are held to the beginning of an array with room for `end`. @returns how many */
  heldRows(rows: Uint32Array): number {
    const starts = this.column(this.layout.name);
    let count = 0;
    for (let row = 0; row < starts.length; row += 1) if (starts[row] !== noText) rows[count++] = row;
    return count;
  }

  /** Moves those of the first `count` rows that are held to the front. @returns how many */
  keepHeld(rows: Uint32Array, count: number): number {
    const starts = this.column(this.layout.name);
    let kept = 0;
    for (let at = 0; at < count; at += 1) {
      const row = rows[at] ?? 0;
      if (starts[row] !== noText) rows[kept++] = row;
    }
    return kept;
  }

  /** The memory in which the texts of a slot stand. */
  bytesAt(slot: number): Buffer {
    return this.#arenaAt(slot).bytes;
  }

  /** The text at a slot of a row. */
  text(row: number, slot: number): string {
    const start = this.slot(row, slot);
    return start === noText ? '' : this.bytesAt(slot).toString('utf8', start, start + this.slot(row, slot + 1));
  }

  name(row: number): string {
    return this.text(row, this.layout.name);
  }

  /** The word of a row's namespace; 0: it stands in none. */
  namespace(row: number): number {
    return this.slot(row, this.layout.namespace);
  }

  /** Order of two texts, of this shard and of another, at one slot each, by code point; what is absent comes last. */
  compareTexts(row: number, slot: number, other: Shard, otherRow: number, otherSlot: number): number {
    const start = this.slot(row, slot);
    const otherStart = other.slot(otherRow, otherSlot);
    if (start === noText || otherStart === noText) return Number(start === noText) - Number(otherStart === noText);
    const length = this.slot(row, slot + 1);
    const otherLength = other.slot(otherRow, otherSlot + 1);
    return compareBytes(this.bytesAt(slot), start, length, other.bytesAt(otherSlot), otherStart, otherLength);
  }

  /** The row of a key, or -1. @param namespace its word */
  find(namespace: number, name: string): number {
    wantedName.set(name);
    return this.#findNamed(namespace);
  }

  /** The row of a staged record's key, or -1. */
  findStaged({ slots, texts }: StagedRow): number {
    return this.find(slots[this.layout.namespace] ?? 0, texts[slots[this.layout.name] ?? 0] ?? '');
  }

  /** Whether the text at a slot of a row is this one. */
  isText(row: number, slot: number, wanted: Uint8Array): boolean {
    const start = this.slot(row, slot);
    if (start === noText || this.slot(row, slot + 1) !== wanted.length) return false;
    return sameBytes(this.bytesAt(slot), start, wanted, 0, wanted.length);
  }

  /** Takes a record in. @param staged in the layout of this shard @param look sees the row of one that is known before it is written */
  put(staged: StagedRow, look?: (row: number) => void): { readonly row: number; readonly outcome: PutOutcome } {
    const { namespace, name } = this.layout;
    wantedName.set(staged.texts[staged.slots[name] ?? 0] ?? '');
    const word = staged.slots[namespace] ?? 0;
    const known = this.#findNamed(word);
    if (known < 0) {
      const row = this.#take();
      this.shape += 1;
      this.changed.note(row);
      this.#write(row, staged);
      this.slots[row] = this.#hash(word);
      this.#keys.add(row, this.slots[row] ?? 0);
      return { row, outcome: 'added' };
    }
    look?.(known);
    const uid = this.layout.byName.get('uid');
    const isOther = uid !== undefined && !this.#hasText(known, uid.at, staged);
    const isChanged = this.#write(known, staged);
    if (isChanged) this.changed.note(known);
    if (isOther) return { row: known, outcome: 'replaced' };
    return { row: known, outcome: isChanged ? 'changed' : 'same' };
  }

  /** Takes all rows of a packed shard in; this one must be empty. The arrays are its own from then on, the texts are copied. */
  load({ rows, slots, amounts, names, texts }: PackedRows): void {
    this.capacity = rows;
    this.end = rows;
    this.shape += 1;
    this.slots = slots;
    this.amounts = amounts;
    this.names.add(names, 0, names.length);
    this.texts.add(texts, 0, texts.length);
    const { name } = this.layout;
    for (let row = 0; row < rows; row += 1) {
      const start = this.slot(row, name);
      wantedName.setBytes(names, start, start + this.slot(row, name + 1));
      const hash = this.#hash(this.namespace(row));
      slots[row] = hash;
      this.#keys.add(row, hash);
    }
  }

  /** Takes a record out. */
  remove(row: number): void {
    this.shape += 1;
    this.changed.note(row);
    this.#keys.remove(row);
    for (const { holding, at } of this.layout.places) {
      const place = at * this.capacity + row;
      // A word that only this row held is forgotten soon: whoever looks through a column must not come upon it.
      if (holding === 'word' || holding === 'pairs') this.slots[place] = 0;
      if (holding !== 'text') continue;
      if (this.slots[place] !== noText) this.#arenaAt(at).drop(this.slots[place + this.capacity] ?? 0);
      this.slots[place] = noText;
    }
    this.#free.push(row);
    this.#tidy();
  }

  /** The row of this shard with the key of a row of another one, of the same kind and words; or -1. */
  counterpart(other: Shard, row: number): number {
    const { name } = this.layout;
    const start = other.slot(row, name);
    wantedName.setBytes(other.names.bytes, start, start + other.slot(row, name + 1));
    return this.#findNamed(other.namespace(row));
  }

  /** Whether all cells of a row are those of a row of another shard, of the same kind and words. */
  equals(row: number, other: Shard, otherRow: number): boolean {
    return this.layout.places.every(({ holding, at }) => {
      if (holding === 'text') return this.compareTexts(row, at, other, otherRow, at) === 0;
      if (holding === 'amount') return Object.is(this.amount(row, at), other.amount(otherRow, at));
      return this.slot(row, at) === other.slot(otherRow, at);
    });
  }

  #findNamed(namespace: number): number {
    this.#wantedNamespace = namespace;
    return this.#keys.find(this.#hash(namespace), this.#isWanted);
  }

  #hash(namespace: number): number {
    return mixed(wantedName.hash ^ Math.imul(namespace, 0x9e3779b1));
  }

  #take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.end === this.capacity) this.#grow(Math.max(8, this.capacity + (this.capacity >>> 1)));
    const row = this.end;
    this.end += 1;
    for (const { holding, at } of this.layout.places) {
      if (holding === 'text') this.slots[at * this.capacity + row] = noText;
    }
    return row;
  }

  #grow(capacity: number): void {
    const slots = new Uint32Array(this.layout.slots * capacity);
    for (let slot = 0; slot < this.layout.slots; slot += 1) {
      slots.set(this.slots.subarray(slot * this.capacity, slot * this.capacity + this.end), slot * capacity);
    }
    const amounts = new Float64Array(this.layout.amounts * capacity);
    for (let at = 0; at < this.layout.amounts; at += 1) {
      amounts.set(this.amounts.subarray(at * this.capacity, at * this.capacity + this.end), at * capacity);
    }
    this.slots = slots;
    this.amounts = amounts;
    this.capacity = capacity;
  }

  /** @returns whether a cell changed */
  #write(row: number, staged: StagedRow): boolean {
    let [isChanged, isSigned] = [false, false];
    for (const { holding, at } of this.layout.places) {
      if (holding === 'text') {
        if (this.#hasText(row, at, staged)) continue;
        this.#writeText(row, at, staged);
        isChanged = true;
        isSigned ||= this.layout.signed.has(at);
        continue;
      }
      const cells = holding === 'amount' ? this.amounts : this.slots;
      const value = (holding === 'amount' ? staged.amounts[at] : staged.slots[at]) ?? 0;
      const place = at * this.capacity + row;
      if (Object.is(cells[place], value)) continue;
      cells[place] = value;
      isChanged = true;
      if (holding === 'amount') continue;
      if (this.layout.belonging.has(at)) this.shape += 1;
      isSigned ||= this.layout.signed.has(at);
    }
    if (isSigned) this.changedTexts.note(row);
    this.#tidy();
    return isChanged;
  }

  #hasText(row: number, slot: number, staged: StagedRow): boolean {
    const start = this.slot(row, slot);
    const index = staged.slots[slot] ?? noText;
    if (index === noText || start === noText) return index === start;
    const { bytes, length } = wantedText.set(staged.texts[index] ?? '');
    return this.slot(row, slot + 1) === length && sameBytes(this.bytesAt(slot), start, bytes, 0, length);
  }

  #writeText(row: number, slot: number, staged: StagedRow): void {
    const place = slot * this.capacity + row;
    if (this.slots[place] !== noText) this.#arenaAt(slot).drop(this.slots[place + this.capacity] ?? 0);
    const index = staged.slots[slot] ?? noText;
    if (index === noText) {
      this.slots[place] = noText;
      return;
    }
    const { bytes, length } = wantedText.set(staged.texts[index] ?? '');
    this.slots[place] = this.#arenaAt(slot).add(bytes, 0, length);
    this.slots[place + this.capacity] = length;
  }

  #arenaAt(slot: number): TextArena {
    return slot === this.layout.name ? this.names : this.texts;
  }

  /** Moves texts together where most of their memory is garbage. */
  #tidy(): void {
    if (this.names.isWasteful) this.#compact(this.names);
    if (this.texts.isWasteful) this.#compact(this.texts);
  }

  #compact(arena: TextArena): void {
    const old = arena.bytes;
    arena.clear();
    for (const { holding, at } of this.layout.places) {
      if (holding !== 'text' || this.#arenaAt(at) !== arena) continue;
      const base = at * this.capacity;
      for (let place = base; place < base + this.end; place += 1) {
        const start = this.slots[place] ?? noText;
        if (start !== noText) this.slots[place] = arena.add(old, start, this.slots[place + this.capacity] ?? 0);
      }
    }
  }
}
