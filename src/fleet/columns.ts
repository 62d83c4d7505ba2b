import { type Column, type ColumnType, commonAt } from '../live/column.ts';
import { columnsOf } from '../live/kind-table.ts';
import type { LiveKind } from '../live/live-kind.ts';

/** What stands in a cell that has no value. Words and sets of pairs have their own. */
export const noText = 0xffffffff;
export const noTime = 0xffffffff;
/** -2^31 as an unsigned number. */
export const noCount = 0x80000000;

/** How a column is held: pairs are words of which each line is a word. */
export type Holding = ColumnType | 'pairs';

/** Where the cells of a column stand in a shard. */
export interface ColumnPlace {
  readonly name: string;
  readonly column: Column;
  readonly holding: Holding;
  /** The slot; of a text where it begins, and in the next slot its length; of an amount its place among the amounts. */
  readonly at: number;
}

/** Where the cells of the records of a kind stand: slots of four bytes, and amounts of eight. */
export interface Layout {
  readonly kind: LiveKind;
  /** In the order of the columns of the kind, the common ones first. */
  readonly places: readonly ColumnPlace[];
  readonly byName: ReadonlyMap<string, ColumnPlace>;
  readonly slots: number;
  readonly amounts: number;
  /** Slots of the columns that make a key. */
  readonly namespace: number;
  readonly name: number;
  /** Slots of the columns that say whose an object is. */
  readonly belonging: ReadonlySet<number>;
  /** Slots of the name and the columns of many texts that searches look through. */
  readonly signed: ReadonlySet<number>;
}

/** Columns that say whose an object is: by them it is matched to entities and to what owns it. */
const belonging: readonly string[] = ['ownerKind', 'ownerName', 'labels', 'annotations'];

/** Columns of many words that searches look through: runs of their letters are signed beside those of names. */
export const signedColumns = ['images', 'labels'] as const;

/** The layout of a kind. The first slot of every row is the hash of its key. */
export function layoutOf(kind: LiveKind): Layout {
  let slots = 1;
  let amounts = 0;
  const places = columnsOf(kind).map((column): ColumnPlace => {
    const holding = holdingOf(column);
    const at = holding === 'amount' ? amounts : slots;
    if (holding === 'amount') amounts += 1;
    else slots += holding === 'text' ? 2 : 1;
    return { name: column.name, column, holding, at };
  });
  return {
    kind,
    places,
    byName: new Map(places.map((place) => [place.name, place])),
    slots,
    amounts,
    namespace: places[commonAt.namespace]?.at ?? 0,
    name: places[commonAt.name]?.at ?? 0,
    belonging: slotsOf(places, belonging),
    signed: slotsOf(places, ['name', ...signedColumns]),
  };
}

function slotsOf(places: readonly ColumnPlace[], columns: readonly string[]): ReadonlySet<number> {
  return new Set(places.filter(({ name }) => columns.includes(name)).map(({ at }) => at));
}

function holdingOf({ type, form }: Column): Holding {
  return type === 'word' && form === 'pairs' ? 'pairs' : type;
}
