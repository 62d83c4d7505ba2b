import { Agent } from 'node:http';
import { ask } from './questions.ts';

/** What came of asking as fast as answers come. */
export interface Pounded {
  /** ms each. */
  readonly took: readonly number[];
  readonly failed: number;
  readonly perSecond: number;
}

/** Asks over a number of connections, on each the next question as soon as the one before is answered. */
export async function pound(connections: number, seconds: number, urlOf: (count: number) => string): Promise<Pounded> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const took: number[] = [];
  const began = performance.now();
  const end = began + seconds * 1_000;
  let [count, failed] = [0, 0];
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const asked = performance.now();
      const status = await ask(urlOf(count++), agent);
      if (status === 200) took.push(performance.now() - asked);
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  agent.destroy();
  return { took, failed, perSecond: (took.length * 1_000) / (performance.now() - began) };
}
