import { type ClientRequest, get } from 'node:http';
import type { Sample } from '../../demo/fleet/big-load.ts';

interface Told {
  readonly objects: readonly {
    readonly cluster: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
  }[];
}

/** Follows the changes of a fleet as a browser does, and keeps when which pod was told of. */
export class ToldChanges {
  readonly #told = new Map<string, number[]>();
  readonly #request: ClientRequest;
  #relists = 0;
  #changes = 0;

  private constructor(request: ClientRequest) {
    this.#request = request;
  }

  /** Opens the stream and waits until it is open. */
  static open(url: string): Promise<ToldChanges> {
    return new Promise((resolve, reject) => {
      const request = get(`${url}/api/v1/fleet/changes`, (reply) => {
        if (reply.statusCode !== 200) {
          reject(new Error(`The stream answers ${reply.statusCode ?? 0}`));
          return;
        }
        const told = new ToldChanges(request);
        let rest = '';
        reply.setEncoding('utf8');
        reply.on('data', (chunk: string) => {
          const events = (rest + chunk).split('\n\n');
          rest = events.pop() ?? '';
          for (const event of events) told.#take(event);
        });
        reply.on('error', () => undefined);
        resolve(told);
      });
      request.on('error', reject);
    });
  }

  /** Times at which it was told to read everything again. */
  get relists(): number {
    return this.#relists;
  }

  get changes(): number {
    return this.#changes;
  }

  /** How long after they were sent samples were told of, ms; those that were never told of are missing. */
  delays(samples: readonly Sample[]): readonly number[] {
    const delays: number[] = [];
    for (const { cluster, namespace, name, at } of samples) {
      const told = this.#told.get(`${cluster}/${namespace}/${name}`)?.find((time) => time >= at - 1);
      if (told !== undefined) delays.push(Math.max(0, told - at));
    }
    return delays;
  }

  close(): void {
    this.#request.destroy();
  }

  #take(event: string): void {
    const now = performance.timeOrigin + performance.now();
    if (event.includes('event: relist')) this.#relists += 1;
    const data = event.split('\n').find((line) => line.startsWith('data: '));
    if (data === undefined || !event.includes('event: changes')) return;
    for (const { cluster, kind, namespace = '', name } of (JSON.parse(data.slice(6)) as Told).objects) {
      this.#changes += 1;
      if (kind !== 'Pod') continue;
      const key = `${cluster}/${namespace}/${name}`;
      const times = this.#told.get(key);
      if (times === undefined) this.#told.set(key, [now]);
      else times.push(now);
    }
  }
}
