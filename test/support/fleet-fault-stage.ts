import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiServer } from '../../demo/fleet/api-server.ts';
import { type DemoFleet, openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import type { Fault } from '../../demo/fleet/faults.ts';
import { FleetStrikes } from '../../demo/fleet/faults-strikes.ts';
import { systemClock } from '../../src/base/clock.ts';
import { noFleet } from '../../src/config/fleet-config.ts';
import { type Fleet, openFleet } from '../../src/fleet/open-fleet.ts';
import type { LiveReader } from '../../src/live/live-reader.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { entryOf, TestClusters } from './fleet-clusters.ts';
import { Pulses } from './fleet-fault-pulse.ts';
import { answersOf, Witness } from './fleet-fault-witness.ts';
import { type ShownCluster, type TruthCluster, truthOf, untilClusters, untilTrue } from './fleet-truth.ts';

const WORKLOADS = 4;

/** Clusters that go on changing, a fleet that reads them, and a witness who looks at it all the time. */
export class FaultStage {
  readonly demo: DemoFleet;
  readonly strikes: FleetStrikes;
  readonly clusters: TestClusters;
  readonly fleet: Fleet;
  readonly witness: Witness;
  readonly #pulses: Pulses;
  readonly #folder: string;
  #truth: readonly TruthCluster[];

  private constructor(demo: DemoFleet, truth: readonly TruthCluster[]) {
    this.demo = demo;
    this.#truth = truth;
    this.strikes = new FleetStrikes(() => new Date());
    this.#folder = mkdtempSync(join(tmpdir(), 'callboard-fleet-faults-'));
    this.#pulses = new Pulses(demo.servers);
    this.clusters = new TestClusters(truth.map((cluster) => entryOf(cluster)));
    this.fleet = openFleet({
      config: { ...noFleet, readers: 2 },
      clusters: this.clusters,
      clock: systemClock,
      log: createLog({ level: 'fatal', format: 'text' }),
      dataFolder: this.#folder,
    });
    this.fleet.read();
    const names = truth.map(({ name }) => name);
    this.witness = new Witness(answersOf(this.fleet.live), this.#pulses, names);
  }

  /**
   * Opens so many clusters, named `cluster-1` ..., and a fleet that has read them all.
   * @param faults what is wrong with some from the beginning, by name: those are not waited for
   */
  static async open(count: number, faults: Readonly<Record<string, Fault>> = {}): Promise<FaultStage> {
    const names = Array.from({ length: count }, (_, at) => `cluster-${at + 1}`);
    const demo = await openDemoFleet({ names, version: '1.34.2', hasWireFaults: true, now: () => new Date() });
    for (const { cluster } of demo.servers) addWorkloads(cluster);
    const truth = await truthOf(demo);
    for (const server of demo.servers) await server.setFault(faults[server.cluster.name]);
    const stage = new FaultStage(demo, truth);
    stage.witness.start();
    stage.#pulses.start();
    await stage.untilOk(names.filter((name) => faults[name] === undefined));
    return stage;
  }

  get live(): LiveReader {
    return this.fleet.live;
  }

  /** The server of a cluster. */
  server(name: string): ApiServer {
    const server = this.demo.servers.find(({ cluster }) => cluster.name === name);
    if (!server) throw new Error(`No cluster ${name}`);
    return server;
  }

  /** What is asked of a cluster from now on, for the truth and, where it `reads`, by the fleet. */
  reach(cluster: TruthCluster, reads: boolean): void {
    this.#truth = this.#truth.map((each) => (each.name === cluster.name ? cluster : each));
    if (reads) this.clusters.put(entryOf(cluster));
  }

  /** Waits until clusters are as a test wants them. */
  until(holds: (clusters: ReadonlyMap<string, ShownCluster>) => boolean, withinMs = 20_000): Promise<unknown> {
    return untilClusters(this.live, holds, withinMs);
  }

  untilOk(names: readonly string[], withinMs = 120_000): Promise<unknown> {
    return this.until((all) => names.every((name) => all.get(name)?.state === 'ok'), withinMs);
  }

  /** Takes all faults back, and waits until everything that is shown is ok and so. */
  async heal(withinMs = 120_000): Promise<void> {
    for (const server of this.demo.servers) if (server.fault) await server.setFault(undefined);
    await this.untilOk(
      this.#truth.map(({ name }) => name),
      withinMs,
    );
    // What goes on changing is compared when it stands still.
    this.#pulses.stop();
    await untilTrue(this.live, this.#truth, { withinMs });
    this.#pulses.start();
  }

  /** Ends everything. @returns what the witness saw wrong */
  async close(): Promise<readonly string[]> {
    const wrong = await this.witness.stop();
    this.#pulses.stop();
    await this.fleet.close();
    await this.demo.close();
    rmSync(this.#folder, { recursive: true, force: true });
    return wrong;
  }
}

/** Deployments that run, so that there are ReplicaSets, pods and events. */
function addWorkloads(cluster: ApiServer['cluster']): void {
  for (let at = 0; at < WORKLOADS; at += 1) {
    const labels = { app: `work-${at}` };
    cluster.store.create(cluster.resource('apps', 'deployments'), {
      metadata: { name: `work-${at}`, namespace: 'default', labels },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'one', image: `lantern/work:${at}` }] } },
      },
    });
  }
}
