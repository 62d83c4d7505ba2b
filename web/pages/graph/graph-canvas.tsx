import { useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { GraphBox, type BoxActions } from './graph-box.tsx';
import { GraphLines } from './graph-lines.tsx';
import { nextBox, type Arrow } from './key-walk.ts';
import { useCamera, type CameraControl } from './use-camera.ts';
import type { LaidOut } from './use-layout.ts';

const PAN_PX = 80;
const ARROWS: ReadonlySet<string> = new Set<Arrow>(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);
const isArrow = (key: string): key is Arrow => ARROWS.has(key);

/** Id of the box that an event came from. */
function boxAt(target: EventTarget): string | undefined {
  return target instanceof Element ? target.closest<SVGElement>('[data-box]')?.dataset['box'] : undefined;
}

/**
 * A picture of entities and their relations. Arrows walk along the lines, Enter looks at a box, Shift and Enter makes it
 * the root; plus, minus and 0 zoom, Shift and arrows move.
 */
export function GraphCanvas({
  laidOut,
  picture,
  label,
  selected,
  actions,
}: {
  readonly laidOut: LaidOut;
  /** Identity of the picture: another one is fitted anew. */
  readonly picture: string;
  readonly label: string;
  readonly selected: string | undefined;
  readonly actions: BoxActions;
}): ReactNode {
  const frame = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<string>();
  const root = rootOf(laidOut);
  const view = useCamera(frame, laidOut.layout, root, picture);
  const { left, top, scale } = view.camera;
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (act(event, { frame, laidOut, view, actions })) event.preventDefault();
  };
  return (
    <div className="graph-canvas">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the boxes have the focus, the picture has their keys */}
      <svg
        ref={frame}
        className="graph-svg"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing whose parts can be walked is none of those
        role="group"
        aria-label={label}
        onKeyDown={onKey}
        onClickCapture={(event) => {
          if (!view.wasDragged()) return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onPointerOver={({ target }) => setPointed(boxAt(target))}
        onPointerLeave={() => setPointed(undefined)}
        {...view.pointer}
      >
        <defs>
          <marker id="graph-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 .5 7.5 4 0 7.5z" />
          </marker>
        </defs>
        <g
          className={view.isGliding ? 'graph-world is-gliding' : 'graph-world'}
          style={{ transform: `translate(${left}px, ${top}px) scale(${scale})` }}
        >
          <World laidOut={laidOut} pointed={pointed} selected={selected} actions={actions} />
        </g>
      </svg>
      <p className="graph-sides" aria-hidden="true">
        <span>← what is needed</span>
        <span>what needs it →</span>
      </p>
      <ZoomButtons view={view} />
    </div>
  );
}

function rootOf({ scene }: LaidOut): string | undefined {
  return scene.boxes.find(({ isRoot }) => isRoot)?.id ?? scene.boxes[0]?.id;
}

function World({
  laidOut,
  pointed,
  selected,
  actions,
}: {
  readonly laidOut: LaidOut;
  readonly pointed: string | undefined;
  readonly selected: string | undefined;
  readonly actions: BoxActions;
}): ReactNode {
  const { scene, layout } = laidOut;
  const isThere = selected !== undefined && layout.boxes.has(selected);
  const tabStop = isThere ? selected : rootOf(laidOut);
  const near = pointed ?? (isThere ? selected : undefined);
  const ends = new Set(scene.lines.flatMap(({ from, to }) => (from === near || to === near ? [from, to] : [])));
  return (
    <>
      <GraphLines laidOut={laidOut} near={near} />
      {scene.boxes.map((box) => {
        const at = layout.boxes.get(box.id);
        return (
          at && (
            <GraphBox
              key={box.id}
              box={box}
              at={at}
              isSelected={box.id === selected}
              isDim={near !== undefined && near !== box.id && !ends.has(box.id)}
              isTabStop={box.id === tabStop}
              actions={actions}
            />
          )
        );
      })}
    </>
  );
}

/** Does what a key means on the picture. @returns false where it means nothing */
function act(
  { key, shiftKey, target }: KeyboardEvent,
  {
    frame,
    laidOut,
    view,
    actions,
  }: {
    readonly frame: RefObject<SVGSVGElement | null>;
    readonly laidOut: LaidOut;
    readonly view: CameraControl;
    readonly actions: BoxActions;
  },
): boolean {
  const { scene, layout } = laidOut;
  const here = boxAt(target);
  if (isArrow(key) && shiftKey) {
    const [x, y] = PAN[key];
    view.move({ x: x * PAN_PX, y: y * PAN_PX });
  } else if (isArrow(key)) {
    const next = here === undefined ? rootOf(laidOut) : nextBox(layout, scene.lines, here, key);
    if (next === undefined) return true;
    frame.current?.querySelector<SVGElement>(`[data-box="${CSS.escape(next)}"]`)?.focus({ preventScroll: true });
    view.reveal(next);
  } else if (key === '+' || key === '=' || key === '-') view.zoom(key === '-' ? -1 : 1);
  else if (key === '0') view.fit();
  else {
    const box = key === 'Enter' ? scene.boxes.find(({ id }) => id === here) : undefined;
    if (!box) return false;
    if (shiftKey && box.entity) actions.makeRoot(box.entity.ref);
    else actions.enter(box);
  }
  return true;
}

function ZoomButtons({ view }: { readonly view: CameraControl }): ReactNode {
  return (
    <div className="graph-zoom">
      <button type="button" className="button button-small" aria-label="Zoom in" onClick={() => view.zoom(1)}>
        +
      </button>
      <button type="button" className="button button-small" aria-label="Zoom out" onClick={() => view.zoom(-1)}>
        −
      </button>
      <button type="button" className="button button-small" onClick={view.fit}>
        Fit
      </button>
    </div>
  );
}

/** Which way the picture moves, so that more is seen to the side of the arrow. */
const PAN: Readonly<Record<Arrow, readonly [x: number, y: number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
