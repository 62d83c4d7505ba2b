import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';

/** Up to this many clusters hold what the demo organisation runs; more are filled with made-up services. */
const LARGEST_WORLD = 12;
/** How long the clusters may take to end before they are ended, ms. */
const ENDING_MS = 2_000;
/** As much is kept of what they say before they fail, characters. */
const LAST_WORDS = 2_000;

const noClusters = JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [], users: [], contexts: [] });

/** The clusters of the demo, in a process of their own. */
export interface DemoFleet {
  /** The configuration with these clusters in its fleet. */
  readonly config: Config;
  /** Starts the clusters; their kubeconfig is there when they can be asked. */
  start(): void;
  /** Ends them. Bounded in time. */
  close(): Promise<void>;
}

/** What is needed of the surroundings. */
interface DemoSurroundings {
  readonly env: Environment;
  readonly clock: Clock;
  err(line: string): void;
}

/**
 * The clusters of the demo where it is shown and this is a clone; undefined elsewhere. They end with this process, however
 * it ends; where they fail that is said, their clusters become unreachable, and nothing else happens.
 */
export function demoFleetOf(config: Config, surroundings: DemoSurroundings): DemoFleet | undefined {
  const count = config.demoClusters;
  const isLarge = count > LARGEST_WORLD;
  const name = isLarge ? 'big-fleet' : 'main';
  // The same path from `src/cli` and from where the launcher joins the program.
  const program = fileURLToPath(new URL(`../../demo/fleet/${name}.ts`, import.meta.url));
  if (count === 0 || !existsSync(program)) return undefined;
  const folder = join(config.dataFolder, 'demo-fleet');
  const kubeconfig = join(folder, 'kubeconfig');
  // Whoever follows the file finds it, without clusters yet; one of a server that runs here stays as it is.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(kubeconfig)) writeFileSync(kubeconfig, noClusters, { mode: 0o600 });
  const { fleet } = config;
  let child: ChildProcess | undefined;
  return {
    config: {
      ...config,
      fleet: { ...fleet, kubeconfigs: [...fleet.kubeconfigs, { paths: [kubeconfig], isDemo: true }] },
    },
    start: () => {
      const size = isLarge ? ['--services', String(33 * count), '--pods', String(1_800 * count)] : [];
      child = startProgram([program, '--clusters', String(count), '--folder', folder, ...size], surroundings);
    },
    close: async () => {
      if (child !== undefined) await end(child, surroundings.clock);
    },
  };
}

/** Starts the program. It has a process group of its own, so that Ctrl+C does not end it before those who read it. */
function startProgram(args: readonly string[], { env, err }: DemoSurroundings): ChildProcess {
  const child = spawn(process.execPath, [...args, '--until-input-ends'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // Nothing of ours is its business, but where the launcher keeps compiled code.
    env: Object.fromEntries(Object.entries(env).filter(([name]) => name === 'NODE_COMPILE_CACHE')),
    detached: true,
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-LAST_WORDS)));
  // Writing to a program that has gone fails; that it has gone is told by `exit`.
  child.stdin?.on('error', () => child.stdin?.destroy());
  const failed = (how: string): void => {
    if (child.stdin?.writableEnded === true) return;
    err(`Note: the clusters of the demo have ended (${how}); all else goes on. ${words.trim()}`.trim());
  };
  child.once('error', (error) => failed(error.message));
  child.once('exit', (code, signal) => failed(signal ?? `exit code ${code}`));
  return child;
}

async function end(child: ChildProcess, clock: Clock): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  const timer = clock.after(ENDING_MS, () => void child.kill('SIGKILL'));
  await ended;
  timer.cancel();
}
