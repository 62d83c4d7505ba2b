import type { DiffHunk } from '../../../../../src/api/acting.ts';

/** One line of a comparison: what stands on the left, on the right, or on both. */
export interface DiffRow {
  readonly left: string | undefined;
  readonly right: string | undefined;
  /** Numbers of the lines, from 1. */
  readonly leftAt: number | undefined;
  readonly rightAt: number | undefined;
  readonly op: ' ' | '+' | '-' | '~';
}

/** The lines of a hunk one below the other. */
export function unifiedRows({ leftStart, rightStart, lines }: DiffHunk): readonly DiffRow[] {
  let [leftAt, rightAt] = [leftStart, rightStart];
  return lines.map(({ op, text }) => ({
    op,
    left: op === '+' ? undefined : text,
    right: op === '-' ? undefined : text,
    leftAt: op === '+' ? undefined : leftAt++,
    rightAt: op === '-' ? undefined : rightAt++,
  }));
}

/** The lines of a hunk beside each other: what went beside what came in its place. */
export function pairedRows(hunk: DiffHunk): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let gone: DiffRow[] = [];
  for (const row of unifiedRows(hunk)) {
    if (row.op === '-') {
      gone.push(row);
      continue;
    }
    const partner = row.op === '+' ? gone.shift() : undefined;
    if (row.op === ' ') rows.push(...gone.splice(0));
    if (partner === undefined) rows.push(row);
    else rows.push({ ...row, op: '~', left: partner.left, leftAt: partner.leftAt });
  }
  return [...rows, ...gone];
}
