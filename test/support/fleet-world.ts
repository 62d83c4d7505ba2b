import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCatalogue } from '../../demo/fleet/catalogue.ts';
import { type DemoFleet, openClusters } from '../../demo/fleet/demo-fleet.ts';
import { WorldClock } from '../../demo/fleet/world-clock.ts';
import { clusterPlans } from '../../demo/fleet/world-clusters.ts';
import { makeWorld, put } from '../../demo/fleet/world.ts';
import { systemClock } from '../../src/base/clock.ts';
import { noFleet } from '../../src/config/fleet-config.ts';
import { type ClusterSource, type Fleet, openFleet } from '../../src/fleet/open-fleet.ts';
import { createLog } from '../../src/telemetry/log.ts';

/** Opens the first clusters of the demo's world, with all that runs in them. */
export async function openWorld(count: number): Promise<DemoFleet> {
  const clock = new WorldClock(() => Date.now());
  const programs = readCatalogue(join(import.meta.dirname, '../../demo/organisation'));
  const worlds = makeWorld(clusterPlans.slice(0, count), programs, clock);
  clock.run();
  return openClusters({ clusters: worlds.map(({ cluster }) => cluster), now: () => clock.now() });
}

/** Puts a ConfigMap into a cluster of a demo. */
export function putConfigMap(demo: DemoFleet, cluster: string, namespace: string, name: string): void {
  const server = demo.servers.find((each) => each.cluster.name === cluster);
  if (server === undefined) throw new Error(`No cluster ${cluster}`);
  put(server.cluster, { group: '', plural: 'configmaps', object: { metadata: { namespace, name } } });
}

/** Lists of a cluster that were asked for since its counts were last forgotten, but those of what is polled. */
export function listsOf(demo: DemoFleet, cluster: string): Readonly<Record<string, number>> {
  const server = demo.servers.find((each) => each.cluster.name === cluster);
  const { nodes: _polled, ...lists } = server?.counts.counted.lists ?? {};
  return lists;
}

/** Opens a fleet over a cluster set, silent unless something fails. */
export function startFleet(clusters: ClusterSource, dataFolder: string, readers = 1): Fleet {
  const log = createLog({ level: 'fatal', format: 'json' });
  const fleet = openFleet({ config: { ...noFleet, readers }, clusters, clock: systemClock, log, dataFolder });
  fleet.read();
  return fleet;
}

/** A folder of its own, and how to remove it. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'callboard-fleet-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
