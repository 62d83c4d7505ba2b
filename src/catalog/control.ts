import type { JsonValue } from '../model/json.ts';
import type { Entity } from '../model/entity.ts';
import type { View } from '../graph/view.ts';
import type { Finding } from './finding.ts';

/** A location as it is registered: where entities are read from. */
export interface LocationSpec {
  /** `url`, `git` or `file`. */
  readonly type: string;
  readonly target: string;
  /** `optional`: it is no problem that there is nothing. Default `required`. */
  readonly presence?: 'required' | 'optional' | undefined;
}

/** A registered location. Its Location entity, in the catalog like any other, is what keeps it. */
export interface Registration extends LocationSpec {
  /** The uid of its entity. */
  readonly id: string;
  /** `location:default/generated-<sha1 hex of type:target>`, of the first target that it had. */
  readonly entityRef: string;
}

/** What one entity of a preview would do to the catalog. */
export interface PreviewedEntity {
  readonly ref: string;
  readonly entity: Entity;
  readonly location: string;
  /** 1-based. */
  readonly line: number;
  /** Ref of the Location entity that names its location; absent for the generated one. */
  readonly parentEntity?: string | undefined;
  /** `conflict`: another location declares it, so nothing would change. */
  readonly change: 'create' | 'update' | 'unchanged' | 'conflict';
  /** Who declares it now, for a conflict. */
  readonly owner?: { readonly location: string; readonly line: number } | undefined;
}

/** What registering a location would do. Nothing is stored. */
export interface LocationPreview {
  readonly location: LocationSpec & { readonly entityRef: string };
  /** True when it is registered already. */
  readonly exists: boolean;
  /** The generated Location first, then the others as they are read. */
  readonly entities: readonly PreviewedEntity[];
  readonly findings: readonly (Finding & { readonly location: string })[];
}

/** What a refresh did. */
export interface RefreshReport {
  /** Location refs that were looked at again. */
  readonly locations: readonly string[];
  readonly changes: readonly { readonly ref: string; readonly change: 'created' | 'updated' | 'deleted' }[];
  /** Sources of these locations, and locations, that could not be read. */
  readonly failures: readonly { readonly source: string; readonly error: string }[];
  /** True when not all had been looked at when the wait ended; they go on being looked at. */
  readonly pending: boolean;
}

/** When a source was looked at last, and is next; ms since the epoch. */
export interface SourceLooks {
  /** The last success. */
  readonly lastAt?: number | undefined;
  /** About when; absent where it is watched. */
  readonly nextAt?: number | undefined;
}

/** What to refresh; what is named must be visible. */
export type RefreshTarget =
  | { readonly entityRef: string }
  /** A location ref, or the id of a source for all of it. */
  | { readonly location: string };

/**
 * The catalog's sources as routes work them. It lives as long as the catalog runs in this server.
 * Codes: LOCATION_TYPE_REFUSED 400, LOCATION_TARGET_INVALID 400, LOCATION_EXISTS 409, LOCATION_UNKNOWN 404,
 * CATALOG_READONLY 403, CATALOG_NOT_RUNNING 503.
 */
export interface CatalogControl {
  /** The registered locations whose entity the view shows, by id. Configured ones are not among them. */
  registrations(view: View): readonly Registration[];
  /** Reads a location without storing anything. @param view says what exists already, and hides what it hides */
  preview(spec: LocationSpec, view: View, signal: AbortSignal): Promise<LocationPreview>;
  /** @throws LOCATION_EXISTS where type and target are registered already */
  register(spec: LocationSpec): Promise<Registration>;
  /** Changes type and target in place; the entity keeps its ref. @throws LOCATION_UNKNOWN, LOCATION_EXISTS */
  relocate(id: string, spec: LocationSpec): Promise<Registration>;
  /** What of the view would go with a registered location, by ref. @throws LOCATION_UNKNOWN */
  previewRemoval(id: string, view: View): readonly string[];
  /** Takes a location back with all that came from it. @throws LOCATION_UNKNOWN */
  unregister(id: string): Promise<void>;
  /**
   * Looks again at where an entity comes from, up to the root that leads to it, or at a location, and waits for it.
   * @param waitMs how long at most, ms
   * @returns undefined where there is no such entity, location or source
   */
  refresh(target: RefreshTarget, view: View, waitMs: number): Promise<RefreshReport | undefined>;
  /** When a source was looked at, where it is read by this server. */
  looksOf(source: string): SourceLooks;
  /** Takes an entity out; a location that still declares it brings it back. Nothing happens where there is none. */
  removeEntity(ref: string): Promise<void>;
  /** Checks an entity as if it stood at a location, placeholders included, without storing it. */
  validate(entity: JsonValue, location: string, signal: AbortSignal): Promise<readonly Finding[]>;
}

/** One entity on the way from an entity up to the location that leads to it. */
export interface Ancestor {
  readonly ref: string;
  /** Refs of the Location entities that name where it stands. */
  readonly parents: readonly string[];
}
