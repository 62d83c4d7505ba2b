import type { Point } from './geometry.ts';

/** Which part of a picture is seen: a point at `x`, `y` of the picture stands at `x * scale + left` of the window. */
export interface Camera {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

/** A width and a height, px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A part of a picture. */
export interface Bounds extends Size {
  readonly x: number;
  readonly y: number;
}

const LEAST_SCALE = 0.2;
const MOST_SCALE = 2.5;
/** Above a picture stands what its sides mean, px. */
const HEAD = 14;
/** Below this the words in the boxes cannot be read. */
const READABLE_SCALE = 0.55;

/** The bounds of boxes by their middles. */
export function boundsOf(middles: Iterable<Point>, box: Size, margin = 24): Bounds {
  const points = [...middles];
  if (points.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs) - box.width / 2 - margin, Math.min(...ys) - box.height / 2 - margin - HEAD];
  return {
    x,
    y,
    width: Math.max(...xs) + box.width / 2 + margin - x,
    height: Math.max(...ys) + box.height / 2 + margin - y,
  };
}

/** All of a picture in the window, never larger than life. */
export function fitAll(bounds: Bounds, window: Size): Camera {
  const scale = clamp(Math.min(1, window.width / bounds.width, window.height / bounds.height));
  return {
    scale,
    left: (window.width - bounds.width * scale) / 2 - bounds.x * scale,
    top: (window.height - bounds.height * scale) / 2 - bounds.y * scale,
  };
}

/** All of a picture where that can be read, else the part around one point at a readable scale. */
export function fitReadable(bounds: Bounds, window: Size, middle: Point | undefined): Camera {
  const all = fitAll(bounds, window);
  if (all.scale >= READABLE_SCALE || middle === undefined) return all;
  return centredAt(middle, { ...all, scale: READABLE_SCALE }, window);
}

/** The same scale, with a point in the middle of the window. */
export function centredAt({ x, y }: Point, { scale }: Camera, window: Size): Camera {
  return { scale, left: window.width / 2 - x * scale, top: window.height / 2 - y * scale };
}

/** Nearer or farther, with the point under `at` (px in the window) staying where it is. */
export function zoomed(camera: Camera, factor: number, at: Point): Camera {
  const scale = clamp(camera.scale * factor);
  const ratio = scale / camera.scale;
  return { scale, left: at.x - (at.x - camera.left) * ratio, top: at.y - (at.y - camera.top) * ratio };
}

/** Moved by px of the window. */
export function moved(camera: Camera, { x, y }: Point): Camera {
  return { ...camera, left: camera.left + x, top: camera.top + y };
}

/** Moved as little as brings a box into the window. */
export function showing(camera: Camera, middle: Point, box: Size, window: Size): Camera {
  const [half, tall] = [(box.width / 2 + 16) * camera.scale, (box.height / 2 + 16) * camera.scale];
  const [x, y] = [middle.x * camera.scale + camera.left, middle.y * camera.scale + camera.top];
  const inside = (value: number, room: number, edge: number): number =>
    Math.max(edge - value, 0) + Math.min(room - edge - value, 0);
  return moved(camera, { x: inside(x, window.width, half), y: inside(y, window.height, tall) });
}

function clamp(scale: number): number {
  return Math.min(MOST_SCALE, Math.max(LEAST_SCALE, Number.isFinite(scale) ? scale : 1));
}
