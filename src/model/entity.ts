import type { JsonObject } from './json.ts';

/** One typed edge as an entity shows it: always canonical lower-case refs. */
export interface EntityRelation {
  readonly type: string;
  readonly targetRef: string;
}

/** `metadata` of an entity (Backstage's envelope; unknown keys are allowed). */
export interface EntityMetadata extends JsonObject {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly etag?: string;
  readonly title?: string;
  readonly description?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly tags?: readonly string[];
  readonly links?: readonly JsonObject[];
}

/**
 * An entity in Backstage's envelope, as a source declares it: without the server-made `relations` and `status`.
 * `metadata.namespace` is always present once stored.
 */
export interface Entity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: EntityMetadata;
  readonly spec?: JsonObject;
}

/** An entity as the read APIs return it. */
export interface RenderedEntity extends Entity {
  readonly relations: readonly EntityRelation[];
}
