import { useEffect, useRef, useState } from 'react';
import type { Layout, Point } from './geometry.ts';
import type { LayoutRequest } from './layout.ts';
import type { Scene } from './scene.ts';

/** Up to so many lines bear their words always; beyond that those of the root, or of the box under pointer or focus. */
export const MOST_WORDS = 16;

/** A picture with its places. */
export interface LaidOut {
  readonly scene: Scene;
  readonly layout: Layout;
}

/** How far the laying out is. */
export interface LayoutState {
  /** The last picture that was laid out; it may be of a scene before. */
  readonly shown: LaidOut | undefined;
  /** The worker could not be started, or broke. */
  readonly hasFailed: boolean;
}

/** Has a worker lay out what is to be shown. What was shown before stays until the new picture is ready. */
export function useLayout(scene: Scene | undefined, anchor: string | undefined): LayoutState {
  const worker = useRef<Worker>(undefined);
  const asked = useRef<{ readonly ticket: number; readonly scene: Scene; readonly anchor: string | undefined }>(
    undefined,
  );
  const [shown, setShown] = useState<LaidOut>();
  const last = useRef<LaidOut>(undefined);
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => {
    const started = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    worker.current = started;
    started.addEventListener(
      'message',
      ({ data }: MessageEvent<{ readonly ticket: number; readonly layout: Layout }>) => {
        if (asked.current?.ticket !== data.ticket) return;
        const layout = anchored(data.layout, last.current?.layout, asked.current.anchor);
        last.current = { scene: asked.current.scene, layout };
        setShown(last.current);
      },
    );
    started.addEventListener('error', () => setHasFailed(true));
    return () => started.terminate();
  }, []);
  useEffect(() => {
    if (!scene) return;
    const ticket = (asked.current?.ticket ?? 0) + 1;
    asked.current = { ticket, scene, anchor };
    worker.current?.postMessage({ ticket, request: requestOf(scene, last.current?.layout) });
  }, [scene, anchor]);
  return { shown, hasFailed };
}

function requestOf({ boxes, lines }: Scene, before: Layout | undefined): LayoutRequest {
  const heightOf = (id: string): number => before?.boxes.get(id)?.y ?? Infinity;
  const ids = boxes.map(({ id }) => id);
  const known = before === undefined ? ids : ids.toSorted((left, right) => heightOf(left) - heightOf(right) || 0);
  const root = boxes.find(({ isRoot }) => isRoot)?.id ?? ids[0] ?? '';
  return { root, boxes: known, lines: lines.map(({ id, from, to }) => ({ id, from, to })) };
}

/** The layout moved so that one box stays where it was: what was clicked does not run away. */
export function anchored(layout: Layout, before: Layout | undefined, anchor: string | undefined): Layout {
  const [from, to] = anchor === undefined ? [] : [layout.boxes.get(anchor), before?.boxes.get(anchor)];
  if (from === undefined || to === undefined) return layout;
  const move = ({ x, y }: Point): Point => ({ x: x + to.x - from.x, y: y + to.y - from.y });
  return {
    ...layout,
    boxes: new Map([...layout.boxes].map(([id, point]) => [id, move(point)])),
    lines: new Map(
      [...layout.lines].map(([id, { points, words }]) => [id, { points: points.map(move), words: move(words) }]),
    ),
  };
}
