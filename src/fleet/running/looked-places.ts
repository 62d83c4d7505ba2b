import { compareText } from '../../base/text-order.ts';
import type { EntityClaim } from '../../live/claim.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import type { HeldCluster } from '../held-cluster.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { isWorkloadKind } from '../matching/matches.ts';
import { clusterScope, seesCluster } from '../scope-check.ts';

/** Where an entity may run, as far as somebody may look. */
export interface Places {
  readonly seen: readonly HeldCluster[];
  /** Clusters of those that could not be read as of now. */
  readonly unread: readonly string[];
  /** Whether there may be places that who asks may not see. */
  readonly isPart: boolean;
}

/** Why it is not known that an entity runs nowhere though nothing of it was found. */
export interface Doubt {
  /** In a word. */
  readonly reason: 'NoCluster' | 'NotRead' | 'NotSeen';
  readonly message: string;
}

/** Where entities may run, and what is known of it. It looks at nothing before it is asked. */
export class LookedPlaces {
  readonly #scope: LiveScope;
  readonly #clusters: MatchedHoldings['clusters'];
  /** For all that may run anywhere; most may. */
  #anywhere: Places | undefined;

  constructor({ clusters }: Pick<MatchedHoldings, 'clusters'>, scope: LiveScope) {
    this.#scope = scope;
    this.#clusters = clusters;
  }

  of({ cluster, namespace }: EntityClaim): Places {
    if (cluster === undefined && namespace === undefined)
      return (this.#anywhere ??= this.#places([...this.#clusters.values()], undefined));
    const only = cluster === undefined ? undefined : this.#clusters.get(cluster);
    const may = cluster === undefined ? [...this.#clusters.values()] : [only].filter((each) => each !== undefined);
    return this.#places(may, namespace);
  }

  #places(may: readonly HeldCluster[], namespace: string | undefined): Places {
    const seen = may.filter(({ name }) => seesCluster(this.#scope, name));
    const isPart = may.some(({ name }) => {
      const own = clusterScope(this.#scope, name);
      return own !== true && (namespace === undefined || own?.includes(namespace) !== true);
    });
    const unread = seen.filter(isUnread).map(({ name }) => name);
    return { seen, unread: unread.sort(compareText), isPart };
  }
}

/** What speaks against an entity being missing of which nothing was found; undefined: everywhere was looked, and there is such a place. */
export function doubtOf({ cluster }: EntityClaim, { seen, unread, isPart }: Places): Doubt | undefined {
  if (unread.length > 0) {
    const what = unread.length === 1 ? `${unread[0] ?? ''} cannot` : `${unread.length} clusters cannot`;
    return { reason: 'NotRead', message: `Nothing was found, but ${what} be read as of now.` };
  }
  if (isPart) return { reason: 'NotSeen', message: 'Nothing was found in what you may see; it may run elsewhere.' };
  if (seen.length > 0) return undefined;
  const which = cluster === undefined ? 'no cluster' : `no cluster ${cluster}`;
  return { reason: 'NoCluster', message: `There is ${which} that could be looked at.` };
}

/** Whether there may be workloads in a cluster that nobody could read. */
export function isUnread({ kinds }: HeldCluster): boolean {
  for (const kind of kinds.values())
    if (isWorkloadKind(kind) && kind.state !== 'ok' && kind.state !== 'absent') return true;
  return false;
}
