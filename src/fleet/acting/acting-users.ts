import type { Principal } from '../../access/principal.ts';
import type { ImpersonationConfig } from '../../config/fleet-config.ts';
import type { Impersonation } from '../../kube/connection.ts';
import type { ClusterEntry } from '../cluster-entry.ts';
import { fleetError } from '../errors.ts';

/** More groups than this are more than a request’s head should hold. */
const MOST_GROUPS = 500;
/** Printable, no space at either end, as a header carries it unchanged. */
const usableName = /^[!-~]([ -~]{0,254}[!-~])?$/;

/** What is needed to know as whom somebody acts. */
export interface ActingUsersOptions {
  readonly config: ImpersonationConfig;
  readonly clusters: { entries(): readonly ClusterEntry[] };
  /** The refs that a principal owns things through, see `GraphReader.principalContext`. */
  readonly claimsOf: (principal: Principal) => ReadonlySet<string>;
  /** `spec.profile.email` of a user of the catalog. */
  readonly emailOf: (ref: string) => string | undefined;
}

/**
 * As whom a person acts on clusters. The names carry prefixes, so that nothing that stands in the catalog can be a user or a
 * group of a cluster’s own, such as `system:masters`.
 */
export class ActingUsers {
  readonly #options: ActingUsersOptions;

  constructor(options: ActingUsersOptions) {
    this.#options = options;
  }

  /**
   * @throws CLUSTER_UNKNOWN; ACTING_OFF where the cluster is not opened for it; ACTING_NOBODY for all but persons who are
   * signed in; IMPERSONATION_INVALID for names that must not be used
   */
  as(principal: Principal, cluster: string): Impersonation {
    const entry = this.cluster(cluster);
    if (!entry.isActing) throw fleetError('ACTING_OFF', { cluster });
    return this.identity(principal, entry.isOpenToGuests);
  }

  /** The cluster of a name. @throws CLUSTER_UNKNOWN */
  cluster(name: string): ClusterEntry {
    const entry = this.#options.clusters.entries().find((known) => known.name === name);
    if (entry === undefined) throw fleetError('CLUSTER_UNKNOWN', { cluster: name });
    return entry;
  }

  /** All clusters, whether one acts there or not. */
  clusters(): readonly ClusterEntry[] {
    return this.#options.clusters.entries();
  }

  /**
   * As whom a principal acts wherever it may.
   * @param isOpenToGuests where the demo is acted on
   * @throws ACTING_NOBODY, IMPERSONATION_INVALID
   */
  identity(principal: Principal, isOpenToGuests = false): Impersonation {
    if (!isPerson(principal) && !(isOpenToGuests && principal.kind === 'guest'))
      throw fleetError('ACTING_NOBODY', { principal: principal.ref });
    const { config, claimsOf } = this.#options;
    const groups = [...claimsOf(principal)].filter((ref) => ref.startsWith('group:')).sort();
    if (groups.length > MOST_GROUPS) throw invalid(principal.ref, `is in more than ${MOST_GROUPS} groups`);
    return {
      user: checked(`${config.userPrefix}${this.#userName(principal.ref)}`, principal.ref),
      groups: groups.map((ref) => checked(`${config.groupPrefix}${this.#nameOf(ref)}`, ref)),
      extra: {},
    };
  }

  #userName(ref: string): string {
    const { config, emailOf } = this.#options;
    if (config.user !== 'email') return this.#nameOf(ref);
    const email = emailOf(ref);
    if (email === undefined) throw invalid(ref, 'has no spec.profile.email in the catalog');
    return email;
  }

  /** Two of one name in two namespaces must not become one. */
  #nameOf(ref: string): string {
    if (this.#options.config.user === 'ref') return ref;
    return ref.slice(ref.indexOf(':') + 1).replace(/^default\//, '');
  }
}

/** A person who is signed in: no guest, nobody, and no service. */
function isPerson({ kind, ref, credential }: Principal): boolean {
  if (kind !== 'user' || !ref.startsWith('user:')) return false;
  return credential !== undefined && credential.kind !== 'none' && credential.kind !== 'external';
}

function checked(name: string, ref: string): string {
  if (name.toLowerCase().startsWith('system:')) throw invalid(ref, `would be ${name}, which is the cluster’s own`);
  if (!usableName.test(name)) throw invalid(ref, 'has a name that no header can carry');
  return name;
}

function invalid(ref: string, problem: string): Error {
  return fleetError('IMPERSONATION_INVALID', { ref, problem });
}
