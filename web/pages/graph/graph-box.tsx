import type { CSSProperties, MouseEvent, ReactNode } from 'react';
import { kindShape } from '../../ui/kind-glyph.tsx';
import { BOX, type Point } from './geometry.ts';
import { boxLabel, hiddenCount, kindOf, problemWords, type Box } from './scene.ts';
import { fitted } from './text-width.ts';

/** What can be done with the boxes of a picture. */
export interface BoxActions {
  readonly select: (id: string) => void;
  /** Looks at an entity beside the picture; a group opens. */
  readonly enter: (box: Box) => void;
  readonly makeRoot: (ref: string) => void;
  readonly toggleOpen: (id: string) => void;
  /** Whether more of a box can be shown by opening it, or less by closing it. */
  readonly canOpen: (box: Box) => boolean;
  /** Path of an entity's page. */
  readonly hrefOf: (ref: string) => string;
}

const LEFT = -BOX.width / 2;
const TOP = -BOX.height / 2;
const TEXT_LEFT = LEFT + 34;
const TEXT_ROOM = BOX.width - 44;

/** One box of the picture; what it says fits, its whole name is its tooltip. */
export function GraphBox({
  box,
  at,
  isSelected,
  isDim,
  isTabStop,
  actions,
}: {
  readonly box: Box;
  readonly at: Point;
  readonly isSelected: boolean;
  readonly isDim: boolean;
  /** One box of the picture is reached by Tab; arrows lead to the others. */
  readonly isTabStop: boolean;
  readonly actions: BoxActions;
}): ReactNode {
  const { id, entity, isRoot } = box;
  const names = [
    'graph-box',
    isRoot && 'is-root',
    isSelected && 'is-selected',
    isDim && 'is-dim',
    (!entity || !entity.exists) && 'is-broken',
  ];
  const shared = {
    className: names.filter(Boolean).join(' '),
    style: { transform: `translate(${at.x}px, ${at.y}px)` } satisfies CSSProperties,
    tabIndex: isTabStop ? 0 : -1,
    'data-box': id,
    onFocus: () => actions.select(id),
  };
  const click = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    actions.enter(box);
  };
  return (
    <>
      {entity ? (
        <a {...shared} href={actions.hrefOf(entity.ref)} onClick={click} draggable={false}>
          <title>{boxLabel(box)}</title>
          <BoxFace box={box} />
        </a>
      ) : (
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events -- a picture has no buttons; Enter is the canvas'
        <g {...shared} role="button" onClick={click}>
          <title>{boxLabel(box)}</title>
          <BoxFace box={box} />
        </g>
      )}
      {entity && actions.canOpen(box) && <Handles box={box} at={at} open={() => actions.toggleOpen(id)} />}
    </>
  );
}

function BoxGlyph({ kind }: { readonly kind: string }): ReactNode {
  const shape = kindShape(kind);
  return shape === undefined ? (
    <text x={4} y={13}>
      {kind.charAt(0).toUpperCase()}
    </text>
  ) : (
    <path d={shape} />
  );
}

function BoxFace({ box }: { readonly box: Box }): ReactNode {
  const { title, sub, entity, group, isPinned } = box;
  const problems = entity ? problemWords(entity) : undefined;
  const room = TEXT_ROOM - (isPinned ? 14 : 0);
  return (
    // The title of the box says all of it, and what does not fit here.
    <g aria-hidden="true">
      {group && (
        <rect className="graph-box-stack" x={LEFT + 4} y={TOP + 4} width={BOX.width} height={BOX.height} rx={6} />
      )}
      <rect className="graph-box-frame" x={LEFT} y={TOP} width={BOX.width} height={BOX.height} rx={6} />
      <g className="graph-box-glyph" transform={`translate(${LEFT + 10} ${TOP + 9})`}>
        <BoxGlyph kind={kindOf(box)} />
      </g>
      <text className="graph-box-title" x={TEXT_LEFT} y={-3}>
        {fitted(title, room, 13, 550)}
      </text>
      {problems === undefined ? (
        <text className="graph-box-sub" x={TEXT_LEFT} y={13}>
          {fitted(sub, TEXT_ROOM, 11)}
        </text>
      ) : (
        <g className={entity?.problems.errors ? 'graph-box-problem is-error' : 'graph-box-problem'}>
          <path d={entity?.problems.errors ? TRIANGLE : DIAMOND} transform={`translate(${TEXT_LEFT} 4)`} />
          <text x={TEXT_LEFT + 14} y={13}>
            {fitted(problems, TEXT_ROOM - 14, 11, 550)}
          </text>
        </g>
      )}
      {isPinned && (
        <path
          className="graph-box-pin"
          d="M0 0h8M2 0v5l-1.5 2h7L6 5V0M4 7v4"
          transform={`translate(${-LEFT - 16} ${TOP + 7})`}
        />
      )}
    </g>
  );
}

/** The shapes of errors and warnings, as marks have them (`mark.tsx`), 9 px. */
const TRIANGLE = 'M4.5 0 9 9H0z';
const DIAMOND = 'M4.5 0 9 4.5 4.5 9 0 4.5z';

/** How many edges are hidden to the left and to the right; a click shows them. The same stands among the actions of the box. */
function Handles({ box, at, open }: { readonly box: Box; readonly at: Point; readonly open: () => void }): ReactNode {
  const { entity } = box;
  if (!entity) return null;
  const sides = [
    { side: 'out', count: hiddenCount(entity, 'out'), x: at.x + LEFT + 22 },
    { side: 'in', count: hiddenCount(entity, 'in'), x: at.x - LEFT - 22 },
  ] as const;
  return sides.map(
    ({ side, count, x }) =>
      count > 0 && (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- a shortcut for the pointer: the button stands beside the picture
        <g
          key={side}
          className="graph-handle"
          style={{ transform: `translate(${x}px, ${at.y - TOP}px)` }}
          aria-hidden="true"
          onClick={open}
        >
          <title>{`Show ${count} more`}</title>
          <rect className="graph-handle-touch" x={-20} y={-12} width={40} height={24} />
          <rect className="graph-handle-face" x={-16} y={-8} width={32} height={16} rx={8} />
          <text y={3.5}>+{count > 999 ? '999' : count}</text>
        </g>
      ),
  );
}
