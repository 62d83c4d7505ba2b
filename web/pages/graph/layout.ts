import { Graph, layout } from '@dagrejs/dagre';
import { BOX, type Layout, type Point } from './geometry.ts';

/** A picture to be laid out. */
export interface LayoutRequest {
  /** The box that the columns are counted from. */
  readonly root: string;
  /** Ids in the order in which they stood before, so that those that stay keep their order. */
  readonly boxes: readonly string[];
  readonly lines: readonly {
    readonly id: string;
    readonly from: string;
    readonly to: string;
  }[];
}

interface NodeLabel {
  width: number;
  height: number;
  x?: number;
  y?: number;
}

/** Between two columns, px: room for the bend of a line and for its words. */
const COLUMN_GAP = 152;
/** The level end of a line, which bears its words. */
const LEVEL = 104;

/**
 * Lays a picture out in columns: what is needed stands left of what needs it, direct neighbours beside the root. Only
 * lines from one column to the next decide on the order inside the columns; the others are drawn between the boxes as
 * these then stand, since making room for each costs seconds where many boxes are tied to each other.
 */
export function layOut({ root, boxes, lines }: LayoutRequest): Layout {
  const columns = columnsOf(root, lines);
  const graph = new Graph<object, NodeLabel, object>({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: COLUMN_GAP, marginx: 24, marginy: 24 });
  for (const id of boxes) graph.setNode(id, { ...BOX });
  const degrees = new Map<string, number>();
  for (const { id, from, to } of lines) {
    for (const end of [from, to]) degrees.set(end, (degrees.get(end) ?? 0) + 1);
    // From the target to its source: the target is what is needed.
    if (columns.get(from) === (columns.get(to) ?? NaN) + 1) graph.setEdge(to, from, {}, id);
  }
  layout(graph);
  const middles = new Map(boxes.map((id) => [id, pointOf(graph.node(id))]));
  return {
    boxes: middles,
    lines: new Map(
      lines.map(({ id, from, to }) => {
        const isLevelAtTarget = (degrees.get(to) ?? 0) <= (degrees.get(from) ?? 0);
        return [id, wayOf(middles.get(from) ?? ORIGIN, middles.get(to) ?? ORIGIN, isLevelAtTarget)] as const;
      }),
    ),
    ...sizeOf(graph.graph()),
  };
}

const ORIGIN: Point = { x: 0, y: 0 };

/** The column of each box that the root is tied to: one farther left for each step to what is needed. */
export function columnsOf(root: string, lines: LayoutRequest['lines']): ReadonlyMap<string, number> {
  const columns = new Map([[root, 0]]);
  for (const [id, column] of columns) {
    for (const { from, to } of lines) {
      if (from === id && !columns.has(to)) columns.set(to, column - 1);
      if (to === id && !columns.has(from)) columns.set(from, column + 1);
    }
  }
  return columns;
}

/**
 * From the side of one box that faces the other, level at the end where fewer lines meet; inside a column around the boxes
 * between.
 */
function wayOf(
  from: Point,
  to: Point,
  isLevelAtTarget: boolean,
): { readonly points: readonly Point[]; readonly words: Point } {
  const half = BOX.width / 2;
  if (Math.abs(from.x - to.x) < BOX.width) {
    const bulge = from.x + half + 18 + Math.min(30, Math.abs(from.y - to.y) / 12);
    const middle = { x: bulge, y: (from.y + to.y) / 2 };
    return { points: [{ x: from.x + half, y: from.y }, middle, { x: to.x + half, y: to.y }], words: middle };
  }
  const side = to.x < from.x ? -1 : 1;
  const [start, end] = [
    { x: from.x + side * half, y: from.y },
    { x: to.x - side * half, y: to.y },
  ];
  const bend = isLevelAtTarget ? { x: end.x - side * LEVEL, y: end.y } : { x: start.x + side * LEVEL, y: start.y };
  const level = isLevelAtTarget ? end : start;
  return { points: [start, bend, end], words: { x: (bend.x + level.x) / 2, y: level.y } };
}

function pointOf({ x = 0, y = 0 }: { readonly x?: number; readonly y?: number }): Point {
  return { x, y };
}

function sizeOf(graph: { readonly width?: number; readonly height?: number }): {
  readonly width: number;
  readonly height: number;
} {
  return { width: graph.width ?? 0, height: graph.height ?? 0 };
}
