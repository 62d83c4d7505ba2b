import { Bitset } from '../base/bitset.ts';
import { addAllTo } from '../base/postings.ts';
import type { Predicate } from '../model/predicate.ts';
import { LONGEST_KEY } from './dictionary.ts';
import type { PlanRun } from './plan-run.ts';
import type { RelationType } from './relation-index.ts';
import { type Column, flavour, lowerText, type PathNode, scalarTypes, type Term } from './term.ts';

type FieldLeaf = Extract<Predicate, { op: 'field' | 'fieldPrefix' | 'fieldText' }>;

const RELATIONS = 'relations.';
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
    for (const node of dictionary.withAlias(key.slice(0, dot)))
      elements.push(...elementsNamed(node, key.slice(dot + 1)));
  }
  return {
    nodes: dictionary.withAlias(key),
    elements,
    relations: key.startsWith(RELATIONS) ? relations.typesNamed(key.slice(RELATIONS.length)) : [],
  };
}

/** The columns of a path that hold values. */
export function valueColumns(node: PathNode): Column[] {
  return valued.map((kind) => node.column(kind)).filter((column) => column !== undefined);
}

/** Takes out of `ids` what a node's fact says for entities where that fact is unknown. */
export function withoutUnknown(run: PlanRun, node: PathNode, ids: Bitset): Bitset {
  return isFact(node) ? ids.andNot(run.unknownFacts(node, ids)) : ids;
}

/** Those of `scope` for which a Backstage condition holds: two-valued, an absent or unknown value is false. */
export function fieldMatches(run: PlanRun, leaf: FieldLeaf, scope: Bitset): Bitset {
  const found = new Bitset();
  switch (leaf.op) {
    case 'field': {
      const key = resolveKey(run, leaf.key);
      if (leaf.values === undefined) addExisting(run, key, scope, found);
      else addEqual(run, key, leaf.values, scope, found);
      break;
    }
    case 'fieldPrefix':
      addMatching(run, resolveKey(run, leaf.key), (text) => text.startsWith(leaf.prefix), scope, found);
      break;
    case 'fieldText':
      for (const key of leaf.keys) {
        addMatching(run, resolveKey(run, key), (text) => text.includes(leaf.term), scope, found);
      }
      break;
  }
  return found.and(scope);
}

function addExisting(run: PlanRun, key: FieldKey, scope: Bitset, found: Bitset): void {
  for (const node of key.nodes) {
    const here = new Bitset();
    for (const type of scalarTypes) addAllTo(here, node.types[type]);
    addAllTo(here, node.presence(flavour.long));
    addAllTo(here, node.presence(flavour.leaves));
    found.or(withoutUnknown(run, node, here));
  }
  addElements(run, key, found);
  for (const type of key.relations) found.or(run.holders(type, scope));
}

function addEqual(run: PlanRun, key: FieldKey, values: readonly string[], scope: Bitset, found: Bitset): void {
  for (const node of key.nodes) {
    const here = new Bitset();
    for (const column of valueColumns(node)) {
      for (const value of values) for (const term of column.withText(value)) addAllTo(here, term.ids);
    }
    found.or(withoutUnknown(run, node, here));
  }
  if (values.includes('true')) addElements(run, key, found);
  for (const type of key.relations) for (const value of values) found.or(run.sources(type, value, scope));
}

function addMatching(
  run: PlanRun,
  key: FieldKey,
  matches: (text: string) => boolean,
  scope: Bitset,
  found: Bitset,
): void {
  for (const node of key.nodes) {
    const here = new Bitset();
    for (const column of valueColumns(node)) {
      for (const term of column.terms.values()) {
        run.look();
        const text = lowerText(term.value);
        if (text !== undefined && matches(text)) addAllTo(here, term.ids);
      }
    }
    found.or(withoutUnknown(run, node, here));
  }
  if (matches('true')) addElements(run, key, found);
  for (const type of key.relations) {
    type.forEachTarget((target, sources) => {
      run.look();
      if (matches(run.cache.nodes.refOf(target)) && run.shows(target)) addAllTo(found, sources);
    });
  }
  found.and(scope);
}

function addElements(run: PlanRun, key: FieldKey, found: Bitset): void {
  for (const term of key.elements) {
    const here = new Bitset();
    addAllTo(here, term.ids);
    found.or(withoutUnknown(run, term.column.path, here));
  }
}

function elementsNamed(node: PathNode, name: string): Term[] {
  return [flavour.element, flavour.deepElement].flatMap((kind) =>
    (node.column(kind)?.withText(name) ?? []).filter((term) => typeof term.value === 'string'),
  );
}

function isFact(node: PathNode): boolean {
  let at = node;
  while (at.depth > 1 && at.parent) at = at.parent;
  return at.segment === 'facts' && at.depth === 1;
}
