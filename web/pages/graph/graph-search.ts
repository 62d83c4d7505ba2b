import { formatList, parseList, toggleInList } from '../../url/search-codec.ts';

/** How the page shows a graph: drawn, as a table, or one beside the other. Absent: drawn where there is room. */
export const TWINS = ['graph', 'table', 'both'] as const;
export type Twin = (typeof TWINS)[number];

/** What is asked of the root; absent: what stands around it. */
export const QUESTIONS = ['dependents', 'needs', 'path'] as const;
export type Question = (typeof QUESTIONS)[number];

/** What neighbours are joined by; absent: nothing, but where there are too many. */
export const FOLDS = ['system', 'domain', 'owner'] as const;
export type FoldKey = (typeof FOLDS)[number];

/** The view state of the graph page as its URL holds it. Lists are comma-joined texts (`url/search-codec.ts`). */
export interface GraphSearch {
  /** Canonical ref; absent: none is chosen yet. */
  readonly root?: string | undefined;
  readonly view?: Question | undefined;
  /** Edges from the root; absent: 1. */
  readonly depth?: '2' | '3' | undefined;
  /** `in`: what needs the root; `out`: what it needs; absent: both. */
  readonly dir?: 'in' | 'out' | undefined;
  /** Types of relations; absent: all. */
  readonly rel?: string | undefined;
  readonly fold?: FoldKey | undefined;
  /** Refs of nodes, and ids of groups, that are opened. */
  readonly open?: string | undefined;
  /** Refs that stay in the picture. */
  readonly pin?: string | undefined;
  readonly twin?: Twin | undefined;
  /** Ref of the entity that is looked at beside the picture. */
  readonly peek?: string | undefined;
  /** Ref of the other end, in the view `path`. */
  readonly to?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Takes the known keys where their values make sense; others stay in the URL untouched. */
export function readGraphSearch(search: Readonly<Record<string, unknown>>): GraphSearch {
  const { root, view, depth, dir, rel, fold, open, pin, twin, peek, to, cursor, ...others } = search;
  return {
    ...others,
    root: textOf(root)?.toLowerCase(),
    view: among(QUESTIONS, view),
    depth: among(['2', '3'] as const, depth),
    dir: among(['in', 'out'] as const, dir),
    rel: textOf(rel),
    fold: among(FOLDS, fold),
    open: textOf(open),
    pin: textOf(pin),
    twin: among(TWINS, twin),
    peek: textOf(peek),
    to: textOf(to)?.toLowerCase(),
    cursor: textOf(cursor),
  };
}

/** A link to the graph around an entity: `<Link {...graphLink(ref)}>`. @param ref canonical */
export function graphLink(ref: string): { readonly to: '/graph'; readonly search: GraphSearch } {
  return { to: '/graph', search: { root: ref } };
}

/** The state with another root. What is pinned stays, what was opened around the old one does not. */
export function withRoot(search: GraphSearch, root: string): GraphSearch {
  return { ...search, root, open: undefined, peek: undefined, cursor: undefined };
}

/** The state with a node or group opened, or closed where it was open. */
export function toggleOpen(search: GraphSearch, id: string): GraphSearch {
  return { ...search, open: toggleInList(search.open, id) };
}

/** The state with a node pinned, or let go. */
export function togglePin(search: GraphSearch, ref: string): GraphSearch {
  return { ...search, pin: toggleInList(search.pin, ref) };
}

/** The state with a type of relations shown or left out; all of them shown is no choice. */
export function toggleRelation(search: GraphSearch, type: string, all: readonly string[]): GraphSearch {
  const chosen = parseList(search.rel);
  const now = chosen.length === 0 ? all : chosen;
  const next = now.includes(type) ? now.filter((other) => other !== type) : [...now, type];
  const isAll = all.every((other) => next.includes(other));
  return { ...search, rel: isAll || next.length === 0 ? undefined : formatList(next), cursor: undefined };
}

function among<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
