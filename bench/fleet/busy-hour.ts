import type { Batch } from '../../src/fleet/batch.ts';
import { objectsOf, packed, perCluster } from '../fleet-rows.ts';
import { seeded } from '../synthetic.ts';

type Cells = Parameters<typeof packed>[3][number];

/** What the changes of an hour are. */
export interface HourLoad {
  /** Pods that change in a second. */
  readonly podsASecond: number;
  /** Deployments of each cluster whose pods restart. */
  readonly stormy: number;
  /** Share of the changes of their pods that are restarts, 0 to 1; other changes say another reason than before. */
  readonly restarting: number;
  /** Deployments of the fleet that get another image in an hour. */
  readonly rollouts: number;
  /** Deployments of the fleet that fail for two minutes, with a pod of theirs, in an hour. */
  readonly failures: number;
  /** How often autoscalers change one Deployment of each cluster, s. */
  readonly scalingEveryS: number;
  /** How often a ConfigMap of each cluster is written, s. */
  readonly configEveryS: number;
}

const ROLLOUT_S = 40;
const FAILURE_S = 120;
/** A step through all pods that comes to each before it comes to one again, as it has no divisor in common with their number. */
const STEP = 7_919;

interface Own {
  readonly deployments: Cells[];
  readonly pods: Cells[];
  readonly config: Cells | undefined;
}

/** Changes of a synthetic fleet, second by second; the same every time. */
export class BusyHour {
  readonly #load: HourLoad;
  readonly #clusters: readonly Own[];
  readonly #random = seeded(77);
  /** What is to be put back, by second. */
  readonly #later = new Map<number, Batch[]>();
  #at = 0;

  constructor(clusters: number, load: HourLoad) {
    this.#load = load;
    this.#clusters = Array.from({ length: clusters }, (_, cluster) => {
      const objects = new Map(objectsOf(cluster));
      const pods = [...(objects.get('Pod') ?? [])];
      return {
        deployments: [...(objects.get('Deployment') ?? [])].map(healthy),
        pods,
        config: objects.get('ConfigMap')?.[0],
      };
    });
  }

  /** Names of the services that the Deployments are of. */
  services(): readonly string[] {
    return [...new Set(this.#clusters.flatMap(({ deployments }) => deployments.map(({ name }) => String(name))))];
  }

  /** Deployments as they are before anything changes, by cluster. */
  deployments(cluster: number): readonly Cells[] {
    return this.#clusters[cluster]?.deployments ?? [];
  }

  /** What comes from all clusters in a second. */
  *second(second: number): Generator<Batch> {
    const { rollouts, failures, scalingEveryS, configEveryS } = this.#load;
    yield* this.#later.get(second) ?? [];
    this.#later.delete(second);
    yield* this.#podChanges();
    for (let due = this.#due(second, rollouts); due > 0; due -= 1) yield* this.#rollOut(second);
    for (let due = this.#due(second, failures); due > 0; due -= 1) yield* this.#fail(second);
    for (const [cluster, { deployments, config }] of this.#clusters.entries()) {
      const [scaled] = deployments;
      if (second % scalingEveryS === 0 && scaled !== undefined) {
        const desired = 10 + Math.floor(this.#random() * 6);
        deployments[0] = {
          ...scaled,
          desired,
          current: desired,
          updated: desired,
          generation: number(scaled, 'generation') + 1,
        };
        yield put(cluster, 'Deployment', deployments[0]);
      }
      if (second % configEveryS === 0 && config !== undefined)
        yield put(cluster, 'ConfigMap', { ...config, version: second });
    }
  }

  *#podChanges(): Generator<Batch> {
    const { podsASecond, stormy, restarting } = this.#load;
    const changed = new Map<number, Cells[]>();
    const size = this.#clusters.length;
    for (let change = 0; change < podsASecond; change += 1) {
      this.#at += STEP;
      const cluster = this.#at % size;
      const own = this.#clusters[cluster];
      const place = Math.floor(this.#at / size) % (own?.pods.length ?? 1);
      const pod = own?.pods[place];
      if (own === undefined || pod === undefined) continue;
      const next =
        place % perCluster.deployments < stormy && this.#random() < restarting
          ? { ...pod, restarts: number(pod, 'restarts') + 1, lastExit: 'main Error 1' }
          : { ...pod, reason: pod['reason'] === 'Running' ? 'ContainersNotReady' : 'Running' };
      own.pods[place] = next;
      const rows = changed.get(cluster) ?? [];
      rows.push(next);
      changed.set(cluster, rows);
    }
    for (const [cluster, rows] of changed) yield packed(cluster, 'Pod', 'changes', rows, false);
  }

  *#rollOut(second: number): Generator<Batch> {
    const { cluster, own, place } = this.#anyDeployment();
    const before = own.deployments[place];
    if (before === undefined) return;
    const to = (text: unknown): string =>
      String(text).replaceAll(/:1\.(\d+)\./g, (_, minor: string) => `:1.${Number(minor) + 1}.`);
    const generation = number(before, 'generation') + 1;
    const begun = {
      ...before,
      images: to(before['images']),
      template: to(before['template']),
      revision: String(generation),
      generation,
    };
    const done = { ...begun, observedGeneration: generation };
    own.deployments[place] = done;
    yield put(cluster, 'Deployment', { ...begun, updated: 1, current: number(before, 'desired') + 1 });
    this.#put(second + ROLLOUT_S, put(cluster, 'Deployment', done));
  }

  *#fail(second: number): Generator<Batch> {
    const { cluster, own, place } = this.#anyDeployment();
    const [before, pod] = [own.deployments[place], own.pods[place]];
    if (before === undefined || pod === undefined) return;
    yield put(cluster, 'Deployment', {
      ...before,
      ready: 1,
      health: 'Degraded',
      healthReason: 'MinimumReplicasUnavailable',
    });
    yield put(cluster, 'Pod', {
      ...pod,
      health: 'Degraded',
      healthReason: 'CrashLoopBackOff',
      reason: 'CrashLoopBackOff',
    });
    this.#put(second + FAILURE_S, put(cluster, 'Deployment', before));
    this.#put(second + FAILURE_S, put(cluster, 'Pod', { ...pod, health: 'Healthy' }));
  }

  #anyDeployment(): { readonly cluster: number; readonly own: Own; readonly place: number } {
    const cluster = Math.floor(this.#random() * this.#clusters.length);
    const own = this.#clusters[cluster] ?? { deployments: [], pods: [], config: undefined };
    return { cluster, own, place: Math.floor(this.#random() * own.deployments.length) };
  }

  #put(second: number, batch: Batch): void {
    this.#later.set(second, [...(this.#later.get(second) ?? []), batch]);
  }

  /** How many of so many an hour are due in a second. */
  #due(second: number, anHour: number): number {
    return Math.floor(((second + 1) * anHour) / 3_600) - Math.floor((second * anHour) / 3_600);
  }
}

function healthy(deployment: Cells): Cells {
  return { ...deployment, health: 'Healthy' };
}

function put(cluster: number, kind: string, object: Cells): Batch {
  return packed(cluster, kind, 'changes', [object], false);
}

function number(object: Cells, column: string): number {
  return Number(object[column] ?? 0);
}
