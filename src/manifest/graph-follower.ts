import { CallboardError } from '../base/errors.ts';
import type { WatchChange } from '../graph/view.ts';
import type { DomainContext } from './manifest.ts';
import type { Predicate } from '../model/predicate.ts';
import { wholeView } from '../graph/whole-view.ts';

/** Something that is derived from the graph and kept in step with it. */
export interface GraphFollower {
  /** Which entities' changes it takes up; absent: all. */
  readonly where?: Predicate | undefined;
  /** Derives everything, as the graph is now. */
  everything(): Promise<void>;
  /** Takes up what changed since, but for facts. */
  changed(changes: readonly WatchChange[]): Promise<void>;
  /** Takes up that problems, locations or leases changed. */
  sourcesChanged?(): Promise<void>;
}

/** Changes of one moment, such as a whole checkout, are taken up together. */
const DEBOUNCE_MS = 100;
const RESTART_MS = 1_000;
/** A whole catalog may come at once; to look at all of it again would cost more than its refs. */
const MAX_PENDING = 200_000;
/** The ends of a watch that mean: read the list again. */
const LEFT_BEHIND: ReadonlySet<string> = new Set(['WATCH_EXPIRED', 'WATCH_OVERFLOW', 'REVISION_EXPIRED']);

/** Runs a follower until the signal aborts; one that falls too far behind starts from everything again. */
export async function followGraph(context: DomainContext, follower: GraphFollower, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const { revision } = context.graph;
      const request = { where: follower.where, after: revision, facts: false, maxPending: MAX_PENDING, signal };
      await follower.everything();
      for await (const batch of wholeView(context.graph).watch(request)) {
        const isForSources = batch.sources && follower.sourcesChanged !== undefined;
        if (batch.changes.length === 0 && !isForSources) continue;
        if (batch.changes.length > 0) await follower.changed(batch.changes);
        if (isForSources) await follower.sourcesChanged?.();
        await context.clock.sleep(DEBOUNCE_MS, signal);
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (!(thrown instanceof CallboardError) || !LEFT_BEHIND.has(thrown.code)) throw thrown;
      context.log.info({ code: thrown.code }, 'follower of the graph starts from everything again');
      await context.clock.sleep(RESTART_MS, signal);
    }
  }
}
