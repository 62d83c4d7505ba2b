import { useState } from 'react';

/** What a list shows while a newer answer waits. */
export interface SteadyItems<T> {
  readonly items: readonly T[];
  /** Number of rows that came or went in the answer that waits; 0: none waits. */
  readonly waiting: number;
  readonly show: () => void;
}

/**
 * Keeps the rows of a list where they are while somebody is at it (`isBusy`): what changed in a row shows at once, but
 * rows that come, go or move wait until they are asked for, or until nobody is at the list.
 *
 * @param question identity of what is listed; another question shows its answer at once
 * @param identify identity of a row
 */
export function useSteadyItems<T>(
  question: string,
  items: readonly T[],
  identify: (item: T) => string,
  isBusy: boolean,
): SteadyItems<T> {
  const [shown, setShown] = useState({ question, items });
  const show = (): void => setShown({ question, items });
  if (shown.question === question && shown.items === items) return { items, waiting: 0, show };
  const { rows, waiting } = keepRows(shown.items, items, identify);
  if (shown.question !== question || !isBusy || waiting === 0) {
    setShown({ question, items });
    return { items, waiting: 0, show };
  }
  return { items: rows, waiting, show };
}

/** The old rows in their old places with their new content, and how many of the new answer's rows that leaves out. */
export function keepRows<T>(
  before: readonly T[],
  after: readonly T[],
  identify: (item: T) => string,
): { readonly rows: readonly T[]; readonly waiting: number } {
  const newById = new Map(after.map((item) => [identify(item), item]));
  const oldIds = new Set(before.map(identify));
  const came = after.filter((item) => !oldIds.has(identify(item))).length;
  const went = before.filter((item) => !newById.has(identify(item))).length;
  const isMoved = before.some((item, at) => {
    const other = after[at];
    return other === undefined || identify(other) !== identify(item);
  });
  const waiting = Math.max(came, went, isMoved ? 1 : 0);
  return { rows: before.map((item) => newById.get(identify(item)) ?? item), waiting };
}
