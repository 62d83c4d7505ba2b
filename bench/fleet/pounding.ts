import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './questions.ts';

/** What came of asking over some connections. */
export interface Pounded {
  /** ms each. */
  readonly took: readonly number[];
  readonly failed: number;
  readonly perSecond: number;
}

/**
 * Asks over a number of connections, on each the next question as soon as the one before is answered.
 *
 * @param perSecond on all together no more than so many; then time counts from when a question was due
 */
export async function pound(
  connections: number,
  seconds: number,
  urlOf: (count: number) => string,
  perSecond = Number.POSITIVE_INFINITY,
): Promise<Pounded> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const took: number[] = [];
  const began = performance.now();
  const end = began + seconds * 1_000;
  let [count, failed] = [0, 0];
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const due = Math.max(began, began + (count * 1_000) / perSecond);
      const url = urlOf(count++);
      if (due > performance.now()) await sleep(due - performance.now());
      const asked = Number.isFinite(perSecond) ? due : performance.now();
      const status = await ask(url, agent);
      if (status === 200) took.push(performance.now() - asked);
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  agent.destroy();
  return { took, failed, perSecond: (took.length * 1_000) / (performance.now() - began) };
}
