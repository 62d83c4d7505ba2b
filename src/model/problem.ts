/** How bad a problem is: an `error` kept something out of the catalog, a `warning` did not. */
export type ProblemSeverity = 'error' | 'warning';

/**
 * Something wrong with what a source declares, kept until the source declares it right.
 * Identity is (source, location, code, line, path, entityRef), hashed to `id`.
 */
export interface Problem {
  readonly id: string;
  /** Id of the source that found it. */
  readonly source: string;
  /** Location ref, `type:target`, e.g. `file:/srv/catalog/a.yaml`. */
  readonly location: string;
  /** Stable machine word, e.g. `yaml-syntax`, `entity-schema`, `target-missing`, `duplicate-ref`, `dangling-relation`. */
  readonly code: string;
  readonly severity: ProblemSeverity;
  /** One sentence that names what is wrong and the offending value. */
  readonly message: string;
  /** What to do about it, where it is known. */
  readonly fix?: string | undefined;
  /** Canonical ref of the entity concerned, where there is one. */
  readonly entityRef?: string | undefined;
  /** 1-based line and column in the file. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Path of the offending field, e.g. `metadata.name`. */
  readonly path?: string | undefined;
  /** When it was first seen, ms since the epoch. */
  readonly since: number;
}
