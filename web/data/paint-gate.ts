/** What the event stream brings is painted at most four times a second, however much it is and wherever on the page. */
const PAINT_MS = 250;

/** Holds what is to be shown until its time has come; of the same thing only the newest is shown. */
export class PaintGate {
  readonly #waiting = new Map<object, () => void>();
  #shownAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Shows something, at once or together with what else comes soon. `of` is whose state it is. */
  show(of: object, act: () => void): void {
    this.#waiting.set(of, act);
    if (this.#timer !== undefined) return;
    const waitMs = this.#shownAt + PAINT_MS - Date.now();
    if (waitMs <= 0) this.#flush();
    else this.#timer = setTimeout(() => this.#flush(), waitMs);
  }

  /** What waits to be shown of this is out of date. */
  drop(of: object): void {
    this.#waiting.delete(of);
  }

  #flush(): void {
    this.#timer = undefined;
    this.#shownAt = Date.now();
    const acts = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const act of acts) act();
  }
}
