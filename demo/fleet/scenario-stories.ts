import { type Placement, shareOf } from './world-placement.ts';
import type { ClusterPlan } from './world-clusters.ts';
import type { Stage } from './scenario-stage.ts';

/** What a story has to do with. */
export interface Scene {
  /** By name of the cluster. */
  readonly stages: ReadonlyMap<string, Stage>;
  /** A number in [0, 1), the same in every run. */
  readonly random: () => number;
  /** Takes a cluster off the network, or puts it back. */
  reach(cluster: string, isReachable: boolean): void;
}

/** Something that happens again and again; it yields how long nothing happens, seconds. */
export type Story = (scene: Scene) => Generator<number, void>;

const MINUTE = 60;
const HOUR = 3_600;

/** The stories of the demo, by name. */
export const stories: Readonly<Record<string, Story>> = {
  waves,
  development,
  stuck: (scene) => badVersion(scene, 'staging', 'pull', { first: 5, fixed: 35 * MINUTE, pause: HOUR }),
  rolledBack: (scene) => badVersion(scene, 'prod', 'crash', { first: 4 * MINUTE, fixed: 7 * MINUTE, pause: 3 * HOUR }),
  crashing: (scene) => badVersion(scene, 'dev', 'crash', { first: 1, fixed: 2 * HOUR, pause: HOUR }),
  outage,
  hungry: (scene) => badPod(scene, 'prod', 'oom', { first: 20, lasts: 12 * MINUTE, pause: 50 * MINUTE }),
  probes: (scene) => badPod(scene, 'prod', 'unready', { first: 90, lasts: 6 * MINUTE, pause: 25 * MINUTE }),
  rehearsal,
  quota,
  jobs,
  load,
  lostNode,
  tunnel,
  impatience,
};

