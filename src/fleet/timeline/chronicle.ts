import type { TimelineWrite } from '../../store/timeline.ts';
import { isWorkloadKind } from '../matching/matches.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { AUTOSCALER, AutoscalerWitness } from './autoscalers.ts';
import { ClusterWatch } from './cluster-watch.ts';
import { ConfigWitness } from './config-witness.ts';
import { EntryLimit } from './entry-limit.ts';
import { HealthWatch } from './health-watch.ts';
import { Journal } from './journal.ts';
import { PodWitness } from './pod-witness.ts';
import { RestartStorms } from './restart-storms.ts';
import type { RowWitness } from './row-witness.ts';
import { WorkloadWitness } from './workload-witness.ts';

/** How long a thing that changes too often must be calm before it is told of again, ms. */
const CALM_MS = 10 * 60_000;
/** Entries of one sort about one workload that are told within that; of a ConfigMap fewer: some are written every few seconds. */
const MOST_OF_ONE = { workload: 12, config: 3 };
/** How often what is calm is forgotten, ms. */
const SWEEP_MS = 60_000;

/** Sees what changes in the fleet, and makes the timeline of it. Nothing here waits. */
export class Chronicle {
  readonly #journal: Journal;
  readonly #witnesses = new Map<string, RowWitness>();
  readonly #configs: ConfigWitness[] = [];
  readonly #pods: PodWitness[] = [];
  readonly #storms: RestartStorms;
  readonly #health: HealthWatch;
  readonly #clusters: ClusterWatch;
  readonly #limits = {
    workload: new EntryLimit(MOST_OF_ONE.workload, CALM_MS),
    config: new EntryLimit(MOST_OF_ONE.config, CALM_MS),
  };
  #sweptAt = 0;

  /** @param now ms since 1970 */
  constructor(holdings: MatchedHoldings, now: () => number) {
    this.#journal = new Journal(holdings);
    this.#storms = new RestartStorms(holdings, this.#journal);
    this.#health = new HealthWatch(holdings, this.#journal);
    this.#clusters = new ClusterWatch(holdings.clusters, this.#journal);
    const shared = { holdings, journal: this.#journal, limit: this.#limits.workload, now };
    for (const [id, layout] of holdings.layouts) {
      if (id === 'Pod') {
        const pods = new PodWitness(layout);
        this.#pods.push(pods);
        this.#witnesses.set(id, pods);
      } else if (id === 'ConfigMap') {
        const configs = new ConfigWitness(layout, { ...shared, limit: this.#limits.config });
        this.#configs.push(configs);
        this.#witnesses.set(id, configs);
      } else if (id === AUTOSCALER) {
        this.#witnesses.set(id, new AutoscalerWitness(layout, shared));
      } else if (isWorkloadKind(layout)) {
        const onHealth = (place: Parameters<HealthWatch['mark']>[0], since: number | undefined): void =>
          this.#health.mark(place, now(), since);
        this.#witnesses.set(id, new WorkloadWitness(layout, { ...shared, onHealth }));
      }
    }
  }

  /** Who wants to see the rows of a kind; undefined: nobody. */
  witnessOf(kind: string): RowWitness | undefined {
    return this.#witnesses.get(kind);
  }

  /** Entries that were not told: of what changes all the time, and what nobody took. */
  get leftOut(): number {
    return this.#limits.workload.leftOut + this.#limits.config.leftOut + this.#journal.dropped;
  }

  /** What happened since it was last asked. To be called every second or so. @param now ms since 1970 */
  take(now: number): readonly TimelineWrite[] {
    for (const pods of this.#pods) {
      this.#storms.take(pods.takeRestarted(), now);
      this.#health.take(pods.takeOtherHealth(), now);
    }
    for (const configs of this.#configs) configs.tick();
    this.#health.tick(now);
    this.#clusters.tick(now);
    if (now - this.#sweptAt > SWEEP_MS) {
      this.#sweptAt = now;
      for (const limit of Object.values(this.#limits)) limit.sweep(now);
    }
    return this.#journal.take();
  }
}
