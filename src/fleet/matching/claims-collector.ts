import { type GraphReader, type WatchChange } from '../../graph/view.ts';
import { refsWhere, wholeView } from '../../graph/whole-view.ts';
import type { ClaimChange, ClaimTaker, EntityClaim } from '../../live/claim.ts';
import { followGraph, type GraphFollower } from '../../manifest/graph-follower.ts';
import type { Collector } from '../../manifest/manifest.ts';
import { COLLECTOR, FactKeeper } from '../facts/fact-keeper.ts';
import { factSchemas } from '../facts/fact-schemas.ts';
import { claimOf } from './entity-claim.ts';

/** Follows the catalog and tells the fleet what its entities claim; writes as facts what the fleet tells of them. */
export function claimsCollector(live: ClaimTaker): Collector {
  return {
    id: COLLECTOR,
    description: 'Where entities run, and how they do there.',
    facts: factSchemas,
    run: async (context, signal) => {
      const keeper = new FactKeeper(context);
      // One that fails ends the other: both are started again together.
      const own = new AbortController();
      const ending = AbortSignal.any([signal, own.signal]);
      let stop: (() => void) | undefined;
      try {
        await Promise.all([
          followGraph(
            context,
            claims(context.graph, live, () => (stop ??= live.onFacts((told) => keeper.take(told)))),
            ending,
          ),
          keeper.run(ending),
        ]);
      } finally {
        own.abort();
        stop?.();
      }
    },
  };
}

/** @param begun all claims were told */
function claims(graph: GraphReader, live: ClaimTaker, begun: () => void): GraphFollower {
  return {
    everything: () => {
      const refs = [...refsWhere(graph, undefined)].flat();
      live.changeClaims({ isWhole: true, put: claimsOf(graph, refs), dropped: [] });
      begun();
      return Promise.resolve();
    },
    changed: (changes) => {
      live.changeClaims(changeOf(graph, changes));
      return Promise.resolve();
    },
  };
}

function changeOf(graph: GraphReader, changes: readonly WatchChange[]): ClaimChange {
  const refs = changes.flatMap((change) =>
    change.type === 'delete' || change.parts.includes('entity') ? change.ref : [],
  );
  const put = claimsOf(graph, refs);
  const kept = new Set(put.map(({ ref }) => ref));
  return { isWhole: false, put, dropped: refs.filter((ref) => !kept.has(ref)) };
}

function claimsOf(graph: GraphReader, refs: readonly string[]): readonly EntityClaim[] {
  const view = wholeView(graph);
  return refs.flatMap((ref) => {
    const id = view.find(ref);
    return (id === undefined ? undefined : claimOf(ref, view.document(id))) ?? [];
  });
}
