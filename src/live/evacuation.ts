/** What is asked about the loss of clusters. */
export interface EvacuationQuestion {
  /** `losses` if clusters vanished; `single`: what one cluster or region carries alone; `refs` of the entities that `losses` names. */
  readonly view: 'losses' | 'single' | 'refs';
  /** Names of the clusters that are thought away. */
  readonly clusters?: readonly string[] | undefined;
  /** Label selector of the clusters that are thought away; with `clusters`, those of both. */
  readonly clusterSelector?: string | undefined;
  /** Refs of entities that must not be named. */
  readonly hidden: readonly string[];
}
