import type { Principal } from '../access/principal.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { serverError } from './errors.ts';

/** The part of all streams that one signed-in principal may have. */
const shareOfOne = 0.1;

/** The event streams that may be open at once. */
export interface StreamSeats {
  /**
   * Takes one of the streams that may be open. @returns gives it back
   * @throws EVENT_STREAMS_FULL, EVENT_STREAMS_TAKEN
   */
  take(principal: Principal): () => void;
}

/** @param limit streams that may be open */
export function createStreamSeats(limit: number, metrics: Metrics): StreamSeats {
  const share = Math.max(1, Math.floor(limit * shareOfOne));
  const taken = new Map<string, number>();
  let open = 0;
  const count = ({ ref }: Principal, more: 1 | -1): void => {
    open += more;
    metrics.eventStreams.set(open);
    const own = (taken.get(ref) ?? 0) + more;
    if (own === 0) taken.delete(ref);
    else taken.set(ref, own);
  };
  return {
    take(principal) {
      // Guests are many people under one ref.
      const isOneTooMany = principal.kind !== 'guest' && (taken.get(principal.ref) ?? 0) >= share;
      if (open >= limit || isOneTooMany) {
        metrics.eventStreamsRefused.inc();
        if (open >= limit) throw serverError('EVENT_STREAMS_FULL', { limit });
        throw serverError('EVENT_STREAMS_TAKEN', { principal: principal.ref, limit: share });
      }
      count(principal, 1);
      return () => count(principal, -1);
    },
  };
}
