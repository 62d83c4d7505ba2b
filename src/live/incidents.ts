/** Which incidents are asked for; all conditions must hold. */
export interface IncidentsQuery {
  readonly id?: string | undefined;
  readonly state?: 'open' | 'ended' | undefined;
  /** Canonical ref: only those that are about it. */
  readonly entity?: string | undefined;
  readonly clusters?: readonly string[] | undefined;
  /** 1 to 200. */
  readonly limit: number;
}
