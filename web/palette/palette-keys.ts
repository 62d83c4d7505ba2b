import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { GROUP_ROWS, type PaletteItem, type PaletteRow } from './palette-item.ts';
import type { PaletteRows } from './use-rows.ts';

/** What the keys of the field can do. */
export interface PaletteActs {
  readonly typed: string;
  /** True where there is no layer below. */
  readonly isFirst: boolean;
  readonly choose: (index: number) => void;
  readonly open: (row: PaletteRow, inNewTab: boolean) => void;
  readonly drill: (item: PaletteItem) => void;
  readonly back: () => void;
}

/** The keys of the field. Enter before there is anything to open is kept until there is. */
export function usePaletteKeys(
  found: PaletteRows,
  acts: PaletteActs,
): (event: KeyboardEvent<HTMLInputElement>) => void {
  const { rows, active, isWaiting } = found;
  const kept = useRef<{ readonly typed: string; readonly inNewTab: boolean } | undefined>(undefined);
  useEffect(() => {
    const enter = kept.current;
    if (isWaiting || !enter) return;
    kept.current = undefined;
    const [first] = rows;
    if (first && enter.typed === acts.typed) acts.open(first, enter.inNewTab);
  });
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: GROUP_ROWS,
    PageUp: -GROUP_ROWS,
  };
  return (event) => {
    if (event.nativeEvent.isComposing) return;
    const row = rows[active];
    const step = steps[event.key];
    if (step !== undefined) {
      if (rows.length > 0) acts.choose(stepped(active, step, rows.length));
    } else if (event.key === 'Enter') {
      const inNewTab = event.ctrlKey || event.metaKey;
      if (row) acts.open(row, inNewTab);
      else if (isWaiting) kept.current = { typed: acts.typed, inNewTab };
    } else if (event.key === 'Tab' && !event.shiftKey && (row?.item.entity ?? row?.item.typed) !== undefined) {
      if (row) acts.drill(row.item);
    } else if (event.key === 'Escape' || (event.key === 'Backspace' && acts.typed === '' && !acts.isFirst)) acts.back();
    else return;
    event.preventDefault();
  };
}

/** One step goes round; a page stops at either end. */
function stepped(at: number, step: number, length: number): number {
  if (Math.abs(step) === 1) return (Math.max(at, step === 1 ? -1 : 0) + step + length) % length;
  return Math.min(length - 1, Math.max(0, at + step));
}
