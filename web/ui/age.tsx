import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { ageText } from '../../src/base/age-text.ts';
import { momentText } from './moment-text.ts';

const TICK_MS = 1000;

/** The present for everything on the page that shows an age: one timer, and only while somebody looks. */
class Ticker {
  #now = Date.now();
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly now = (): number => this.#now;

  #tick(): void {
    this.#now = Date.now();
    for (const listener of this.#listeners) listener();
  }
}

const ticker = new Ticker();

/**
 * How long ago `at` (ms since the epoch) was, kept current; the exact moment stands in the tooltip. `suffix` follows the
 * age, e.g. ` ago`.
 */
export function Age({ at, suffix = '' }: { readonly at: number; readonly suffix?: string }): ReactNode {
  // The text is the snapshot: an age of hours is drawn again when its hour changes, not every second.
  const text = useSyncExternalStore(ticker.subscribe, () => ageText(ticker.now() - at));
  return (
    <time className="age" dateTime={new Date(at).toISOString()} title={momentText(at)}>
      {text}
      {suffix}
    </time>
  );
}

/** How long until `at` (ms since the epoch), kept current; `due` once it has come. */
export function Until({ at }: { readonly at: number }): ReactNode {
  const text = useSyncExternalStore(ticker.subscribe, () =>
    at <= ticker.now() ? 'due' : `in ${ageText(at - ticker.now())}`,
  );
  return (
    <time className="age" dateTime={new Date(at).toISOString()} title={momentText(at)}>
      {text}
    </time>
  );
}
