import type { Graph } from '../graph/graph.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Publishes how large the graph is, how far it has come, and whether the store can be used. */
export function publishState(
  metrics: Metrics,
  { graph, store }: { readonly graph: Graph; readonly store: Store },
): void {
  const gauge = metrics.readGauge;
  gauge('callboard_graph_revision', 'Newest revision that the watch cache has applied', () => graph.revision);
  gauge('callboard_graph_entities', 'Entities in the watch cache', () => graph.stats().entities);
  gauge('callboard_graph_facts', 'Facts in the watch cache', () => graph.stats().facts);
  gauge('callboard_graph_problems', 'Problems in the watch cache', () => graph.stats().problems);
  gauge('callboard_graph_watchers', 'Watches that are followed', () => graph.stats().watchers);
  gauge('callboard_graph_terms', 'Distinct indexed values', () => graph.stats().terms);
  gauge(
    'callboard_graph_history_changes',
    'Changes that watches can be resumed over',
    () => graph.stats().historyEvents,
  );
  gauge(
    'callboard_graph_reloads',
    'How often the watch cache was made anew from a snapshot',
    () => graph.stats().reloads,
  );
  gauge('callboard_graph_read_timestamp_seconds', 'When the change log was last read to its end', () => {
    return graph.stats().lastReadAt / 1000;
  });
  gauge('callboard_graph_checks', 'How often the cache was compared with the store', () => graph.stats().checks);
  gauge('callboard_graph_checks_failed', 'How often the cache was not what the store holds', () => {
    return graph.stats().checksFailed;
  });
  gauge('callboard_store_healthy', '1 while the store can be used', () => (store.health.status === 'ok' ? 1 : 0));
}
