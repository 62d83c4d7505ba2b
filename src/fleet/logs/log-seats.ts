/** Logs of one cluster that are read at once over all readers; each goes on in its API server and in a node. */
export const MOST_OF_CLUSTER = 90;
/** Those of them that one reader has: others must be able to read during a trouble that everybody looks at. */
export const MOST_OF_READER = 60;

/** Why a log is not read. */
export type SeatRefusal = 'cluster' | 'reader';

/** The logs of each cluster that are read at once. */
export class LogSeats {
  readonly #taken = new Map<string, number>();

  /** How many more of a cluster can be read now. */
  free(cluster: string): number {
    return MOST_OF_CLUSTER - (this.#taken.get(cluster) ?? 0);
  }

  /** The seats of one reader. */
  forReader(): ReaderSeats {
    const own = new Map<string, number>();
    return {
      take: (cluster) => {
        if (countOf(own, cluster) >= MOST_OF_READER) return 'reader';
        if (this.free(cluster) <= 0) return 'cluster';
        for (const counts of [own, this.#taken]) counts.set(cluster, countOf(counts, cluster) + 1);
        let isLeft = false;
        return () => {
          if (isLeft) return;
          isLeft = true;
          for (const counts of [own, this.#taken]) giveBack(counts, cluster);
        };
      },
    };
  }
}

/** Takes seats for one reader. */
export interface ReaderSeats {
  /** @returns gives it back, or why there is none */
  take(cluster: string): (() => void) | SeatRefusal;
}

function countOf(counts: ReadonlyMap<string, number>, cluster: string): number {
  return counts.get(cluster) ?? 0;
}

function giveBack(counts: Map<string, number>, cluster: string): void {
  const left = countOf(counts, cluster) - 1;
  if (left > 0) counts.set(cluster, left);
  else counts.delete(cluster);
}
