/** Pods whose logs are asked for: those of a workload, or those of some names. */
export interface LogPodsQuery {
  /** Absent: all of the scope. */
  readonly clusters?: readonly string[] | undefined;
  readonly namespace: string;
  /** `kind`: id of the kind. */
  readonly workload?: { readonly kind: string; readonly name: string } | undefined;
  readonly pods?: readonly string[] | undefined;
}

/** A pod of a cluster. */
export interface LogPodPlace {
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
}

/** The pods that there are, those that do not do well first, then the newest. */
export interface LogPodsAnswer {
  readonly pods: readonly LogPodPlace[];
}
