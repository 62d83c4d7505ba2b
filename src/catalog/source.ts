import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { LocationState } from '../model/location.ts';
import type { AllowedKind } from '../model/catalog-rule.ts';
import type { DeclaredEntity } from './descriptor.ts';
import type { Finding } from './finding.ts';
import type { KindSet } from './kind-set.ts';

/** The root that a source reads: a location of the configuration, a registered one, or one that another source's Location names. */
export interface SourceRoot {
  /** Location ref, `type:target`. It is the source's id too. */
  readonly location: string;
  /** Ref of the configured or registered location at the top of the chain. */
  readonly origin: string;
  /** Ref of the location whose Location entity names this one, where one does. */
  readonly parent?: string | undefined;
  /** Ref of the Location entity that names it: a generated one for configured and registered locations. */
  readonly parentEntity: string;
  /** Where it was configured or registered, for messages. */
  readonly configuredAt: string;
  /** True where it is no problem that there is nothing. */
  readonly optional: boolean;
}

/** Everything that one location (a file, a URL) says now. */
export interface LocationReading {
  /** Location ref, `type:target`. */
  readonly location: string;
  /** Ref of the location that named this one, where one did. */
  readonly parent?: string | undefined;
  /** Ref of the Location entity that names it. */
  readonly parentEntity: string;
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

/** A target of a Location that this source cannot read itself: a source of its own is made for it. */
export interface TargetLink {
  /** Location ref of the target, absolute. */
  readonly location: string;
  /** Ref of the Location entity that names it. */
  readonly entityRef: string;
  /** True where it is no problem that there is nothing. */
  readonly optional: boolean;
}

/** What a source tells about its locations. */
export type SourceEvent =
  | { readonly type: 'read'; readonly reading: LocationReading }
  /** All that the Locations of a location link to elsewhere, told whenever it is read while it links or has linked. */
  | { readonly type: 'links'; readonly location: string; readonly links: readonly TargetLink[] }
  /** Locations that `refresh` asked for were looked at again; what they said was told before. */
  | { readonly type: 'refreshed'; readonly locations: readonly string[] }
  /** The location is no longer there. */
  | { readonly type: 'gone'; readonly location: string }
  /**
   * The source has looked at everything and told all; its entities are as fresh as they can be. `ignored` counts the
   * documents that are no descriptors, in files that were read since the source was started.
   */
  | { readonly type: 'synced'; readonly ignored: number }
  /** The root could not be read this time: what was told stays, and is fresh no more. Looked at again in `retryMs`; 0: when asked. */
  | { readonly type: 'unreadable'; readonly reason: string; readonly retryMs: number };

/** What a source is given to work with. */
export interface SourceContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly kinds: KindSet;
  /** The kinds that entities of this root may have; absent: all. */
  readonly allowed?: readonly AllowedKind[] | undefined;
  /** True where locations are read exactly as Backstage reads them, see `catalog.exact` of the configuration. */
  readonly exact: boolean;
  /**
   * What the catalog holds of a location from this source: a reading with an equal fingerprint need not be told. What it
   * holds from another source is told all the same, so that it stays when that one goes.
   */
  known(location: string): LocationState | undefined;
  /** The locations that the catalog has from this source. */
  knownLocations(): readonly LocationState[];
  /** What a location of this source links to elsewhere, as it was told last, be it before a restart. */
  linksOf(location: string): readonly TargetLink[];
}

/** One place that entities come from. Each has its own queue, back-off and freshness, so a sick one delays nobody. */
export interface CatalogSource {
  /** Stable over restarts: the location ref of its root. It stands for the source itself in problems. */
  readonly id: string;
  readonly root: SourceRoot;
  /**
   * Tells what there is and then what changes, in batches of a bounded size; the next batch is made when the reader
   * asks for it. Runs until the signal aborts. Throws when the source as a whole cannot be read: nothing is removed
   * then, and it is started again later.
   */
  read(context: SourceContext, signal: AbortSignal): AsyncIterable<readonly SourceEvent[]>;
  /**
   * Asks for locations to be looked at again now, and told again even if they did not change; all of the source's where
   * its own id is among them. It answers by a `refreshed` event that names those which are its own.
   */
  refresh(locations: readonly string[]): void;
}
