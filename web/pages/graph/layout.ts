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
    lines: waysOf(lines, middles, ({ from, to }) => (degrees.get(to) ?? 0) <= (degrees.get(from) ?? 0)),
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

/** Lines that end level at one side of a box stand at most so far from each other, and all within so much, px. */
const LINE_GAP = 15;
const SIDE_ROOM = BOX.height - 12;

type Ways = Layout['lines'];

/**
 * From the side of one box that faces the other, level at the end where fewer lines meet: there it bears its words, and
 * those that end at the same side stand one below the other.
 */
function waysOf(
  lines: LayoutRequest['lines'],
  middles: Layout['boxes'],
  isLevelAtTarget: (line: LayoutRequest['lines'][number]) => boolean,
): Ways {
  const placed = lines.map((line) => {
    const [from, to] = [middles.get(line.from) ?? ORIGIN, middles.get(line.to) ?? ORIGIN];
    const isAtTarget = isLevelAtTarget(line);
    const side = Math.abs(from.x - to.x) < BOX.width ? 0 : to.x < from.x ? -1 : 1;
    const place = `${isAtTarget ? line.to : line.from} ${isAtTarget ? -side : side}`;
    return { id: line.id, from, to, side, isAtTarget, place };
  });
  const ways = new Map<string, { readonly points: readonly Point[]; readonly words: Point }>();
  for (const alike of Map.groupBy(placed, ({ place }) => place).values()) {
    const gap = Math.min(LINE_GAP, SIDE_ROOM / alike.length);
    const ordered = alike.toSorted((left, right) => farEnd(left).y - farEnd(right).y);
    ordered.forEach((line, at) => {
      const offset = (at - (alike.length - 1) / 2) * gap;
      ways.set(line.id, line.side === 0 ? wayInColumn(line) : wayAcross(line, offset));
    });
  }
  return ways;
}

interface PlacedLine {
  readonly from: Point;
  readonly to: Point;
  readonly side: number;
  readonly isAtTarget: boolean;
}

function farEnd({ from, to, isAtTarget }: PlacedLine): Point {
  return isAtTarget ? from : to;
}

function wayAcross({ from, to, side, isAtTarget }: PlacedLine, offset: number): ReturnType<typeof wayInColumn> {
  const half = BOX.width / 2;
  const start = { x: from.x + side * half, y: from.y + (isAtTarget ? 0 : offset) };
  const end = { x: to.x - side * half, y: to.y + (isAtTarget ? offset : 0) };
  const level = isAtTarget ? end : start;
  const bend = { x: level.x + (isAtTarget ? -side : side) * LEVEL, y: level.y };
  return { points: [start, bend, end], words: { x: (bend.x + level.x) / 2, y: level.y } };
}

/** Inside a column: around the boxes between. */
function wayInColumn({ from, to }: PlacedLine): { readonly points: readonly Point[]; readonly words: Point } {
  const half = BOX.width / 2;
  const bulge = from.x + half + 18 + Math.min(30, Math.abs(from.y - to.y) / 12);
  const middle = { x: bulge, y: (from.y + to.y) / 2 };
  return { points: [{ x: from.x + half, y: from.y }, middle, { x: to.x + half, y: to.y }], words: middle };
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
