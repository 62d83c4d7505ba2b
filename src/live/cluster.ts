/**
 * What can be said of a cluster, or of one kind in it.
 *
 * - `ok`: listed and watched; what is shown is as of now
 * - `denied`: it answers and refuses: credentials (401) or rights (403)
 * - `unreachable`: it does not answer; what is shown is as of `asOf`
 * - `stale`: it answers, and what is shown is not yet, or no longer, as of now: it is being read, or lags
 */
export type LiveState = 'ok' | 'denied' | 'unreachable' | 'stale';

/** Why a state is what it is. */
export interface LiveReason {
  /** One word for machines and filters, e.g. `ConnectionRefused`, `CertificateUnknown`, `Unauthorized`, `Forbidden`, `Reading`, `Snapshot`. */
  readonly code: string;
  /** For people, without secrets: what happened, and what to do where that is known. */
  readonly message: string;
}

/** How one kind of a cluster is read. */
export interface KindStatus {
  /** `LiveKind.id` */
  readonly kind: string;
  /** `absent`: the cluster does not have this kind. */
  readonly state: LiveState | 'absent';
  readonly reason?: LiveReason | undefined;
  /** When this state began, ms since 1970. */
  readonly since: number;
  /** What is shown was so at this time, ms since 1970; absent: nothing was read yet. */
  readonly asOf?: number | undefined;
  readonly objects: number;
}
