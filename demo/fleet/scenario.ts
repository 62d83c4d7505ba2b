import { Stage } from './scenario-stage.ts';
import { type Scene, stories } from './scenario-stories.ts';
import { shareOf } from './world-placement.ts';
import type { WorldCluster } from './world.ts';

/** What a scenario is made with. */
export interface ScenarioOptions {
  readonly worlds: readonly WorldCluster[];
  /** Another seed is another sequence of events. */
  readonly seed: string;
  readonly start: Date;
  /** Takes a cluster off the network, or puts it back. */
  reach(cluster: string, isReachable: boolean): void;
  /** Hears what happens, in a line each. */
  tell?(line: string): void;
}

interface Running {
  readonly steps: Generator<number, void>;
  /** Milliseconds since the epoch. */
  dueAt: number;
}

/** What happens in the clusters of the demo: the same for the same seed, without an end. */
export class Scenario {
  readonly #running: readonly Running[];

  constructor({ worlds, seed, start, reach, tell }: ScenarioOptions) {
    const stages = new Map(worlds.map((world) => [world.plan.name, new Stage(world, (line) => tell?.(line))]));
    this.#running = Object.entries(stories).map(([name, story]) => {
      const scene: Scene = { stages, random: randomOf(`${seed} ${name}`), reach };
      return { steps: story(scene), dueAt: start.getTime() };
    });
  }

  /** Does what is due up to a time. */
  step(now: Date): void {
    for (const each of this.#running) {
      while (each.dueAt <= now.getTime()) {
        const { value, done } = each.steps.next();
        each.dueAt = done === true ? Infinity : each.dueAt + value * 1_000;
      }
    }
  }
}

/** Numbers in [0, 1) that are the same for the same seed. */
function randomOf(seed: string): () => number {
  let count = 0;
  return () => shareOf(`${seed} ${(count += 1)}`);
}
