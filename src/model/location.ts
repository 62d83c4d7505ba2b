/** What is known of one location (a file, a URL) that a source reads. Identity is `ref`. */
export interface LocationState {
  /** Location ref, `type:target`. */
  readonly ref: string;
  /** Id of the source that reads it. */
  readonly source: string;
  /** Ref of the location that named this one, where one did. */
  readonly parent?: string | undefined;
  /** Ref of the Location entity that names this one; a generated one for what is configured or registered. */
  readonly parentEntity?: string | undefined;
  /** Hash of the content and of everything its reading depended on; an equal hash means nothing to do. */
  readonly fingerprint: string;
  /** Number of entities that it holds in the catalog. */
  readonly entities: number;
  /** Last change of the fingerprint, ms since the epoch. */
  readonly changedAt: number;
}
