import { CallboardError, errorMessage } from '../../base/errors.ts';
import type { Collector, DomainContext } from '../../manifest/manifest.ts';
import type { TimelineWrite } from '../../store/timeline.ts';
import type { TimelineOutbox } from './timeline-outbox.ts';

/** Entries of one transaction. */
const MOST_AT_ONCE = 500;
/** What comes within this is written together, ms: the first of a quiet time waits no longer. */
const GATHER_MS = 250;
/** How long it waits for a store that is away, ms: at first, and at most. */
const RETRY_MS = { first: 500, most: 30_000 };
/** How often it is told that entries were dropped, ms. */
const TELL_MS = 60_000;

/** Writes what happened to the store. While the store is away entries wait, as many as the outbox holds. */
export function timelineCollector(outbox: TimelineOutbox): Collector {
  return {
    id: 'timeline',
    description: 'What happened in the clusters: rollouts, scalings, configuration, restarts, health.',
    facts: [],
    run: async (context, signal) => {
      let told = { dropped: 0, at: -TELL_MS };
      while (!signal.aborted) {
        const writes = await outbox.take(MOST_AT_ONCE, signal);
        await writeAll(context, writes, outbox, signal);
        const now = context.clock.monotonic();
        if (outbox.dropped > told.dropped && now - told.at > TELL_MS) {
          context.log.warn({ entries: outbox.dropped - told.dropped }, 'Entries of the timeline were dropped');
          told = { dropped: outbox.dropped, at: now };
        }
        await context.clock.sleep(GATHER_MS, signal);
      }
    },
  };
}

async function writeAll(
  context: Pick<DomainContext, 'store' | 'clock' | 'log'>,
  writes: readonly TimelineWrite[],
  outbox: TimelineOutbox,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, log } = context;
  let waitMs = RETRY_MS.first;
  let left = writes;
  for (;;) {
    try {
      await store.timeline.append(left);
      return;
    } catch (error) {
      if (error instanceof CallboardError && error.code === 'WRITE_INVALID') {
        // One that no database can hold must not hold up the others.
        log.warn({ reason: errorMessage(error) }, 'An entry of the timeline cannot be stored');
        if (left.length === 1) return;
        for (const write of left) await writeAll(context, [write], outbox, signal);
        return;
      }
      outbox.giveBack(left);
      if (signal.aborted) throw error;
      await clock.sleep(waitMs, signal);
      waitMs = Math.min(waitMs * 2, RETRY_MS.most);
      left = await outbox.take(MOST_AT_ONCE, signal);
    }
  }
}
