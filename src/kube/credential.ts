/** What a request shows. */
export interface Proof {
  /** Value of `authorization`; absent: none. */
  readonly authorization?: string | undefined;
  /** Client certificate and key in PEM; absent: none. Another certificate needs another connection. */
  readonly certificate?: { readonly certificate: string; readonly key: string } | undefined;
}

/** Gives proofs for one cluster; concurrent calls share one run of a plugin or one reading of a file. */
export interface Credential {
  /** What is valid now, from memory as long as it has not expired. @throws KUBE_CREDENTIAL_FAILED */
  proof(): Promise<Proof>;
  /**
   * The server answered 401 to this proof: the next `proof()` is made anew.
   * @returns false where another one cannot come of it (a fixed token), so asking again is useless
   */
  refuse(proof: Proof): boolean;
}
