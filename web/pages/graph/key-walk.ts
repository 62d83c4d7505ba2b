import type { Layout, Point } from './geometry.ts';
import type { Line } from './scene.ts';

/** The arrows. */
export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** Boxes this near to each other from left to right stand in one column, px. */
const COLUMN = 60;

/**
 * The box that an arrow leads to: left and right along an edge, to the nearest box on that side; up and down to the next
 * one of the column. Without an edge to that side it stays.
 */
export function nextBox(layout: Layout, lines: readonly Line[], from: string, arrow: Arrow): string | undefined {
  const here = layout.boxes.get(from);
  if (!here) return undefined;
  if (arrow === 'ArrowUp' || arrow === 'ArrowDown') {
    const step = arrow === 'ArrowUp' ? -1 : 1;
    const column = [...layout.boxes].filter(
      ([id, { x, y }]) => id !== from && Math.abs(x - here.x) < COLUMN && Math.sign(y - here.y) === step,
    );
    return nearest(column, here);
  }
  const side = arrow === 'ArrowLeft' ? -1 : 1;
  const ends = new Set(lines.flatMap((line) => (line.from === from ? [line.to] : line.to === from ? [line.from] : [])));
  return nearest(
    [...layout.boxes].filter(([id, { x }]) => ends.has(id) && Math.sign(x - here.x) === side),
    here,
  );
}

function nearest(boxes: readonly (readonly [string, Point])[], { x, y }: Point): string | undefined {
  const far = (point: Point): number => Math.abs(point.y - y) + Math.abs(point.x - x) / 4;
  const [first] = boxes.toSorted(([, left], [, right]) => far(left) - far(right));
  return first?.[0];
}
