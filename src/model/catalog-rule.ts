/** A kind of entity that may come from a location. Letter case does not count. */
export interface AllowedKind {
  readonly kind: string;
  /** Value of `spec.type`; absent: any. */
  readonly type?: string | undefined;
}

/** One rule of `catalog.rules`: which kinds may come from which locations. */
export interface CatalogRule {
  readonly allow: readonly AllowedKind[];
  /** Absent: from all locations. */
  readonly locations?: readonly RuleLocation[] | undefined;
}

/** Which locations a rule is for; what is absent matches all. */
export interface RuleLocation {
  readonly type?: string | undefined;
  /** The target as it is. */
  readonly exact?: string | undefined;
  /** A pattern for the target; letter case does not count. */
  readonly pattern?: string | undefined;
}
