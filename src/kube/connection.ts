/** What proves who asks, as a kubeconfig or a configuration names it. Secrets stay in this object: it is never logged. */
export type CredentialSource =
  | { readonly type: 'none' }
  | { readonly type: 'token'; readonly token: string }
  /** Read again when it is older than a minute: bound tokens of service accounts are renewed in place. */
  | { readonly type: 'tokenFile'; readonly path: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  /** PEM. */
  | { readonly type: 'certificate'; readonly certificate: string; readonly key: string }
  /** PEM files, read again when they change. */
  | { readonly type: 'certificateFiles'; readonly certificatePath: string; readonly keyPath: string }
  | { readonly type: 'exec'; readonly plugin: ExecPlugin }
  /** Both a certificate and a token, as one kubeconfig user may have. */
  | { readonly type: 'both'; readonly certificate: CredentialSource; readonly token: CredentialSource };

/** A program that gives credentials (client.authentication.k8s.io/v1 and v1beta1), as for EKS, GKE, AKS and OIDC. */
export interface ExecPlugin {
  readonly apiVersion: string;
  /** An absolute path, or a name that is looked for in PATH. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  readonly installHint?: string | undefined;
  /** Extension `client.authentication.k8s.io/exec` of the cluster. */
  readonly clusterConfig?: unknown;
}

/** Whom to act as. */
export interface Impersonation {
  readonly user: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** How one cluster is reached: plain data, so that it can be sent to another thread. */
export interface ClusterConnection {
  /** Unique in the fleet. */
  readonly name: string;
  /** `https://host:port`, perhaps with a path. */
  readonly server: string;
  /** PEM; absent: the system's. */
  readonly authority?: string | undefined;
  /** PEM file, read again when it changes. */
  readonly authorityPath?: string | undefined;
  readonly tlsServerName?: string | undefined;
  readonly isInsecure: boolean;
  /** http, https or socks5. */
  readonly proxyUrl?: string | undefined;
  readonly disableCompression: boolean;
  readonly credential: CredentialSource;
  readonly impersonation?: Impersonation | undefined;
}
