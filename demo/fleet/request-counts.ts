/** What a server was asked for since it was opened, or since its counts were last forgotten. */
export interface Counted {
  readonly requests: number;
  /** Lists by resource, each once, however many pages it had. */
  readonly lists: Readonly<Record<string, number>>;
  readonly pages: number;
  /** Watches by resource. */
  readonly watches: Readonly<Record<string, number>>;
  /** Those of them that asked for the list as well (WatchList), by resource. */
  readonly streamedLists: Readonly<Record<string, number>>;
  /** Watches that are open now, by resource. */
  readonly open: Readonly<Record<string, number>>;
  /** Requests that were refused, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Connections that were accepted. */
  readonly connections: number;
  /** Bytes of bodies and watch lines that were sent, compressed ones as they went. */
  readonly bytes: number;
}

/** Counts of one server. */
export class RequestCounts {
  #requests = 0;
  #pages = 0;
  #connections = 0;
  #bytes = 0;
  readonly #lists = new Map<string, number>();
  readonly #watches = new Map<string, number>();
  readonly #streamedLists = new Map<string, number>();
  readonly #open = new Map<string, number>();
  readonly #refused = new Map<string, number>();

  connected(): void {
    this.#connections += 1;
  }

  asked(): void {
    this.#requests += 1;
  }

  /** @param isFirst false for a page that goes on with a list */
  listed(plural: string, isFirst: boolean): void {
    this.#pages += 1;
    if (isFirst) add(this.#lists, plural);
  }

  /** A watch begins. @returns what is called at its end */
  watched(plural: string, isStreamedList: boolean): () => void {
    add(this.#watches, plural);
    add(this.#open, plural);
    if (isStreamedList) add(this.#streamedLists, plural);
    return () => add(this.#open, plural, -1);
  }

  refused(code: number): void {
    add(this.#refused, String(code));
  }

  sent(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Begins anew; what is open stays counted. */
  forget(): void {
    this.#requests = this.#pages = this.#connections = this.#bytes = 0;
    for (const counts of [this.#lists, this.#watches, this.#streamedLists, this.#refused]) counts.clear();
  }

  get counted(): Counted {
    return {
      requests: this.#requests,
      lists: Object.fromEntries(this.#lists),
      pages: this.#pages,
      watches: Object.fromEntries(this.#watches),
      streamedLists: Object.fromEntries(this.#streamedLists),
      open: Object.fromEntries([...this.#open].filter(([, count]) => count > 0)),
      refused: Object.fromEntries(this.#refused),
      connections: this.#connections,
      bytes: this.#bytes,
    };
  }
}

function add(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
