import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { LocationState } from '../model/location.ts';
import type { DeclaredEntity } from './descriptor.ts';
import type { Finding } from './finding.ts';
import type { KindSet } from './kind-set.ts';

/** Everything that one location (a file, later a URL) says now. */
export interface LocationReading {
  /** Location ref, `type:target`. */
  readonly location: string;
  /** Ref of the location that named this one, where one did. */
  readonly parent?: string | undefined;
  /** Hash of the content and of everything else that the reading depended on. */
  readonly fingerprint: string;
  readonly entities: readonly DeclaredEntity[];
  readonly findings: readonly Finding[];
  /** Refs of invalid documents: what they declared before stays. */
  readonly invalidRefs: readonly string[];
  /** True where a document cannot be read at all: nothing that the location declared before is removed. */
  readonly hasUnreadable: boolean;
  readonly commit?: string | undefined;
}

/** What a source tells about its locations. */
export type SourceEvent =
  | { readonly type: 'read'; readonly reading: LocationReading }
  /** The location is no longer there. */
  | { readonly type: 'gone'; readonly location: string }
  /**
   * The source has looked at everything and told all; its entities are as fresh as they can be. `ignored` counts the
   * documents that are no descriptors, in files that were read since the source was started.
   */
  | { readonly type: 'synced'; readonly ignored: number };

/** What a source is given to work with. */
export interface SourceContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly kinds: KindSet;
  /** What the catalog holds of a location; a reading with an equal fingerprint need not be told. */
  known(location: string): LocationState | undefined;
  /** The locations that the catalog has from this source. */
  knownLocations(): readonly LocationState[];
}

/** One place that entities come from. Each has its own queue, back-off and freshness, so a sick one delays nobody. */
export interface CatalogSource {
  /** Stable over restarts. */
  readonly id: string;
  /** Location ref that stands for the source itself in problems. */
  readonly location: string;
  /** Where it was configured, for messages. */
  readonly configuredAt: string;
  /**
   * Tells what there is and then what changes, in batches of a bounded size; the next batch is made when the reader
   * asks for it. Runs until the signal aborts. Throws when the source as a whole cannot be read: nothing is removed
   * then, and it is started again later.
   */
  read(context: SourceContext, signal: AbortSignal): AsyncIterable<readonly SourceEvent[]>;
  /** Asks for locations to be told again even if they did not change. Locations of others are ignored. */
  refresh(locations: readonly string[]): void;
}
