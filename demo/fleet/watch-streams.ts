import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { ApiStatusError } from './api-status.ts';
import type { Cluster } from './cluster.ts';
import { breakOff, type Exchange, type ResourceTarget } from './exchange.ts';
import { disguiseOf } from './faults-lies.ts';
import type { FaultState } from './faults.ts';
import { choiceOf, startWatch } from './list-watch.ts';
import { eventBytes, mediaType, otherBytes, type Representation, representationOf } from './representation.ts';
import type { RequestCounts } from './request-counts.ts';

const BOOKMARK_MS = 60_000;
const USUAL_WATCH_S = 1_800;

/** A watch that is open. */
interface OpenWatch {
  readonly plural: string;
  readonly response: Http2ServerResponse;
  readonly stop: () => void;
  readonly bookmark: (behind?: number) => void;
}

/** The watches that a server has open. */
export class WatchStreams {
  readonly #cluster: Cluster;
  readonly #faults: FaultState;
  readonly #counts: RequestCounts;
  readonly #open = new Set<OpenWatch>();
  #lyingBookmarks: NodeJS.Timeout | undefined;

  constructor(cluster: Cluster, faults: FaultState, counts: RequestCounts) {
    this.#cluster = cluster;
    this.#faults = faults;
    this.#counts = counts;
  }

  /** Answers a watch, until it or the client ends it. @throws ApiStatusError before anything was sent */
  open({ request, response, url }: Exchange, { resource, namespace, name }: ResourceTarget): void {
    const { store, now, hasWatchList } = this.#cluster;
    const query = url.searchParams;
    const how = representationOf(request.headers.accept, query.get('includeObject'), resource);
    const line = this.#lines(response, resource.plural, how);
    let watch: ReturnType<typeof startWatch>;
    try {
      this.#refuseOld(query, resource.plural);
      const disguise = disguiseOf(this.#faults, resource.plural);
      watch = startWatch({
        collection: store.collection(resource),
        choice: choiceOf(resource, namespace, query, name),
        query,
        how,
        hasWatchList,
        resourceVersion: () => store.resourceVersion,
        time: now,
        write: line.write,
        ...(disguise && { disguise }),
      });
    } catch (error) {
      if (!(error instanceof ApiStatusError) || error.reason !== 'Expired') throw error;
      // An old resourceVersion is told within the stream.
      line.write(eventBytes('ERROR', otherBytes('Status', error.body, how)));
      response.end();
      return;
    }
    line.begin();
    this.#keep(response, resource.plural, query, watch);
  }

  /** Ends the watches of some resources, or all. @param how cut: as if the network broke; else as at their time */
  end(how: 'cut' | 'end', resources?: readonly string[]): void {
    for (const { plural, response, stop } of this.#open) {
      if (resources !== undefined && !resources.includes(plural)) continue;
      stop();
      if (how === 'cut') breakOff(response);
      else response.end();
    }
  }

  /** Sends bookmarks as the fault says, from now on; or no more. */
  lieAboutTime(): void {
    clearInterval(this.#lyingBookmarks);
    const fault = this.#faults.find('bookmarks');
    if (!fault) return;
    this.#lyingBookmarks = setInterval(() => {
      const behind = fault.isShuffled ? Math.floor(Math.random() * fault.behind) : fault.behind;
      for (const { bookmark } of this.#open) bookmark(behind);
    }, fault.everyMs);
  }

  /** Where the events of a watch go. Headers go out with the first: what is refused is refused with a code of its own. */
  #lines(
    response: Http2ServerResponse,
    plural: string,
    how: Representation,
  ): { write(event: string | Buffer): void; begin(): void } {
    let isBegun = false;
    let count = 0;
    const head = (): void => {
      if (!isBegun) response.writeHead(200, { 'content-type': mediaType(how, true) });
      isBegun = true;
    };
    const send = (event: string | Buffer): void => {
      this.#counts.sent(event.length);
      response.write(event);
    };
    const write = (event: string | Buffer): void => {
      if (response.destroyed || response.writableEnded) return;
      // What a server that hangs does not say is lost: its watches are cut when it goes on.
      if (this.#faults.find('hang', plural)) return;
      head();
      count += 1;
      const truncated = this.#faults.find('truncated', plural);
      if (truncated && count % truncated.everyLines === 0) {
        send(halfOf(event));
        response.end();
        return;
      }
      send(event);
      if (this.#faults.find('repeated')) send(event);
    };
    const begin = (): void => {
      if (isBegun) return;
      head();
      // Over HTTP/1.1 they wait for a body otherwise.
      if ('flushHeaders' in response) (response as unknown as ServerResponse).flushHeaders();
    };
    return { write, begin };
  }

  #keep(
    response: Http2ServerResponse,
    plural: string,
    query: URLSearchParams,
    watch: ReturnType<typeof startWatch>,
  ): void {
    const ended = this.#counts.watched(plural, query.get('sendInitialEvents') === 'true');
    const bookmarks = setInterval(() => watch.bookmark(), BOOKMARK_MS);
    const seconds = Number(query.get('timeoutSeconds') ?? USUAL_WATCH_S) || USUAL_WATCH_S;
    const end = setTimeout(() => {
      watch.bookmark();
      stop();
      response.end();
    }, seconds * 1000);
    const stop = (): void => {
      if (!this.#open.delete(open)) return;
      watch.stop();
      ended();
      clearInterval(bookmarks);
      clearTimeout(end);
    };
    const open = { plural, response, stop, bookmark: watch.bookmark };
    this.#open.add(open);
    response.once('close', stop);
  }

  #refuseOld(query: URLSearchParams, plural: string): void {
    const version = query.get('resourceVersion') ?? '';
    if (version === '' || version === '0' || !this.#faults.find('expired', plural)) return;
    throw new ApiStatusError(
      'Expired',
      `too old resource version: ${version} (${this.#cluster.store.resourceVersion})`,
    );
  }
}

/** The first half of what was to be sent. */
export function halfOf(whole: string | Buffer): string | Buffer {
  const half = Math.floor(whole.length / 2);
  return typeof whole === 'string' ? whole.slice(0, half) : whole.subarray(0, half);
}
