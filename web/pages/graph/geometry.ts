/** Size of every box, px at scale 1. */
export const BOX = { width: 184, height: 46 } as const;

/** A point, px at scale 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything stands. */
export interface Layout {
  /** Middle of each box. */
  readonly boxes: ReadonlyMap<string, Point>;
  /** The way of each line, from its source to its target, and the middle of its words. */
  readonly lines: ReadonlyMap<string, { readonly points: readonly Point[]; readonly words: Point }>;
  readonly width: number;
  readonly height: number;
}

/** A smooth way through points, as the `d` of an SVG path: level at both ends. */
export function pathOf(points: readonly Point[]): string {
  const [first, bulge, last] = points;
  if (first === undefined) return '';
  if (points.length === 3 && bulge && last && first.x === last.x) {
    return `M${round(first.x)} ${round(first.y)}C${round(bulge.x)} ${round(first.y)} ${round(bulge.x)} ${round(last.y)} ${round(last.x)} ${round(last.y)}`;
  }
  const parts = [`M${round(first.x)} ${round(first.y)}`];
  for (let at = 1; at < points.length; at += 1) {
    const [before, point] = [points[at - 1] ?? first, points[at] ?? first];
    const middle = round((before.x + point.x) / 2);
    parts.push(`C${middle} ${round(before.y)} ${middle} ${round(point.y)} ${round(point.x)} ${round(point.y)}`);
  }
  return parts.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
