import { addId, type IdSet, NO_IDS, removeId } from '../base/postings.ts';
import type { Scalar } from '../model/predicate.ts';
import { ColumnText } from './column-text.ts';
import type { ImageColumn } from './image-column.ts';
import { TermTable } from './term-table.ts';

/**
 * In which way an entity has something at a path. The first four carry a value, the others only a presence;
 * `holder` carries the source of the fact that stands at the path.
 */
export const flavour = {
  /** The scalar at the path. */
  scalar: 0,
  /** A scalar element of the list at the path. */
  element: 1,
  /** A scalar at the path below a list of objects, which only Backstage's dotted keys reach. */
  deep: 2,
  /** A scalar element of a list that stands below a list. */
  deepElement: 3,
  list: 4,
  map: 5,
  /** A string too long for the index stands at the path: it exists, its value is not known here. */
  long: 6,
  /** At least one leaf stands in a list at the path, or below a list. */
  leaves: 7,
  /** The fact at the path was observed in error. */
  failed: 8,
  /** Facts at or below the path overlap: only evaluation knows what they mean together. */
  opaque: 9,
  /** A list or a map stands below a list; it may have no leaves. */
  passage: 10,
  holder: 11,
} as const;

/** One of the flavours. */
export type Flavour = (typeof flavour)[keyof typeof flavour];

/** One (path, flavour, value) and the entities that have it. */
export interface Term {
  readonly column: Column;
  readonly value: Scalar;
  /** Type of the value; of a term that is not the scalar at its path, -1. */
  readonly type: ScalarType | -1;
  ids: IdSet;
  /** Uses that do not show in `ids`: staged changes. A term with neither is dropped. */
  pins: number;
  /** Scratch of `TermSet`. */
  mark: number;
}

/** The terms of one path in one flavour: its value dictionary. */
export class Column {
  readonly path: PathNode;
  readonly flavour: Flavour;
  readonly terms: TermTable;
  /** What an image says of it, as it was then. */
  readonly image: ImageColumn | undefined;
  /** Terms by lower-cased text where that differs from the value itself; made when a text is first looked for. */
  #variants: Map<string, Term[]> | undefined;
  #numbers: readonly Term[] | undefined;
  #text: ColumnText | undefined;

