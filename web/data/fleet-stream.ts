import { useEffect, useEffectEvent, useRef } from 'react';
import type { FleetChanges } from '../../src/api/fleet-changes.ts';
import { resources, signIn } from './session.ts';

/** What changed in the fleet; `relist`: anything may have. */
export type FleetNews = Pick<FleetChanges, 'objects' | 'clusters'> | 'relist';

/** Wait before a stream that was refused is tried again; what is shown is asked again meanwhile. */
const REFUSED_MS = 10_000;

/**
 * The stream of the fleet's changes, for as long as a part of the page listens and the tab is in sight: a hidden tab holds no
 * connection and asks everything again when it is seen.
 */
class FleetStream {
  readonly #listeners = new Set<(news: FleetNews) => void>();
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  add(listener: (news: FleetNews) => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      document.addEventListener('visibilitychange', this.#onVisibility);
      this.#open();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      document.removeEventListener('visibilitychange', this.#onVisibility);
      this.#close();
    };
  }

  readonly #onVisibility = (): void => {
    if (document.visibilityState === 'hidden') this.#close();
    else if (this.#source === undefined) this.#open();
  };

  #open(): void {
    if (document.visibilityState === 'hidden') return;
    clearTimeout(this.#timer);
    const source = new EventSource('/api/v1/fleet/changes');
    this.#source = source;
    source.addEventListener('changes', ({ data }: MessageEvent<string>) =>
      this.#tell(JSON.parse(data) as FleetChanges),
    );
    // What happened between the answer of a page and the stream's beginning was told to nobody.
    source.addEventListener('open', () => this.#tell('relist'));
    source.addEventListener('relist', () => this.#tell('relist'));
    source.addEventListener('ended', () => {
      this.#close();
      signIn.end();
    });
    source.addEventListener('error', () => {
      // The browser comes back by itself after a loss; after a refusal it does not.
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      this.#close();
      this.#timer = setTimeout(() => {
        this.#open();
        this.#tell('relist');
      }, REFUSED_MS);
    });
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #tell(news: FleetNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}

const stream = new FleetStream();

/**
 * Calls when something in the fleet changed, while this part of the page is there; at most a few times a second.
 *
 * @param isOn false: nobody listens, e.g. where there is no cluster
 */
export function useFleetNews(listener: (news: FleetNews) => void, isOn = true): void {
  const tell = useEffectEvent(listener);
  useEffect(() => (isOn ? stream.add((news) => tell(news)) : undefined), [isOn]);
}

/**
 * Asks a question again soon after something happened that matters to it, however much happens.
 *
 * @param key the question's identity
 * @param afterMs it is asked again this often at most
 */
export function useFleetRepeat(key: string, afterMs: number, matters: (news: FleetNews) => boolean, isOn = true): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [key],
  );
  useFleetNews((news) => {
    if (timer.current !== undefined || !matters(news)) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      resources.outdate(key);
    }, afterMs);
  }, isOn);
}
