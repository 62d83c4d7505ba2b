/** Which findings are asked for; all conditions must hold. */
export interface FindingsQuery {
  /** Canonical ref: only of its workloads, and of what belongs to them. */
  readonly entity?: string | undefined;
  readonly clusters?: readonly string[] | undefined;
  readonly rules?: readonly string[] | undefined;
  readonly severities?: readonly string[] | undefined;
  /** 1 to 500. */
  readonly limit: number;
  /** Of the page before. */
  readonly cursor?: string | undefined;
}