/** Chooses one of a list. */
function pick<Item>(random: () => number, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

function stagesOf({ stages }: Scene, environment: ClusterPlan['environment']): readonly Stage[] {
  return [...stages.values()].filter(({ world }) => world.plan.environment === environment);
}

/** A Deployment somewhere in an environment that no other story has in hand. */
function chosen(scene: Scene, environment: ClusterPlan['environment'], least = 1): [Stage, Placement] | undefined {
  const stage = pick(scene.random, stagesOf(scene, environment));
  const placement = pick(
    scene.random,
    (stage?.deployments ?? []).filter(({ replicas }) => replicas >= least),
  );
  return stage && placement && [stage, placement];
}

/** `1.4.2` becomes `1.4.3`. */
function nextVersion(version: string): string {
  const [major = '1', minor = '0', patch = '0'] = version.split('.');
  return `${major}.${minor}.${Number(patch) + 1}`;
}

/** A new version goes through staging, then through production, one region after the other. */
function* waves(scene: Scene): Generator<number, void> {
  yield 2 * MINUTE;
  for (;;) {
    const [, placement] = chosen(scene, 'prod', 2) ?? [];
    const where = ['staging', 'prod'] as const;
    const path = where.flatMap((environment) => stagesOf(scene, environment));
    const first = path.find((stage) => stage.placementOf(placement?.program.name ?? ''));
    const known = first?.placementOf(placement?.program.name ?? '');
    const version = first && known ? nextVersion(first.versionOf(known)) : '';
    for (const stage of path) {
      const here = stage.placementOf(placement?.program.name ?? '');
      if (here === undefined) continue;
      stage.roll(here, version);
      yield (3 + 4 * scene.random()) * MINUTE;
    }
    yield (10 + 15 * scene.random()) * MINUTE;
  }
}

/** In development something new comes every few minutes. */
function* development(scene: Scene): Generator<number, void> {
  for (;;) {
    yield (2 + 3 * scene.random()) * MINUTE;
    const [stage, placement] = chosen(scene, 'dev') ?? [];
    if (stage && placement) stage.roll(placement, nextVersion(stage.versionOf(placement)));
  }
}

interface Times {
  /** Before it happens first, seconds. */
  readonly first: number;
  readonly pause: number;
}

/** A version whose pods fail; after a time the one before it comes back. */
function* badVersion(
  scene: Scene,
  environment: ClusterPlan['environment'],
  behaviour: 'pull' | 'crash',
  { first, fixed, pause }: Times & { readonly fixed: number },
): Generator<number, void> {
  yield first;
  for (;;) {
    const [stage, placement] = chosen(scene, environment) ?? [];
    if (stage && placement) {
      const version = stage.versionOf(placement);
      stage.roll(placement, nextVersion(version), behaviour);
      yield fixed;
      stage.roll(placement, version);
    }
    yield pause * (0.75 + scene.random() / 2);
  }
}

/** What takes the load of the busy regions; its memory setting is above its limit. */
const PROXY = 'waiting-room';
/** The region where so few come that it stays below its limit. */
const QUIET_REGION = 'coast';

/**
 * A change of settings goes to all regions at once. What takes the load starts anew everywhere, all who wait come back at the same
 * time, and in the busy regions it is killed for want of memory, again and again, until there is more of it.
 */
function* outage(scene: Scene): Generator<number, void> {
  yield 6 * MINUTE;
  for (let edition = 1; ; edition += 1) {
    const stages = stagesOf(scene, 'prod').filter((stage) => stage.placementOf(PROXY));
    const busy = stages.filter(({ world }) => world.plan.region !== QUIET_REGION);
    const each = function* (those: readonly Stage[], act: (stage: Stage, placement: Placement) => void, pause: number) {
      for (const stage of those) {
        const placement = stage.placementOf(PROXY);
        if (placement) act(stage, placement);
        yield pause;
      }
    };
    yield* each(stages, (stage, placement) => stage.configure(placement, { FILTER_ORDER: `edition-${edition}` }), 15);
    yield 45;
    yield* each(busy, (stage, placement) => stage.misbehaveAll(placement, 'oom'), 5);
    yield 9 * MINUTE;
    yield* each(busy, (stage, placement) => stage.scale(placement, placement.replicas * 2), 30);
    yield* each(busy, (stage, placement) => stage.misbehaveAll(placement, undefined), 20);
    yield (2.5 + scene.random()) * HOUR;
    yield* each(busy, (stage, placement) => stage.scale(placement, placement.replicas), 60);
  }
}

/** One pod of several fails for a while. */
function* badPod(
  scene: Scene,
  environment: ClusterPlan['environment'],
  behaviour: 'oom' | 'unready',
  { first, lasts, pause }: Times & { readonly lasts: number },
): Generator<number, void> {
  yield first;
  for (;;) {
    const [stage, placement] = chosen(scene, environment, 2) ?? [];
    if (stage && placement) {
      stage.misbehave(placement, behaviour);
      yield lasts;
      stage.misbehave(placement, undefined);
    }
    yield pause * (0.75 + scene.random() / 2);
  }
}

/** A load test asks for more than the cluster has. */
function* rehearsal(scene: Scene): Generator<number, void> {
  yield 10;
  for (;;) {
    const [stage, placement] = chosen(scene, 'staging') ?? [];
    if (stage && placement) {
      const version = stage.versionOf(placement);
      stage.roll(placement, version, 'unschedulable');
      yield 15 * MINUTE;
      stage.roll(placement, version);
    }
    yield 2 * HOUR;
  }
}

/** A team wants more pods than its quota has. */
function* quota(scene: Scene): Generator<number, void> {
  yield 30;
  for (;;) {
    const [stage, placement] = chosen(scene, 'prod', 2) ?? [];
    if (stage && placement) {
      const { system } = placement.program;
      const held = stage.deployments.filter(({ program }) => program.system === system);
      const pods = held.reduce((sum, each) => sum + stage.podsOf(each).length, 0);
      stage.allowPods(system, pods + 1);
      stage.scale(placement, placement.replicas + 4);
      yield 20 * MINUTE;
      stage.allowPods(system, 40);
      yield 5 * MINUTE;
      stage.scale(placement, placement.replicas);
    }
    yield 90 * MINUTE;
  }
}

/** A job fails for some runs. */
function* jobs(scene: Scene): Generator<number, void> {
  yield 40;
  for (;;) {
    const stage = pick(scene.random, [...stagesOf(scene, 'prod'), ...stagesOf(scene, 'dev')]);
    const placement = pick(scene.random, stage?.world.placements.filter(({ kind }) => kind === 'CronJob') ?? []);
    if (stage && placement) {
      stage.failJobs(placement, true);
      yield 40 * MINUTE;
      stage.failJobs(placement, false);
    }
    yield HOUR;
  }
}

/** People come in the evening: what is scaled by load follows the time of day. */
function* load(scene: Scene): Generator<number, void> {
  yield MINUTE;
  for (;;) {
    for (const stage of stagesOf(scene, 'prod')) {
      const share = crowdAt(stage.now);
      for (const placement of stage.scaled) {
        const drawn = 0.6 + 0.4 * shareOf(placement.program.name);
        stage.autoscale(placement, placement.replicas + Math.round(placement.replicas * share * drawn));
        yield 5;
      }
    }
    yield 10 * MINUTE;
  }
}

/** How many of all are there at a time of day, 0 to 1: nobody at five, everybody at half past seven in the evening. */
function crowdAt(now: Date): number {
  const hour = now.getUTCHours() + now.getUTCMinutes() / 60;
  const away = Math.min(Math.abs(hour - 19.5), 24 - Math.abs(hour - 19.5));
  return Math.max(0, 1 - away / 8);
}

/** A node is not heard of for some minutes. */
function* lostNode(scene: Scene): Generator<number, void> {
  yield 3 * MINUTE;
  for (;;) {
    const stage = pick(scene.random, [...stagesOf(scene, 'staging'), ...stagesOf(scene, 'prod')]);
    if (stage) {
      const node = `${stage.name}-node-${1 + Math.floor(scene.random() * stage.world.plan.nodes)}`;
      stage.setNode(node, false);
      yield 6 * MINUTE;
      stage.setNode(node, true);
    }
    yield 100 * MINUTE;
  }
}

/** The truck drives through a tunnel. */
function* tunnel(scene: Scene): Generator<number, void> {
  yield 5 * MINUTE;
  for (;;) {
    const stage = scene.stages.get('touring-cluster');
    if (stage) {
      stage.say('drives into a tunnel');
      scene.reach(stage.name, false);
      yield 4 * MINUTE;
      scene.reach(stage.name, true);
      stage.say('is out of the tunnel');
    }
    yield (30 + 30 * scene.random()) * MINUTE;
  }
}

/** Somebody deletes a pod. */
function* impatience(scene: Scene): Generator<number, void> {
  for (;;) {
    yield (8 + 10 * scene.random()) * MINUTE;
    const [stage, placement] = chosen(scene, pick(scene.random, ['dev', 'staging', 'prod'] as const) ?? 'dev') ?? [];
    if (stage && placement) stage.deletePod(placement);
  }
}
