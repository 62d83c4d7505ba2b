import type { EdgeSide, Edges } from './edges.ts';

/** A question for the ways between two entities. */
export interface PathRequest {
  readonly from: number;
  readonly to: number;
  /** Types of edges to follow, in either direction; absent: all but those of `SOCIAL`. */
  readonly types?: ReadonlySet<string> | undefined;
}

/** One edge of a way, as it is taken. */
export interface PathStep {
  readonly node: number;
  readonly type: string;
  /** `out`: from the node before to this one. */
  readonly side: EdgeSide;
}

/** The ways between two entities. */
export interface Paths {
  /** `gave-up`: none was found among the entities that one question may look at. */
  readonly outcome: 'found' | 'none' | 'gave-up';
  /** Shortest ones, at most `MOST_PATHS`, in order of their refs; the first step is the first edge. */
  readonly paths: readonly (readonly PathStep[])[];
  /** True: there are more ways of the same length. */
  readonly hasMore: boolean;
  /** Number of entities that were looked at. */
  readonly visited: number;
}

/** Ways that are told. */
export const MOST_PATHS = 3;
/** Entities that one question looks at. */
export const MOST_VISITED = 20_000;
/** Edges of a way at most: longer ones say nothing any more. */
export const MOST_STEPS = 64;

/** Types that tie everything to everything by people: a way over them says little. */
export const SOCIAL: ReadonlySet<string> = new Set(['ownedBy', 'memberOf', 'childOf']);

const SIDES: readonly EdgeSide[] = ['out', 'in'];

/** Shortest ways between two entities over edges in either direction: breadth first, bounded. */
export function shortestPaths(edges: Edges, request: PathRequest): Paths {
  const { from, to, types } = request;
  const followed = edges.pairs.map(({ type }) => type).filter((type) => types?.has(type) ?? !SOCIAL.has(type));
  const distances = new Map([[from, 0]]);
  let frontier = [from];
  for (let distance = 1; frontier.length > 0 && !distances.has(to); distance += 1) {
    if (distance > MOST_STEPS) return ended('gave-up', distances);
    const next: number[] = [];
    for (const node of frontier) {
      for (const end of neighboursOf(edges, node, followed)) {
        if (distances.has(end)) continue;
        if (distances.size >= MOST_VISITED) return ended('gave-up', distances);
        distances.set(end, distance);
        next.push(end);
      }
    }
    frontier = next;
  }
  if (!distances.has(to)) return ended('none', distances);
  const paths = waysBack(edges, { to, followed, distances });
  const hasMore = paths.length > MOST_PATHS;
  return { outcome: 'found', paths: paths.slice(0, MOST_PATHS), hasMore, visited: distances.size };
}

/** Both ends of all edges of an entity that are followed. */
function* neighboursOf(edges: Edges, node: number, followed: readonly string[]): Generator<number> {
  for (const type of followed) for (const side of SIDES) yield* edges.ends(node, type, side);
}

function ended(outcome: 'none' | 'gave-up', distances: ReadonlyMap<number, number>): Paths {
  return { outcome, paths: [], hasMore: false, visited: distances.size };
}

/** Up to one way more than are told, from the end back: every step is one nearer to the start. */
function waysBack(
  edges: Edges,
  {
    to,
    followed,
    distances,
  }: {
    readonly to: number;
    readonly followed: readonly string[];
    readonly distances: ReadonlyMap<number, number>;
  },
): readonly (readonly PathStep[])[] {
  const ways: (readonly PathStep[])[] = [];
  const walk = (node: number, way: readonly PathStep[]): void => {
    const distance = distances.get(node) ?? 0;
    if (distance === 0) ways.push(way);
    else {
      for (const { before, step } of stepsTo(node, distance)) {
        if (ways.length > MOST_PATHS) return;
        walk(before, [step, ...way]);
      }
    }
  };
  const stepsTo = (node: number, distance: number): { readonly before: number; readonly step: PathStep }[] => {
    const found = new Map<number, PathStep>();
    for (const type of followed) {
      for (const side of SIDES) {
        for (const before of edges.ends(node, type, side)) {
          if (distances.get(before) !== distance - 1 || found.has(before)) continue;
          // Looked at from the node: an edge that comes in goes out from the one before.
          found.set(before, { node, type, side: side === 'in' ? 'out' : 'in' });
        }
      }
    }
    return [...found]
      .map(([before, step]) => ({ before, step }))
      .toSorted((left, right) => (edges.refOf(left.before) < edges.refOf(right.before) ? -1 : 1));
  };
  walk(to, []);
  return ways;
}
