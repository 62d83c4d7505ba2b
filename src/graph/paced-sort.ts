import type { Pace } from './pacer.ts';

/** Sorted at once; a few thousand comparisons are done well within a turn. */
const RUN = 512;

/** Sorts without holding the event loop: short runs, then merged. @returns another array */
export async function pacedSort<Item>(
  items: readonly Item[],
  compare: (left: Item, right: Item) => number,
  pace: Pace,
): Promise<readonly Item[]> {
  let runs: Item[][] = [];
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(items.slice(at, at + RUN).sort(compare));
    if (pace.isDue()) await pace.pause();
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? [], compare, pace));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<Item>(
  left: Item[],
  right: Item[],
  compare: (left: Item, right: Item) => number,
  pace: Pace,
): Promise<Item[]> {
  const [last, first] = [left.at(-1), right[0]];
  if (last === undefined || first === undefined || compare(last, first) <= 0) return left.concat(right);
  const merged: Item[] = [];
  let [at, other] = [0, 0];
  for (let one = left[at], two = right[other]; one !== undefined && two !== undefined;) {
    if (compare(one, two) <= 0) {
      merged.push(one);
      one = left[++at];
    } else {
      merged.push(two);
      two = right[++other];
    }
    if (merged.length % RUN === 0 && pace.isDue()) await pace.pause();
  }
  return merged.concat(left.slice(at), right.slice(other));
}
