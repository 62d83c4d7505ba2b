import type { Access } from '../access/access.ts';
import type { Decision } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { PermissionName } from '../api/route.ts';
import { hash64 } from '../base/digest.ts';
import type { LiveReader, LiveScope } from '../live/live-reader.ts';

/** Places (cluster and namespace) that are asked about for one scope where a cluster's own namespaces are not known. */
const MOST_GUESSED = 2_000;

/** What a principal may see of the fleet. */
export interface Sight {
  readonly scope: LiveScope;
  /** Another mark where another part of the fleet can be seen; empty: all of it. */
  readonly mark: string;
}

interface Kept extends Sight {
  readonly decision: Decision;
  readonly namespaces: ReturnType<LiveReader['namespaces']>;
}

const everything: Sight = { scope: 'all', mark: '' };
const nothing: Sight = { scope: {}, mark: 'none' };

/** Works out where principals may look, and keeps it until their rights or the namespaces of clusters change. */
export class FleetScopes {
  readonly #access: Pick<Access, 'decide' | 'decideLive'>;
  readonly #live: Pick<LiveReader, 'namespaces'>;
  readonly #kept = new WeakMap<Principal, Map<PermissionName, Kept>>();

  constructor(access: Pick<Access, 'decide' | 'decideLive'>, live: Pick<LiveReader, 'namespaces'>) {
    this.#access = access;
    this.#live = live;
  }

  /** Where a principal may look with a permission; see `Access.prepare`. */
  of(principal: Principal, permission: PermissionName): Sight {
    const decision = this.#access.decide(principal, permission);
    if (decision.result === 'allow') return everything;
    if (decision.result === 'deny') return nothing;
    const namespaces = this.#live.namespaces();
    let byPermission = this.#kept.get(principal);
    const known = byPermission?.get(permission);
    if (known?.decision === decision && known.namespaces === namespaces) return known;
    const scope = this.#work(principal, permission, namespaces);
    const kept = { decision, namespaces, scope, mark: markOf(scope) };
    if (byPermission === undefined) this.#kept.set(principal, (byPermission = new Map()));
    byPermission.set(permission, kept);
    return kept;
  }

  #work(principal: Principal, permission: PermissionName, namespaces: Kept['namespaces']): LiveScope {
    const may = (cluster: string, namespace?: string): boolean =>
      this.#access.decideLive(principal, permission, { cluster, namespace }).result === 'allow';
    // Of a cluster that was never read nobody knows the namespaces. Who may see one that other clusters have is told of it:
    // what cannot be read must not look like nothing.
    let elsewhere: readonly string[] | undefined;
    const places: [string, true | readonly string[]][] = [];
    for (const [cluster, own] of namespaces) {
      if (may(cluster)) {
        places.push([cluster, true]);
        continue;
      }
      const asked = own.size > 0 ? [...own] : (elsewhere ??= allNamesOf(namespaces));
      const seen = asked.filter((namespace) => may(cluster, namespace));
      if (seen.length > 0) places.push([cluster, seen.sort()]);
    }
    // As own members, whatever the names are.
    return Object.fromEntries(places.sort(([left], [right]) => (left < right ? -1 : 1)));
  }
}

/** The same scope for one cluster only. */
export function narrowScope(scope: LiveScope, cluster: string): LiveScope {
  if (scope === 'all') return Object.fromEntries([[cluster, true]]);
  const place = Object.hasOwn(scope, cluster) ? scope[cluster] : undefined;
  return place === undefined ? {} : Object.fromEntries([[cluster, place]]);
}

function allNamesOf(namespaces: Kept['namespaces']): readonly string[] {
  const names = new Set<string>();
  for (const own of namespaces.values()) {
    for (const name of own) {
      if (names.size >= MOST_GUESSED) return [...names];
      names.add(name);
    }
  }
  return [...names];
}

function markOf(scope: LiveScope): string {
  const { high, low } = hash64(JSON.stringify(scope));
  return `${high.toString(36)}${low.toString(36)}`;
}
