import { Bitset } from '../base/bitset.ts';
import { type IdSet, unionWithin, within } from '../base/postings.ts';
import { literalOf } from '../model/like-pattern.ts';
import type { Predicate } from '../model/predicate.ts';
import { LONGEST_KEY } from './dictionary.ts';
import { textTest } from './field-rows.ts';
import type { PlanRun } from './plan-run.ts';
import type { RelationType } from './relation-index.ts';
import { type Column, flavour, lowerText, type PathNode, scalarTypes, type Term } from './term.ts';

/** A condition on a dotted key, as Backstage's filters ask it. */
export type FieldLeaf = Extract<Predicate, { op: 'field' | 'fieldPrefix' | 'fieldText' }>;

/** What the keys of relations begin with. */
export const RELATIONS = 'relations.';
const valued = [flavour.scalar, flavour.element, flavour.deep, flavour.deepElement] as const;

/** What a Backstage key reaches: the paths of that name, and lists that have the key's last part as an element. */
export interface FieldKey {
  readonly nodes: readonly PathNode[];
  /** For `metadata.tags.java`: the element `java` of `metadata.tags`, which Backstage indexes as the value `true`. */
  readonly elements: readonly Term[];
  readonly relations: readonly RelationType[];
}

/** Resolves a dotted key, in any letter case. */
export function resolveKey(run: PlanRun, written: string): FieldKey {
  const key = written.toLowerCase();
  if (key.length > LONGEST_KEY) return { nodes: [], elements: [], relations: [] };
  const { dictionary, relations } = run.cache;
  const elements: Term[] = [];
  for (let dot = key.indexOf('.'); dot !== -1; dot = key.indexOf('.', dot + 1)) {
    for (const node of dictionary.withAlias(key.slice(0, dot))) addElementsNamed(node, key.slice(dot + 1), elements);
  }
  return {
    nodes: dictionary.withAlias(key),
    elements,
    relations: key.startsWith(RELATIONS) ? relations.typesNamed(key.slice(RELATIONS.length)) : [],
  };
}

/** True for a column that holds values. */
export function isValued(column: Column): boolean {
  return column.flavour <= flavour.deepElement;
}

/** The columns of a path that hold values. */
export function valueColumns(node: PathNode): Column[] {
  const columns: Column[] = [];
  for (const kind of valued) {
    const column = node.column(kind);
    if (column !== undefined) columns.push(column);
  }
  return columns;
}

/** Takes out of `ids` what a node's fact says for entities where that fact is unknown. */
export function withoutUnknown(run: PlanRun, node: PathNode, ids: Bitset): Bitset {
  return isFact(node) ? ids.andNot(run.unknownFacts(node, ids)) : ids;
}

/**
 * Those of `scope` for which a Backstage condition holds: two-valued, an absent or unknown value is false.
 * @param spends true where nobody needs `scope` after: it may become the result
 */
export function fieldMatches(run: PlanRun, leaf: FieldLeaf, scope: Bitset, spends = false): Bitset {
  switch (leaf.op) {
    case 'field': {
      const key = resolveKey(run, leaf.key);
      const isOnePlace = key.nodes.length === 1 && key.elements.length === 0 && key.relations.length === 0;
      const from = { scope, spends: spends && isOnePlace };
      return leaf.values === undefined ? existing(run, key, from) : equal(run, key, leaf.values, from);
    }
    case 'fieldPrefix':
      return matching(run, resolveKey(run, leaf.key), (text) => text.startsWith(leaf.prefix), scope);
    case 'fieldText': {
      const found = new Bitset();
      const contains = textTest(leaf);
      const part = leaf.like === true ? literalOf(leaf.term) : leaf.term;
      for (const key of leaf.keys) found.or(matching(run, resolveKey(run, key), contains, scope, part));
      return found;
    }
  }
}

/** Where entities are looked for, and whether that set may become the result. */
interface From {
  readonly scope: Bitset;
  readonly spends: boolean;
}

function existing(run: PlanRun, key: FieldKey, { scope, spends }: From): Bitset {
  const found = new Bitset();
  for (const node of key.nodes) {
    const sets = scalarTypes.map((type) => node.ofType(type));
    sets.push(node.presence(flavour.long), node.presence(flavour.leaves));
    found.absorb(withoutUnknown(run, node, unionWithin(sets, scope, spends)));
  }
  addElements(run, key, scope, found);
  for (const type of key.relations) found.absorb(run.holders(type, scope));
  return found;
}

function equal(run: PlanRun, key: FieldKey, values: readonly string[], { scope, spends }: From): Bitset {
  const found = new Bitset();
  for (const node of key.nodes) {
    const sets: IdSet[] = [];
    for (const column of valueColumns(node)) {
      for (const value of values) for (const term of column.withText(value)) sets.push(term.ids);
    }
    found.absorb(withoutUnknown(run, node, unionWithin(sets, scope, spends)));
  }
  if (values.includes('true')) addElements(run, key, scope, found);
  for (const type of key.relations) for (const value of values) found.absorb(run.sources(type, value, scope));
  return found;
}

/** @param part what stands in every text that matches, if anything */
function matching(
  run: PlanRun,
  key: FieldKey,
  matches: (text: string) => boolean,
  scope: Bitset,
  part?: string,
): Bitset {
  const found = new Bitset();
  for (const node of key.nodes) {
    const sets: IdSet[] = [];
    for (const column of valueColumns(node)) {
      for (const term of part === undefined ? column.terms.values() : column.termsWith(part)) {
        run.look();
        const text = lowerText(term.value);
        if (text !== undefined && matches(text)) sets.push(term.ids);
      }
    }
    found.absorb(withoutUnknown(run, node, unionWithin(sets, scope)));
  }
  if (matches('true')) addElements(run, key, scope, found);
  for (const type of key.relations) {
    const sets: IdSet[] = [];
    type.forEachTarget((target, sources) => {
      run.look();
      if (matches(run.cache.nodes.refOf(target)) && run.shows(target)) sets.push(sources);
    });
    found.absorb(unionWithin(sets, scope));
  }
  return found;
}

function addElements(run: PlanRun, key: FieldKey, scope: Bitset, found: Bitset): void {
  for (const term of key.elements) found.absorb(withoutUnknown(run, term.column.path, within(term.ids, scope)));
}

function addElementsNamed(node: PathNode, name: string, found: Term[]): void {
  for (const kind of [flavour.element, flavour.deepElement]) {
    const terms = node.column(kind)?.withText(name) ?? [];
    for (const term of terms) if (typeof term.value === 'string') found.push(term);
  }
}

/** True for a path under `facts`. */
export function isFact(node: PathNode): boolean {
  let at = node;
  while (at.depth > 1 && at.parent) at = at.parent;
  return at.segment === 'facts' && at.depth === 1;
}
