/** One object of a cluster. */
export interface TiedQuery {
  readonly cluster: string;
  /** Id of the kind. */
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** Refs of the entities whose own it is because they say so. What is only guessed by a name is not among them. */
export interface TiedEntities {
  readonly refs: readonly string[];
}
