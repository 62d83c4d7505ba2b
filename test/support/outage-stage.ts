import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readCatalogue } from '../../demo/fleet/catalogue.ts';
import { kubeconfigText, openClusters } from '../../demo/fleet/demo-fleet.ts';
import { Stage } from '../../demo/fleet/scenario-stage.ts';
import { OPERATORS } from '../../demo/fleet/world-access.ts';
import { WorldClock } from '../../demo/fleet/world-clock.ts';
import { clusterPlans, faceOf } from '../../demo/fleet/world-clusters.ts';
import { makeWorld } from '../../demo/fleet/world.ts';
import { noFleet } from '../../src/config/fleet-config.ts';
import { catalogOf, startTestServer, type TestServer, type TestServerOptions } from './server.ts';

const organisation = resolve(import.meta.dirname, '../../demo/organisation');

/** A server over real clusters of the demo, which a test disturbs as stories do. */
export interface OutageStage {
  readonly server: TestServer;
  /** By name of the cluster. */
  stage(cluster: string): Stage;
  close(): Promise<void>;
}

/** Opens the clusters of these names with all that runs in them, and a server with the catalog of the demo that reads them. */
export async function openOutageStage(names: readonly string[], options: TestServerOptions = {}): Promise<OutageStage> {
  const clock = new WorldClock(() => Date.now());
  const plans = clusterPlans.filter(({ name }) => names.includes(name));
  const worlds = makeWorld(plans, readCatalogue(organisation), clock);
  clock.run();
  const demo = await openClusters({ clusters: worlds.map(({ cluster }) => cluster), now: () => clock.now() });
  const folder = mkdtempSync(join(tmpdir(), 'callboard-outage-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const faces = new Map(plans.map((plan) => [plan.name, faceOf(plan)]));
  const user = await demo.issue('operator', [OPERATORS]);
  writeFileSync(
    kubeconfig,
    kubeconfigText(demo, 'operator', user, (name) => faces.get(name) ?? {}),
    { mode: 0o600 },
  );
  const stages = new Map(worlds.map((world) => [world.plan.name, new Stage(world, () => undefined)]));
  const server = await startTestServer({
    ...options,
    config: {
      catalog: catalogOf([organisation]),
      fleet: { ...noFleet, kubeconfigs: [{ paths: [kubeconfig] }], readers: 1 },
    },
  });
  return {
    server,
    stage(cluster) {
      const stage = stages.get(cluster);
      if (stage === undefined) throw new Error(`No cluster ${cluster}`);
      return stage;
    },
    async close() {
      await server.close();
      await demo.close();
      rmSync(folder, { recursive: true });
    },
  };
}
