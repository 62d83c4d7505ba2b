import { NO_IDS } from '../base/postings.ts';
import type { FieldPath, Scalar } from '../model/predicate.ts';
import type { LoadedColumn } from './image.ts';
import { type Column, enterTerm, type Flavour, leaveTerm, PathNode, type Term } from './term.ts';

/** Backstage drops index rows whose key is longer; so do its dotted keys here. */
export const LONGEST_KEY = 200;

/** Paths that Backstage's dotted keys do not reach, nor what is below them. */
export const unsearchable = new Set(['attachments', 'status', 'metadata.etag']);

/**
 * All field paths and values of the catalog, each interned once: a trie of paths, each with the dictionaries of its
 * values, and the lower-cased dotted names by which Backstage's keys find paths. Values without uses are forgotten.
 */
export class Dictionary {
  readonly root = new PathNode(undefined, '', '');
  readonly #byAlias = new Map<string, PathNode[]>();
  /** The columns that came from an image, in the order of their terms there. */
  #loaded: Column[] = [];
  #marks = 0;
  #terms = 0;

  /** Number of distinct (path, flavour, value). */
  get size(): number {
    return this.#terms;
  }

  /** The node of a path, where any entity has something at or below it. */
  find(path: FieldPath): PathNode | undefined {
    let node: PathNode | undefined = this.root;
    for (const segment of path) node = node?.children.get(segment);
    return node;
  }

  /** Nodes whose dotted path is `key`, ignoring case. */
  withAlias(key: string): readonly PathNode[] {
    return this.#byAlias.get(key) ?? [];
  }

  /** The child of a node, made where it is missing. */
  child(parent: PathNode, segment: string): PathNode {
    let node = parent.children.get(segment);
    if (node === undefined) {
      node = new PathNode(parent, segment, aliasOf(parent, segment));
      parent.children.set(segment, node);
      if (node.alias !== undefined) {
        const same = this.#byAlias.get(node.alias);
        if (same) same.push(node);
        else this.#byAlias.set(node.alias, [node]);
      }
    }
    return node;
  }

  /**
   * Takes the columns of an image: into an empty dictionary, or in the place of columns that have the same terms. No
   * term of those may be in use then: each is another object.
   */
  load(columns: Iterable<LoadedColumn>): void {
    this.#loaded = [];
    for (const { path, kind, column } of columns) {
      const node = path.reduce((parent, segment) => this.child(parent, segment), this.root);
      this.#terms += column.size - (node.column(kind)?.terms.size ?? 0);
      this.#loaded.push(node.load(kind, column));
    }
  }

  /** The terms with these numbers in the image, which an entity has as it was loaded. */
  loadedTerms(numbers: Uint32Array): Term[] {
    const terms: Term[] = [];
    for (const number of numbers) {
      const column = this.#loadedColumn(number);
      if (column) terms.push(column.terms.at(number - (column.image?.first ?? 0)));
    }
    return terms;
  }

  /** The term of a value at a path, pinned once. */
  pin(node: PathNode, kind: Flavour, value: Scalar): Term {
    const column = node.columnFor(kind);
    const known = column.terms.size;
    const term = column.intern(value);
    this.#terms += column.terms.size - known;
    term.pins += 1;
    return term;
  }

  /** Undoes one `pin` of each term. */
  unpin(terms: readonly Term[]): void {
    for (const term of terms) {
      term.pins -= 1;
      this.#forgetUnused(term);
    }
  }

  /** A mark that no term carries yet: a term carries it from now on only where the caller sets it. */
  freshMark(): number {
    this.#marks += 2;
    return this.#marks;
  }

  /**
   * Moves an entity from its old terms to its new ones; only the difference is touched. The terms in `after` are
   * distinct.
   * @returns true when there was a difference
   */
  replace(id: number, before: readonly Term[], after: readonly Term[]): boolean {
    if (before.length === 0) {
      for (const term of after) enterTerm(term, id);
      return after.length > 0;
    }
    const fresh = this.freshMark();
    const kept = fresh + 1;
    for (const term of after) term.mark = fresh;
    let changed = before.length !== after.length;
    for (const term of before) {
      if (term.mark === fresh) term.mark = kept;
      else {
        leaveTerm(term, id);
        this.#forgetUnused(term);
        changed = true;
      }
    }
    for (const term of after) {
      if (term.mark === kept) continue;
      enterTerm(term, id);
      changed = true;
    }
    return changed;
  }

  #loadedColumn(number: number): Column | undefined {
    let [low, high] = [0, this.#loaded.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#loaded[middle]?.image?.first ?? 0) <= number) low = middle;
      else high = middle - 1;
    }
    return this.#loaded[low];
  }

  #forgetUnused(term: Term): void {
    if (term.pins > 0 || term.ids !== NO_IDS) return;
    const { column } = term;
    if (column.terms.get(term.value) !== term) return;
    column.drop(term);
    this.#terms -= 1;
    if (column.terms.size > 0) return;
    column.path.dropColumn(column);
    let node = column.path;
    while (node.parent !== undefined && node.isEmpty) {
      node.parent.children.delete(node.segment);
      this.#forgetAlias(node);
      node = node.parent;
    }
  }

  #forgetAlias(node: PathNode): void {
    if (node.alias === undefined) return;
    const others = this.#byAlias.get(node.alias)?.filter((other) => other !== node) ?? [];
    if (others.length > 0) this.#byAlias.set(node.alias, others);
    else this.#byAlias.delete(node.alias);
  }
}

function aliasOf(parent: PathNode, segment: string): string | undefined {
  if (parent.alias === undefined) return undefined;
  const key = parent.parent === undefined ? segment : `${parent.alias}.${segment}`;
  if (key.length > LONGEST_KEY || unsearchable.has(key)) return undefined;
  return key.toLowerCase();
}
