import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type DemoFleet, kubeconfigText } from '../../demo/fleet/demo-fleet.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { LiveAnswers } from './fleet-truth.ts';

const root = resolve(import.meta.dirname, '../..');

/** How a Callboard in a process of its own is started. */
export interface ProcessOptions {
  /** Absent: in the temporary folder. */
  readonly dataFolder?: string;
  /** A module that is loaded before the program, in each of its threads. */
  readonly preload?: string;
}

/** Callboard as people run it, in a process of its own over a kubeconfig of a demo fleet, to be killed and started again. */
export class CallboardProcess {
  readonly folder: string;
  readonly #options: ProcessOptions;
  #child: ChildProcess | undefined;
  #url = '';
  #said = '';

  private constructor(options: ProcessOptions) {
    this.#options = options;
    this.folder = mkdtempSync(join(tmpdir(), 'callboard-fleet-process-'));
  }

  /** Writes its configuration and starts it. */
  static async start(demo: DemoFleet, options: ProcessOptions = {}): Promise<CallboardProcess> {
    const made = new CallboardProcess(options);
    const admin = await demo.issue('admin', ['system:masters']);
    writeFileSync(join(made.folder, 'kubeconfig'), kubeconfigText(demo, 'admin', admin), { mode: 0o600 });
    writeFileSync(join(made.folder, 'callboard.yaml'), 'fleet:\n  kubeconfigs: [./kubeconfig]\n  readers: 1\n');
    await made.begin();
    return made;
  }

  /** How it is asked; rejects while it does not run. */
  readonly live: LiveAnswers = {
    clusters: () => this.#ask('/api/v1/fleet/clusters'),
    objects: (query) => {
      const asked = new URLSearchParams({ limit: String(query.limit) });
      for (const kind of query.kinds ?? []) asked.append('kind', kind);
      for (const cluster of query.clusters ?? []) asked.append('cluster', cluster);
      if (query.name !== undefined) asked.set('name', query.name);
      if (query.templates !== undefined) asked.set('templates', String(query.templates));
      if (query.cursor !== undefined) asked.set('cursor', query.cursor);
      return this.#ask(`/api/v1/fleet/objects?${asked.toString()}`);
    },
  };

  /** What it printed since it was started. */
  get said(): string {
    return this.#said;
  }

  /** Starts the program, and waits until it says where it listens. */
  async begin(): Promise<void> {
    const data = this.#options.dataFolder ?? join(this.folder, 'data');
    const preload = this.#options.preload === undefined ? [] : ['--import', this.#options.preload];
    const args = [...preload, join(root, 'src/main.ts'), 'serve', '--port', '0', '--data', data];
    const child = spawn(process.execPath, args, { cwd: this.folder, stdio: 'pipe' });
    this.#child = child;
    this.#said = '';
    const read = (chunk: Buffer): void => {
      this.#said += chunk.toString();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    for (;;) {
      const url = /"url":"(http:[^"]+)"/.exec(this.#said)?.[1];
      if (url !== undefined) {
        this.#url = url;
        return;
      }
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${this.#said}`);
      await systemClock.sleep(10);
    }
  }

  /** Kills it as a power cut would, and waits until it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Kills it, and removes all that it wrote into its own folder. */
  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #ask(path: string): Promise<Uint8Array> {
    const response = await fetch(`${this.#url}${path}`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`${path} is answered by ${response.status}: ${await response.text()}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}
