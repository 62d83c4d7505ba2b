import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import type { PointerEvent, RefObject } from 'react';
import { boundsOf, fitAll, fitReadable, moved, showing, zoomed, type Camera, type Size } from './camera.ts';
import { BOX, type Layout, type Point } from './geometry.ts';

const ZOOM_STEP = 1.25;
/** A pointer that moves less than this clicks, px. */
const CLICK_PX = 4;

/** The part of a picture that is seen, and how it is moved. */
export interface CameraControl {
  readonly camera: Camera;
  /** True after a button or key: the picture glides there, as it does not under the pointer. */
  readonly isGliding: boolean;
  readonly zoom: (direction: 1 | -1) => void;
  readonly fit: () => void;
  readonly move: (by: Point) => void;
  /** Brings a box into view. */
  readonly reveal: (id: string) => void;
  readonly pointer: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
  };
  /** True while a click ends a drag, and so is none. */
  readonly wasDragged: () => boolean;
}

/**
 * Moves over a picture by wheel, drag, buttons and keys: the wheel moves, with Control or a pinch it zooms.
 * @param frame the element that the picture is seen in
 * @param middle the box that a picture too big to be read as a whole begins at
 * @param picture identity of what is shown: another picture is fitted anew
 */
export function useCamera(
  frame: RefObject<SVGSVGElement | null>,
  layout: Layout,
  middle: string | undefined,
  picture: string,
): CameraControl {
  const [camera, setCamera] = useState<Camera>({ left: 0, top: 0, scale: 1 });
  const [isGliding, setIsGliding] = useState(false);
  const drag = useRef<{ readonly id: number; readonly from: Point; readonly camera: Camera; moved: boolean }>(
    undefined,
  );
  const size = (): Size => {
    const { clientWidth: width = 0, clientHeight: height = 0 } = frame.current ?? {};
    return { width, height };
  };
  const glide = (next: (now: Camera) => Camera): void => {
    setIsGliding(true);
    setCamera(next);
  };
  const bounds = (): ReturnType<typeof boundsOf> => boundsOf(layout.boxes.values(), BOX);
  const fitAnew = useEffectEvent(() => {
    setIsGliding(false);
    setCamera(fitReadable(bounds(), size(), middle === undefined ? undefined : layout.boxes.get(middle)));
  });
  const before = useRef<{ readonly layout: Layout; readonly picture: string }>(undefined);
  useLayoutEffect(() => {
    const known = before.current;
    before.current = { layout, picture };
    if (known?.picture !== picture || !isMuchTheSame(known.layout, layout)) fitAnew();
  }, [layout, picture]);
  useWheel(frame, (change) => {
    setIsGliding(false);
    setCamera(change);
  });
  return {
    camera,
    isGliding,
    zoom: (direction) => {
      const { width, height } = size();
      glide((now) => zoomed(now, ZOOM_STEP ** direction, { x: width / 2, y: height / 2 }));
    },
    fit: () => glide(() => fitAll(bounds(), size())),
    move: (by) => glide((now) => moved(now, by)),
    reveal: (id) => {
      const at = layout.boxes.get(id);
      if (at) glide((now) => showing(now, at, BOX, size()));
    },
    pointer: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        drag.current = { id: event.pointerId, from: { x: event.clientX, y: event.clientY }, camera, moved: false };
      },
      onPointerMove: (event) => {
        const now = drag.current;
        if (now?.id !== event.pointerId) return;
        const by = { x: event.clientX - now.from.x, y: event.clientY - now.from.y };
        if (!now.moved && Math.hypot(by.x, by.y) < CLICK_PX) return;
        if (!now.moved) event.currentTarget.setPointerCapture(event.pointerId);
        now.moved = true;
        setIsGliding(false);
        setCamera(moved(now.camera, by));
      },
      onPointerUp: (event) => {
        if (drag.current?.id !== event.pointerId) return;
        const { moved: isMoved } = drag.current;
        drag.current = isMoved ? { ...drag.current, id: NaN } : undefined;
      },
    },
    wasDragged: () => {
      const { moved: isMoved = false } = drag.current ?? {};
      drag.current = undefined;
      return isMoved;
    },
  };
}

/** True where half of the boxes or more were there before: the eye knows its way, and the picture stays where it is. */
function isMuchTheSame(before: Layout, after: Layout): boolean {
  const stayed = [...after.boxes.keys()].filter((id) => before.boxes.has(id)).length;
  return stayed * 2 >= Math.min(after.boxes.size, before.boxes.size);
}

/** The wheel, which React listens to in a way that cannot keep the page from scrolling. */
function useWheel(frame: RefObject<SVGSVGElement | null>, change: (next: (now: Camera) => Camera) => void): void {
  const onWheel = useEffectEvent((event: WheelEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (!box) return;
    event.preventDefault();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    const isZoom = event.ctrlKey || event.metaKey;
    const [x, y] = event.shiftKey ? [-event.deltaY, 0] : [-event.deltaX, -event.deltaY];
    change((now) => (isZoom ? zoomed(now, Math.exp(-event.deltaY / 300), at) : moved(now, { x, y })));
  });
  useEffect(() => {
    const element = frame.current;
    const listener = (event: WheelEvent): void => onWheel(event);
    element?.addEventListener('wheel', listener, { passive: false });
    return () => element?.removeEventListener('wheel', listener);
  }, [frame]);
}
