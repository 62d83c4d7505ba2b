import type { Program } from './catalogue.ts';
import { Cluster } from './cluster.ts';
import { turn } from './controllers.ts';
import { completed } from './defaults.ts';
import type { WorldClock } from './world-clock.ts';
import { grantsOf } from './world-access.ts';
import type { ClusterPlan } from './world-clusters.ts';
import { type Manifest, manifestsOf } from './world-objects.ts';
import { type Placement, placementOf, shareOf } from './world-placement.ts';
import { namespaceManifests, platformOf } from './world-platform.ts';

/** A cluster of the demo with what runs in it. */
export interface WorldCluster {
  readonly plan: ClusterPlan;
  readonly cluster: Cluster;
  readonly placements: readonly Placement[];
}

/** How long ago things were put into the clusters, days; each program has one of these ages. */
const ages = [60, 21, 6, 0.4] as const;
const DAY_MS = 86_400_000;
/** Turns after which what was put in is at rest at the latest; each takes a second of the past. */
const SETTLING_TURNS = 40;

/**
 * Makes clusters with everything that runs in them, as if it had run for weeks: the clock starts in the past and
 * is let go at the present.
 */
export function makeWorld(
  plans: readonly ClusterPlan[],
  programs: readonly Program[],
  clock: WorldClock,
): readonly WorldCluster[] {
  const present = clock.now().getTime();
  const worlds = plans.map((plan) => makeCluster(plan, programs, clock, present));
  clock.set(new Date(present));
  return worlds;
}

function makeCluster(
  plan: ClusterPlan,
  programs: readonly Program[],
  clock: WorldClock,
  present: number,
): WorldCluster {
  clock.set(new Date(present - 90 * DAY_MS));
  const cluster = new Cluster({ name: plan.name, version: plan.version, now: () => clock.now() });
  cluster.access.grants = grantsOf(plan);
  for (const each of platformOf(plan, cluster)) put(cluster, each);
  settle(cluster, clock);
  const placements = programs.flatMap((program) => placementOf(program, plan) ?? []);
  const systems = new Map(placements.map(({ program }) => [program.system, program.team]));
  for (const [system, team] of systems) for (const each of namespaceManifests(system, team, 40)) put(cluster, each);
  for (const [at, days] of ages.entries()) {
    const young = placements.filter(({ program }) => Math.floor(shareOf(`${program.name} age`) * ages.length) === at);
    for (const [place, placement] of young.entries()) {
      clock.set(new Date(present - days * DAY_MS + place * 60_000));
      for (const each of manifestsOf(placement)) put(cluster, each);
    }
    settle(cluster, clock);
  }
  // What is due by the clock has run when the present begins.
  clock.set(new Date(present - 2 * SETTLING_TURNS * 1_000));
  settle(cluster, clock);
  return { plan, cluster, placements };
}

/** Puts an object into a cluster as the API server would. */
export function put(cluster: Cluster, { group, plural, object }: Manifest): void {
  const resource = cluster.resource(group, plural);
  cluster.store.create(resource, completed(resource, object, cluster.now()));
}

/** Lets controllers and nodes work until nothing changes any more. */
function settle(cluster: Cluster, clock: WorldClock): void {
  for (let at = 0; at < SETTLING_TURNS; at += 1) {
    const before = cluster.store.resourceVersion;
    clock.set(new Date(clock.now().getTime() + 1_000));
    turn(cluster);
    if (cluster.store.resourceVersion === before && at > 3) return;
  }
}
