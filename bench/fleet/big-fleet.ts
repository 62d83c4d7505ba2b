import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Sample } from '../../demo/fleet/big-load.ts';
import { stop } from '../catalog/pinned.ts';

const program = fileURLToPath(new URL('../../demo/fleet/big-fleet.ts', import.meta.url));

/** How large a fleet is asked for. */
export interface BigSize {
  readonly clusters: number;
  readonly services: number;
  readonly pods: number;
}

/** What the API servers of a big fleet did so far. */
export interface BigNumbers {
  readonly events: number;
  readonly lists: number;
  readonly watches: number;
  readonly gets: number;
  readonly sentBytes: number;
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** The big fleet, in a process of its own. */
export class BigFleet {
  readonly kubeconfig: string;
  readonly #child: ChildProcess;
  readonly #admin: string;

  private constructor(child: ChildProcess, folder: string, admin: string) {
    this.#child = child;
    this.kubeconfig = join(folder, 'kubeconfig');
    this.#admin = admin;
  }

  /** Starts it and waits until all clusters are up. */
  static async start(folder: string, { clusters, services, pods }: BigSize): Promise<BigFleet> {
    const size = ['--clusters', clusters, '--services', services, '--pods', pods].map(String);
    // What sends the load must not take the processor for collecting what its servers hold: they have memory for all of it.
    const memory = ['--min-semi-space-size=64', '--max-semi-space-size=64', '--initial-old-space-size=6144'];
    const args = ['--disable-warning=ExperimentalWarning', ...memory, '--max-old-space-size=8192', program, ...size];
    const child = spawn(process.execPath, [...args, '--folder', folder, '--admin-port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let admin = '';
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('admin ')) admin = line.slice('admin '.length);
      if (line.includes('clusters are up')) return new BigFleet(child, folder, admin);
    }
    throw new Error('The big fleet ended before it was up');
  }

  /** Events a second from now on. */
  async load(events: number): Promise<void> {
    await this.#post('/load', { events });
  }

  /** What the first clusters do from now on. */
  async fault(fault: 'up' | 'down' | 'hang', from: number, clusters: number): Promise<void> {
    await this.#post('/fault', { fault, from, clusters });
  }

  async samples(after: number): Promise<readonly Sample[]> {
    return ((await this.#get(`/samples?after=${after}`)) as { readonly samples: readonly Sample[] }).samples;
  }

  async numbers(): Promise<BigNumbers> {
    return (await this.#get('/stats')) as BigNumbers;
  }

  close(): Promise<void> {
    return stop(this.#child);
  }

  async #get(path: string): Promise<unknown> {
    return (await fetch(this.#admin + path)).json();
  }

  async #post(path: string, body: object): Promise<void> {
    const reply = await fetch(this.#admin + path, { method: 'POST', body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  }
}
