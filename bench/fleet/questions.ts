import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** The questions, by turns: of twenty one is a search for a common text, and one for a rare one. */
const turns = [
  'running',
  'clusters',
  'deployments',
  'running',
  'failing',
  'service',
  'running',
  'search',
  'events',
  'running',
  'deployments',
  'failing',
  'running',
  'clusters',
  'service',
  'running',
  'events',
  'rareSearch',
  'failing',
  'deployments',
] as const;

/** The name of a question. */
export type Question = (typeof turns)[number];

/** All questions, each once. */
export const questionNames: readonly Question[] = [...new Set(turns)];

/** What people ask of a fleet. @param service one that runs in it */
export function questionsOf(service: string): Readonly<Record<Question, string>> {
  const label = encodeURIComponent(`backstage.io/kubernetes-id=${service}`);
  const reason = encodeURIComponent('reason=CrashLoopBackOff');
  return {
    clusters: '/api/v1/fleet/clusters',
    running: `/api/v1/entities/component/default/${service}/running`,
    service: `/api/v1/fleet/objects?labelSelector=${label}&limit=200`,
    deployments: '/api/v1/fleet/objects?kind=Deployment&clusterSelector=environment%3Dprod&limit=100',
    failing: `/api/v1/fleet/objects?kind=Pod&fieldSelector=${reason}&limit=100&sort=-restarts`,
    search: `/api/v1/fleet/search?q=${service.slice(service.indexOf('-') + 1)}&limit=50`,
    rareSearch: `/api/v1/fleet/search?q=${service}-nightly-29&limit=50`,
    events: '/api/v1/fleet/events?limit=100',
  };
}

/** How long answers took, by question, ms. */
export interface Latencies {
  readonly all: readonly number[];
  readonly byQuestion: Readonly<Record<Question, readonly number[]>>;
  /** Answers that were no answers. */
  readonly failed: number;
}

/** Waits for an answer to the end. @returns its status */
export function ask(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (reply) => {
      reply.on('data', () => undefined);
      reply.on('end', () => resolve(reply.statusCode ?? 0));
      reply.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Asks a number of questions a second, whether the ones before are answered or not, until told to stop. */
export class Asking {
  readonly #url: string;
  readonly #questions: Readonly<Record<Question, string>>;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #took: Record<Question, number[]>;
  readonly #open = new Set<Promise<void>>();
  #failed = 0;
  #isStopped = false;
  readonly #done: Promise<void>;

  /** @param service one that runs in the fleet; @param perSecond how many */
  constructor(url: string, service: string, perSecond: number) {
    this.#url = url;
    this.#questions = questionsOf(service);
    this.#took = Object.fromEntries(questionNames.map((name) => [name, [] as number[]])) as Record<Question, number[]>;
    this.#done = this.#run(perSecond);
  }

  /** Ends it and waits for what is under way. */
  async stop(): Promise<Latencies> {
    this.#isStopped = true;
    await this.#done;
    await Promise.all(this.#open);
    this.#agent.destroy();
    return { all: Object.values(this.#took).flat(), byQuestion: this.#took, failed: this.#failed };
  }

  async #run(perSecond: number): Promise<void> {
    const started = performance.now();
    for (let count = 0; !this.#isStopped; count += 1) {
      const due = started + (count * 1_000) / perSecond;
      await sleep(Math.max(0, due - performance.now()));
      const name = turns[count % turns.length] ?? 'clusters';
      // From when it was due: a late start is waiting too.
      const asked = this.#ask(name, due).finally(() => this.#open.delete(asked));
      this.#open.add(asked);
    }
  }

  async #ask(name: Question, due: number): Promise<void> {
    try {
      const status = await ask(this.#url + this.#questions[name], this.#agent);
      if (status === 200) this.#took[name].push(performance.now() - due);
      else this.#failed += 1;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      this.#failed += 1;
    }
  }
}
