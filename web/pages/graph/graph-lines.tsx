import type { ReactNode } from 'react';
import { pathOf } from './geometry.ts';
import type { Line } from './scene.ts';
import { textWidth } from './text-width.ts';
import { MOST_WORDS, type LaidOut } from './use-layout.ts';

/** How a line of a relation is drawn: dependencies whole, belonging broken, by type. */
export function lineStyle(type: string): string {
  switch (type) {
    case 'dependsOn':
      return 'graph-line-depends';
    case 'consumesApi':
    case 'providesApi':
      return 'graph-line-api';
    case 'partOf':
      return 'graph-line-part';
    case 'ownedBy':
    case 'memberOf':
    case 'childOf':
      return 'graph-line-people';
    default:
      return 'graph-line-other';
  }
}

/** The lines of a picture. Those of the box at hand come forward, with their words. */
export function GraphLines({
  laidOut,
  near,
}: {
  readonly laidOut: LaidOut;
  /** Id of the box under the pointer or the focus. */
  readonly near: string | undefined;
}): ReactNode {
  const { lines, boxes } = laidOut.scene;
  const root = boxes.find(({ isRoot }) => isRoot)?.id;
  const isNear = ({ from, to }: Line): boolean => from === near || to === near;
  // The last drawn lies on top.
  const ordered = [...lines.filter((line) => !isNear(line)), ...lines.filter(isNear)];
  const bearWords = lines.length <= MOST_WORDS;
  const look = (line: Line): string => (near === undefined ? '' : isNear(line) ? 'is-near' : 'is-dim');
  // Inside a column there is no room for words: they come with the box at hand.
  const isAcross = ({ from, to }: Line): boolean => {
    const [start, end] = [laidOut.layout.boxes.get(from), laidOut.layout.boxes.get(to)];
    return start?.x !== end?.x;
  };
  const bearsWords = (line: Line): boolean =>
    near === undefined ? isAcross(line) && (bearWords || line.from === root || line.to === root) : isNear(line);
  return (
    <g aria-hidden="true">
      {ordered.map((line) => (
        <Stroke key={line.id} line={line} laidOut={laidOut} look={look(line)} />
      ))}
      {ordered.filter(bearsWords).map((line) => (
        <Words key={line.id} line={line} laidOut={laidOut} look={look(line)} />
      ))}
    </g>
  );
}

interface LineProps {
  readonly line: Line;
  readonly laidOut: LaidOut;
  readonly look: string;
}

function Stroke({ line, laidOut, look }: LineProps): ReactNode {
  const way = laidOut.layout.lines.get(line.id);
  if (!way) return null;
  const path = pathOf(way.points);
  return (
    <g className={`graph-line ${lineStyle(line.types[0]?.type ?? '')} ${look}`}>
      <path className="graph-line-touch" d={path}>
        <title>{line.words}</title>
      </path>
      <path className="graph-line-stroke" d={path} markerEnd="url(#graph-arrow)" />
    </g>
  );
}

/** Above all strokes: no other line goes through the words of one. */
function Words({ line, laidOut, look }: LineProps): ReactNode {
  const way = laidOut.layout.lines.get(line.id);
  if (!way) return null;
  const room = textWidth(line.words, 11) + 8;
  return (
    <g className={`graph-line ${look}`} transform={`translate(${way.words.x} ${way.words.y})`}>
      <rect className="graph-words-ground" x={-room / 2} y={-8} width={room} height={16} rx={3} />
      <text className="graph-words" y={4}>
        {line.words}
      </text>
    </g>
  );
}
