const TILE = '[data-tile]';

/** Where a tile is, as far as walking needs it. */
interface Spot {
  readonly tile: HTMLElement;
  readonly x: number;
  readonly y: number;
}

/**
 * The tile that an arrow key leads to from the one that has the focus: the nearest in that direction, rows before columns;
 * Home and End lead to the first and last one.
 */
export function nearestTile(board: HTMLElement, from: Element | null, key: string): HTMLElement | undefined {
  const spots = [...board.querySelectorAll<HTMLElement>(TILE)].map(spotOf);
  const at = spots.findIndex(({ tile }) => tile === from);
  const here = spots[at];
  if (here === undefined) return undefined;
  switch (key) {
    case 'ArrowRight':
      return spots[at + 1]?.tile;
    case 'ArrowLeft':
      return spots[at - 1]?.tile;
    case 'ArrowDown':
      return nearest(
        spots.slice(at + 1).filter(({ y }) => y > here.y + 1),
        here,
      );
    case 'ArrowUp':
      return nearest(
        spots.slice(0, at).filter(({ y }) => y < here.y - 1),
        here,
      );
    case 'Home':
      return spots[0]?.tile;
    case 'End':
      return spots.at(-1)?.tile;
    default:
      return undefined;
  }
}

function spotOf(tile: HTMLElement): Spot {
  const { left, top } = tile.getBoundingClientRect();
  return { tile, x: left, y: top };
}

function nearest(spots: readonly Spot[], here: Spot): HTMLElement | undefined {
  const gap = Math.min(...spots.map(({ y }) => Math.abs(y - here.y)));
  const row = spots.filter(({ y }) => Math.abs(y - here.y) <= gap + 1);
  return row.toSorted((left, right) => Math.abs(left.x - here.x) - Math.abs(right.x - here.x))[0]?.tile;
}
