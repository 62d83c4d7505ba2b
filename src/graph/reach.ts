import type { EdgeSide, Edges } from './edges.ts';

/** A question for everything that an entity touches. */
export interface ReachRequest {
  readonly root: number;
  /** `in`: what feels it when the root fails; `out`: what the root needs. */
  readonly direction: EdgeSide;
  /** Edges between the root and the farthest entity. */
  readonly depth: number;
  /** Types of edges that count; absent: those of `IMPACT`. */
  readonly types?: ReadonlySet<string> | undefined;
}

/** An entity that is reached. */
export interface Reached {
  readonly node: number;
  /** Edges between it and the root, the fewest. */
  readonly distance: number;
  /** The neighbour of the root that leads to it: of several the first by ref. */
  readonly first: number;
  /** Type of the edge between the root and that neighbour. */
  readonly type: string;
}

/** Everything that is reached. */
export interface Reach {
  /** Nearest first. */
  readonly reached: readonly Reached[];
  /** False: it ended at `MOST_REACHED`, and there is more. */
  readonly isComplete: boolean;
}

/** Entities that one question reaches at most. */
export const MOST_REACHED = 20_000;

/**
 * From which end of an edge the other one feels a failure: a dependency is felt by what depends on it, an API by what
 * consumes it and a provider by its APIs, a part by the whole. Owning and belonging to a group carry nothing.
 */
export const IMPACT: ReadonlyMap<string, EdgeSide> = new Map([
  ['dependsOn', 'in'],
  ['consumesApi', 'in'],
  ['providesApi', 'out'],
  ['partOf', 'out'],
]);

interface Step {
  readonly type: string;
  readonly side: EdgeSide;
}

/**
 * Everything that feels it when an entity fails, or that it needs: breadth first over the edges that carry a failure. A
 * whole that fails fails in all its parts; a whole that a part has broken does not break the other parts.
 */
export function reachOf(edges: Edges, request: ReachRequest): Reach {
  const steps = stepsOf(edges, request);
  // Parts of the root are as good as the root; parts of what it breaks are not.
  const isWhole = request.direction === 'in' && (request.types?.has('partOf') ?? true);
  const inside = isWhole ? partsOf(edges, request.root) : new Set<number>();
  const seen = new Set([request.root]);
  const reached: Reached[] = [];
  let frontier: readonly Reached[] = [{ node: request.root, distance: 0, first: request.root, type: '' }];
  for (let distance = 1; distance <= request.depth && frontier.length > 0; distance += 1) {
    const next: Reached[] = [];
    for (const from of frontier) {
      for (const [node, type] of endsOf(edges, from.node, inside.has(from.node) ? [...steps, PARTS] : steps)) {
        if (seen.has(node)) continue;
        if (reached.length + next.length >= MOST_REACHED) return { reached: [...reached, ...next], isComplete: false };
        seen.add(node);
        const isFirst = distance === 1;
        next.push({ node, distance, first: isFirst ? node : from.first, type: isFirst ? type : from.type });
      }
    }
    // In the order of the first ones, so that of several ways the one by the least first neighbour is told.
    frontier = distance === 1 ? byRef(edges, next) : next;
    for (const entry of frontier) reached.push(entry);
  }
  return { reached, isComplete: true };
}

/** Where the steps lead from an entity, with the type of each edge. */
function* endsOf(edges: Edges, from: number, steps: readonly Step[]): Generator<readonly [node: number, type: string]> {
  for (const { type, side } of steps) for (const node of edges.ends(from, type, side)) yield [node, type];
}

const PARTS: Step = { type: 'partOf', side: 'in' };

/** An entity with its parts, their parts, and so on. */
function partsOf(edges: Edges, root: number): ReadonlySet<number> {
  const inside = new Set([root]);
  for (const whole of inside) {
    if (inside.size > MOST_REACHED) break;
    for (const part of edges.ends(whole, PARTS.type, PARTS.side)) inside.add(part);
  }
  return inside;
}

function stepsOf(edges: Edges, { direction, types }: ReachRequest): readonly Step[] {
  const steps: Step[] = [];
  for (const { type } of edges.pairs) {
    if (!(types?.has(type) ?? IMPACT.has(type))) continue;
    const felt = IMPACT.get(type) ?? 'in';
    steps.push({ type, side: direction === 'in' ? felt : felt === 'in' ? 'out' : 'in' });
  }
  return steps;
}

function byRef(edges: Edges, entries: readonly Reached[]): readonly Reached[] {
  return entries.toSorted((left, right) => (edges.refOf(left.node) < edges.refOf(right.node) ? -1 : 1));
}
