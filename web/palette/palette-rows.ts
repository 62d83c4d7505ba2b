import { GROUP_ROWS, GROUPS, type PaletteGroup, type PaletteRow } from './palette-item.ts';

/** Rows under one title. */
export interface RowGroup {
  readonly group: PaletteGroup;
  /** Index of the first of them among all. */
  readonly first: number;
  readonly rows: readonly PaletteRow[];
}

const ORDER = Object.keys(GROUPS) as readonly PaletteGroup[];

/** Rows in the order of their groups, each thing once, and no more of a group than are shown. */
export function inGroups(rows: readonly PaletteRow[]): readonly PaletteRow[] {
  const seen = new Set<string>();
  const byGroup = new Map<PaletteGroup, PaletteRow[]>(ORDER.map((group) => [group, []]));
  for (const row of rows) {
    const shown = byGroup.get(row.item.group);
    if (seen.has(row.item.id) || shown === undefined || shown.length >= GROUP_ROWS) continue;
    seen.add(row.item.id);
    shown.push(row);
  }
  return [...byGroup.values()].flat();
}

/**
 * What is shown when more has come for the same text: the rows down to the one that is highlighted stay where they are, what
 * is new comes after them. So Enter always opens what the eye was on.
 *
 * @param shown what is on the screen
 * @param active index of the highlighted row; -1: none
 * @param wanted what should be there
 */
export function mergeRows(
  shown: readonly PaletteRow[],
  active: number,
  wanted: readonly PaletteRow[],
): readonly PaletteRow[] {
  const newer = new Map(wanted.map((row) => [row.item.id, row]));
  const kept = shown.slice(0, active + 1).map((row) => {
    const now = newer.get(row.item.id);
    // The newer one knows more, but its place is where it stood.
    return now ? { ...now, item: { ...now.item, group: row.item.group } } : row;
  });
  const ids = new Set(kept.map(({ item }) => item.id));
  return [...kept, ...wanted.filter(({ item }) => !ids.has(item.id))];
}

/** Rows under their titles, from above; a title comes again where rows of others stand between. */
export function groupRows(rows: readonly PaletteRow[]): readonly RowGroup[] {
  const groups: { group: PaletteGroup; first: number; rows: PaletteRow[] }[] = [];
  for (const [first, row] of rows.entries()) {
    const last = groups.at(-1);
    if (last?.group === row.item.group) last.rows.push(row);
    else groups.push({ group: row.item.group, first, rows: [row] });
  }
  return groups;
}