  constructor(path: PathNode, kind: Flavour, image?: ImageColumn) {
    this.path = path;
    this.flavour = kind;
    this.image = image;
    this.terms = new TermTable((value, ids) => this.#term(value, ids), image);
  }

  /** The term of a value, made where it is missing. */
  intern(value: Scalar): Term {
    let term = this.terms.get(value);
    if (term === undefined) {
      term = this.#term(value, NO_IDS);
      this.terms.add(term);
      this.#numbers = undefined;
      if (this.#variants !== undefined) enterVariant(this.#variants, term);
      this.#text?.add(term);
    }
    return term;
  }

  /** Forgets a term without uses. */
  drop(term: Term): void {
    this.terms.remove(term);
    this.#numbers = undefined;
    const text = lowerText(term.value);
    if (this.#variants === undefined || text === term.value || text === undefined) return;
    const same = this.#variants.get(text)?.filter((other) => other !== term) ?? [];
    if (same.length > 0) this.#variants.set(text, same);
    else this.#variants.delete(text);
  }

  /** Terms whose value, as lower-case text, is `text`. */
  withText(text: string): readonly Term[] {
    const exact = this.terms.get(text);
    const others = this.#variantsByText().get(text) ?? [];
    // A string with an upper-case letter is never equal to a lower-cased text, but callers may pass any text.
    if (exact === undefined || lowerText(exact.value) !== text) return others;
    return others.length === 0 ? [exact] : [exact, ...others];
  }

  /** Terms among which are all whose value, as lower-case text, contains `part`. */
  termsWith(part: string): readonly Term[] {
    if (this.#text === undefined || this.#text.isStale) this.#text = new ColumnText(this.terms.values());
    return this.#text.containing(part);
  }

  #term(value: Scalar, ids: IdSet): Term {
    const type = this.flavour === flavour.scalar ? scalarType(value) : -1;
    return { column: this, value, type, ids, pins: 0, mark: 0 };
  }

  #variantsByText(): ReadonlyMap<string, readonly Term[]> {
    if (this.#variants === undefined) {
      this.#variants = new Map();
      for (const term of this.terms.values()) enterVariant(this.#variants, term);
    }
    return this.#variants;
  }

  /** Terms with a number, ascending; sorted on first use after a change. */
  numbers(): readonly Term[] {
    this.#numbers ??= [...this.terms.values()]
      .filter((term) => typeof term.value === 'number')
      .sort((left, right) => Number(left.value) - Number(right.value));
    return this.#numbers;
  }
}

function enterVariant(variants: Map<string, Term[]>, term: Term): void {
  const text = lowerText(term.value);
  if (text === term.value || text === undefined) return;
  const same = variants.get(text);
  if (same) same.push(term);
  else variants.set(text, [term]);
}

/** The JSON types of scalars; small numbers, since they index an array on the hottest path of loading. */
export const typeOf = { string: 0, number: 1, boolean: 2, null: 3 } as const;
/** The JSON type of a scalar. */
export type ScalarType = (typeof typeOf)[keyof typeof typeOf];
/** All of them. */
export const scalarTypes: readonly ScalarType[] = Object.values(typeOf);

/** The type of a scalar. */
export function scalarType(value: Scalar): ScalarType {
  if (typeof value === 'string') return typeOf.string;
  if (typeof value === 'number') return typeOf.number;
  return value === null ? typeOf.null : typeOf.boolean;
}

/** A scalar as Backstage compares it: text in lower case; nothing for null. */
export function lowerText(value: Scalar): string | undefined {
  return value === null ? undefined : String(value).toLowerCase();
}

/** One field path and all that entities have there. */
export class PathNode {
  readonly parent: PathNode | undefined;
  readonly segment: string;
  readonly depth: number;
  /** Lower-cased dotted path where Backstage's keys may reach it. */
  readonly alias: string | undefined;
  readonly children = new Map<string, PathNode>();
  readonly #columns: (Column | undefined)[] = [];
  /** Entities with a scalar term here, by type of the scalar; not there until it is asked for or changed. */
  readonly #types: (IdSet | undefined)[] = [undefined, undefined, undefined, undefined];

  constructor(parent: PathNode | undefined, segment: string, alias: string | undefined) {
    this.parent = parent;
    this.segment = segment;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    this.alias = alias;
  }

  /** The column of a flavour, where any entity has it. */
  column(kind: Flavour): Column | undefined {
    return this.#columns[kind];
  }

  /** The column of a flavour, made where it is missing. */
  columnFor(kind: Flavour): Column {
    return (this.#columns[kind] ??= new Column(this, kind));
  }

  /** Puts a column of an image in the place of the one that is there, if any; both have the same terms. */
  load(kind: Flavour, image: ImageColumn): Column {
    const column = new Column(this, kind, image);
    this.#columns[kind] = column;
    if (kind === flavour.scalar) this.#types.fill(undefined);
    return column;
  }

  /** The columns that are there. */
  *columns(): IterableIterator<Column> {
    for (const column of this.#columns) if (column) yield column;
  }

  /** The entities whose scalar here has a type. */
  ofType(type: ScalarType): IdSet {
    return (this.#types[type] ??= this.#columns[flavour.scalar]?.image?.idsOfType(type) ?? NO_IDS);
  }

  /** Enters an entity among those with a type, or takes it out. */
  setType(type: ScalarType, id: number, has: boolean): void {
    const ids = this.ofType(type);
    this.#types[type] = has ? addId(ids, id) : removeId(ids, id);
  }

  /** The entities of a flavour without a value. */
  presence(kind: Flavour): IdSet {
    return this.#columns[kind]?.terms.get(null)?.ids ?? NO_IDS;
  }

  /** Forgets a column without terms. */
  dropColumn(column: Column): void {
    this.#columns[column.flavour] = undefined;
  }

  /** True when nothing stands here or below. */
  get isEmpty(): boolean {
    return this.children.size === 0 && this.#columns.every((column) => column === undefined);
  }
}

/** Enters an entity into a term. */
export function enterTerm(term: Term, id: number): void {
  term.ids = addId(term.ids, id);
  if (term.type !== -1) term.column.path.setType(term.type, id, true);
}

/** Takes an entity out of a term; the caller drops the term where that was its last use. */
export function leaveTerm(term: Term, id: number): void {
  term.ids = removeId(term.ids, id);
  if (term.type !== -1) term.column.path.setType(term.type, id, false);
}
