import type { UrlReader } from '../url/url-reader.ts';
import type { SharedFileReader } from './shared-file-reader.ts';
import type { CatalogSource, SourceContext, SourceEvent, SourceRoot } from './source.ts';
import { UrlRun } from './url-run.ts';

/** A wait between polls is up to so much longer than configured, so that sources do not ask all at once. */
const JITTER = 0.5;

/** What a URL source is made of. */
export interface UrlSourceOptions {
  /** Its location is `url:` and an http(s) URL. */
  readonly root: SourceRoot;
  readonly urls: UrlReader;
  /** Parses what was fetched. */
  readonly files: SharedFileReader;
  /** How often the URLs are looked at, seconds; 0: only when asked. */
  readonly refreshSeconds: number;
  /** True for a URL that another source reads: Locations that name it are told as links. Default: none. */
  readonly isForeign?: ((url: string) => boolean) | undefined;
}

/**
 * Reads descriptors behind an http(s) URL and follows their Location entities to further URLs. Tells everything once,
 * and from then on, with each poll, what changed.
 */
export class UrlSource implements CatalogSource {
  readonly id: string;
  readonly root: SourceRoot;
  readonly #urls: UrlReader;
  readonly #files: SharedFileReader;
  readonly #refreshMs: number;
  readonly #isForeign: (url: string) => boolean;
  readonly #asked = new Set<string>();
  #wake: (() => void) | undefined;

  constructor({ root, urls, files, refreshSeconds, isForeign = () => false }: UrlSourceOptions) {
    this.id = root.location;
    this.root = root;
    this.#urls = urls;
    this.#files = files;
    this.#refreshMs = refreshSeconds * 1000;
    this.#isForeign = isForeign;
  }

  /** @throws URL_UNREADABLE where the URL itself cannot be read at the start */
  async *read(context: SourceContext, signal: AbortSignal): AsyncGenerator<readonly SourceEvent[]> {
    const { clock, kinds } = context;
    const run = new UrlRun({
      root: this.root,
      urls: this.#urls,
      reader: this.#files.open(kinds, clock),
      context,
      refreshMs: this.#refreshMs,
      isForeign: this.#isForeign,
      signal,
    });
    const nextPoll = (): number => clock.now() + this.#refreshMs * (1 + clock.random() * JITTER);
    yield* run.scan();
    for (let pollAt = nextPoll(); !signal.aborted;) {
      await this.#rest(pollAt - clock.now(), context, signal);
      if (this.#asked.size > 0) {
        const asked = new Set(this.#asked);
        this.#asked.clear();
        yield* run.refresh(asked);
      } else if (this.#refreshMs > 0 && clock.now() >= pollAt) {
        yield* run.poll();
        pollAt = nextPoll();
      }
    }
  }

  refresh(locations: readonly string[]): void {
    for (const location of locations) this.#asked.add(location);
    this.#wake?.();
  }

  /** Waits until it is time to poll, somebody asks for something, or the signal aborts. */
  #rest(ms: number, { clock }: SourceContext, signal: AbortSignal): Promise<void> {
    if (this.#asked.size > 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#refreshMs > 0 ? clock.after(Math.max(ms, 0), () => end()) : undefined;
      const end = (): void => {
        timer?.cancel();
        signal.removeEventListener('abort', end);
        this.#wake = undefined;
        resolve();
      };
      signal.addEventListener('abort', end);
      this.#wake = end;
    });
  }
}
