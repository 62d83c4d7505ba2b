import type { ImpersonationConfig } from '../../config/fleet-config.ts';
import { prefixedImpersonation } from '../../config/fleet-config.ts';
import type { LiveKind } from '../../live/live-kind.ts';
import type { ClusterEntry } from '../cluster-entry.ts';
import { fleetError } from '../errors.ts';
import type { Acting } from './acting.ts';

/** What routes that act need of the fleet. */
export interface ActingParts {
  readonly acting: Acting;
  readonly clusters: { entries(): readonly ClusterEntry[] };
  readonly kinds: readonly LiveKind[];
  readonly impersonation: ImpersonationConfig;
}

const refuse = (cluster: string): never => {
  throw fleetError('CLUSTER_UNKNOWN', { cluster });
};

/** Of a server without clusters of its own: every cluster is unknown. */
export const noActing: ActingParts = {
  acting: {
    call: async (cluster) => refuse(cluster),
    stream: async (cluster) => refuse(cluster),
    run: async () => refuse(''),
    runStream: () => refuse(''),
  },
  clusters: { entries: () => [] },
  kinds: [],
  impersonation: prefixedImpersonation,
};
