import type { Access } from '../../access/access.ts';
import type { Principal } from '../../access/principal.ts';
import type { PermissionName } from '../../api/route.ts';
import type { GraphReader } from '../../graph/view.ts';
import type { Impersonation } from '../../kube/connection.ts';
import type { LiveReader } from '../../live/live-reader.ts';
import type { TiedEntities } from '../../live/tied-entities.ts';
import { text, tree } from '../reduce/json-read.ts';
import { fleetError } from '../errors.ts';
import type { ActingParts } from './acting-parts.ts';
import { ActingUsers } from './acting-users.ts';

/** A place on a cluster. */
export interface ActingPlace {
  readonly cluster: string;
  /** Absent for what stands in none. */
  readonly namespace?: string | undefined;
}

/** An object of a cluster. */
export interface ActingObject extends ActingPlace {
  /** Id of its kind. */
  readonly kind: string;
  readonly name: string;
}

/**
 * The one way to a cluster on somebody's behalf: Callboard's own rules first, then as whom. What the cluster itself allows
 * comes after both.
 */
export class ActingGate {
  readonly users: ActingUsers;
  readonly #access: Pick<Access, 'decide' | 'decideLive'>;
  readonly #live: Pick<LiveReader, 'tiedEntities'>;

  constructor(
    { clusters, impersonation }: Pick<ActingParts, 'clusters' | 'impersonation'>,
    access: Access,
    graph: GraphReader,
    live: Pick<LiveReader, 'tiedEntities'>,
  ) {
    this.#access = access;
    this.#live = live;
    this.users = new ActingUsers({
      config: impersonation,
      clusters,
      claimsOf: ({ ref, groups }) => graph.principalContext(ref, groups).claims,
      emailOf: (ref) => emailIn(graph, ref),
    });
  }

  /**
   * As whom somebody asks a cluster for something that a permission is needed for.
   * @throws ACTING_DENIED, told before anything is said of the cluster; see `ActingUsers.as` for the others
   */
  as(principal: Principal, permission: PermissionName, { cluster, namespace }: ActingPlace): Impersonation {
    const decision = this.#access.decideLive(principal, permission, { cluster, namespace });
    if (decision.result === 'deny') throw denied(permission, { cluster, namespace }, decision.reason);
    return this.users.as(principal, cluster);
  }

  /**
   * As `as`, for one object: also where a rule has a condition over entities, and it holds for every entity that says that the
   * object is its own. One of several would not do: whoever writes a descriptor could claim what is another's.
   */
  async asFor(principal: Principal, permission: PermissionName, object: ActingObject): Promise<Impersonation> {
    const { cluster, namespace } = object;
    const decision = this.#access.decideLive(principal, permission, { cluster, namespace });
    if (decision.result === 'deny' && !(await this.#isOwn(principal, permission, object))) {
      // Whose it is is not told: who asks may not see that entity.
      throw denied(permission, object, `${decision.reason}, nor for the entities that it is tied to`);
    }
    return this.users.as(principal, cluster);
  }

  async #isOwn(principal: Principal, permission: PermissionName, object: ActingObject): Promise<boolean> {
    if (this.#access.decide(principal, permission).result !== 'condition') return false;
    const { cluster, kind, namespace, name } = object;
    const bytes = await this.#live.tiedEntities({ cluster, kind, namespace, name });
    const { refs } = JSON.parse(Buffer.from(bytes).toString()) as TiedEntities;
    const isAllowed = (ownerRef: string): boolean =>
      this.#access.decideLive(principal, permission, { cluster, namespace, ownerRef }).result === 'allow';
    return refs.length > 0 && refs.every(isAllowed);
  }
}

function denied(permission: PermissionName, { cluster, namespace }: ActingPlace, reason: string): Error {
  const place = namespace === undefined ? cluster : `${cluster}/${namespace}`;
  return fleetError('ACTING_DENIED', { permission, place, reason });
}

/** The address of a user in the catalog; who asks is known to it, so nothing is shown to anybody else. */
function emailIn(graph: GraphReader, ref: string): string | undefined {
  const view = graph.view({ kind: 'all', key: 'all', principal: graph.principalContext(ref) });
  const id = view.find(ref);
  return id === undefined ? undefined : text(tree(tree(view.document(id).spec)['profile'])['email']);
}
