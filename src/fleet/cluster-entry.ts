import type { BackstageSaid } from '../config/backstage-kubernetes.ts';
import type { ClusterConnection } from '../kube/connection.ts';

/** Origin of the cluster that Callboard runs in, where that is known. */
export const OWN_CLUSTER = 'the cluster that Callboard runs in';

/** One cluster of the fleet: how it is reached, and what is said of it. Holds secrets: it is never logged. */
export interface ClusterEntry {
  /** Unique in the fleet; the same as `connection.name`. */
  readonly name: string;
  readonly title?: string | undefined;
  /** Where it comes from, for people: `kubeconfig /etc/callboard/kubeconfig, context prod-eu-1`. */
  readonly origin: string;
  readonly connection: ClusterConnection;
  /** `environment`, `region`, `tier`, `owner`, and others. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whatever is done to it is asked about twice. */
  readonly isProtected: boolean;
  /** Whether people act there as themselves. */
  readonly isActing?: boolean | undefined;
  /** Of the demo alone: guests act there too. */
  readonly isOpenToGuests?: boolean | undefined;
  readonly dashboardUrl?: string | undefined;
  /** For Backstage's pages; absent: nothing. */
  readonly backstage?: BackstageSaid | undefined;
  /** What should be known though it works, e.g. that its certificate is not checked. */
  readonly warnings: readonly string[];
}

/** What keeps a cluster, or a whole source of clusters, from being read, with what to do about it. Holds no secret. */
export interface ClusterProblem {
  /** Where it is: `kubeconfig /etc/callboard/kubeconfig:12`, `resource:default/prod-eu-1`. */
  readonly origin: string;
  readonly message: string;
}

/** What changed in the fleet; an entry with another connection, labels or title is among `changed`. */
export interface ClusterSetChange {
  readonly added: readonly ClusterEntry[];
  readonly changed: readonly ClusterEntry[];
  /** Names. */
  readonly removed: readonly string[];
}
