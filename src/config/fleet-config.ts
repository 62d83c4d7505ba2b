import type { BackstageKubernetes } from './backstage-kubernetes.ts';

/** A kubeconfig file whose contexts are clusters of the fleet. */
export interface KubeconfigSetting {
  /** Absolute; files that are joined as KUBECONFIG joins them, the first wins. */
  readonly paths: readonly string[];
  /** Globs of contexts; absent: all of them. */
  readonly contexts?: readonly string[] | undefined;
  /** The clusters of the demo, which hold nothing of anybody's: people act there, guests too. No setting says so. */
  readonly isDemo?: boolean | undefined;
}

/** Which entities of the catalog are clusters of the fleet. */
export interface CatalogClustersConfig {
  /**
   * Hosts of API servers that entities may name: `api.example`, `api.example:6443`, `*.example` or `*`. Credentials are sent
   * there, so what an entity says is not enough.
   */
  readonly hosts: readonly string[];
  /** Whether an entity may say that the certificate of its API server is not checked. */
  readonly isInsecureAllowed: boolean;
}

/** What is said of clusters by their names; later rules go over earlier ones. */
export interface ClusterRule {
  /** Glob of names. */
  readonly match: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly isProtected?: boolean | undefined;
  readonly title?: string | undefined;
  readonly dashboardUrl?: string | undefined;
  /** Whether people act there as themselves; off unless it is said. */
  readonly isActing?: boolean | undefined;
}

/** As whom people act on clusters. */
export interface ImpersonationConfig {
  /** What of a user is the name on the clusters: its ref in the catalog, its name there, or its email. */
  readonly user: 'ref' | 'name' | 'email';
  readonly userPrefix: string;
  readonly groupPrefix: string;
}

/** Names with prefixes that no cluster has by itself. */
export const prefixedImpersonation: ImpersonationConfig = {
  user: 'ref',
  userPrefix: 'callboard:',
  groupPrefix: 'callboard:',
};

/** A custom resource that is read beside the known kinds. */
export interface CustomResourceConfig {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  /** Absent: what each cluster prefers. */
  readonly version?: string | undefined;
  readonly isNamespaced: boolean;
}

/** Who owns what runs in namespaces; the first rule that matches counts. */
export interface NamespaceOwner {
  /** Glob of namespaces. */
  readonly match: string;
  /** Canonical ref. */
  readonly owner: string;
}

/** The clusters that are read live. */
export interface FleetConfig {
  readonly kubeconfigs: readonly KubeconfigSetting[];
  /** Name of the cluster that Callboard itself runs in; absent: it is not read. */
  readonly inCluster?: string | undefined;
  /** Absent: no entity is a cluster. */
  readonly catalog?: CatalogClustersConfig | undefined;
  readonly clusters: readonly ClusterRule[];
  readonly customResources: readonly CustomResourceConfig[];
  readonly namespaceOwners: readonly NamespaceOwner[];
  readonly impersonation: ImpersonationConfig;
  /** Threads that read clusters; absent: by the number of processors. */
  readonly readers?: number | undefined;
  /** Section `kubernetes` as Backstage has it; absent: there is none. */
  readonly backstage?: BackstageKubernetes | undefined;
}

/** No clusters but those that the catalog names, of which none is allowed yet. */
export const noFleet: FleetConfig = {
  kubeconfigs: [],
  catalog: { hosts: [], isInsecureAllowed: false },
  clusters: [],
  customResources: [],
  namespaceOwners: [],
  impersonation: prefixedImpersonation,
};
