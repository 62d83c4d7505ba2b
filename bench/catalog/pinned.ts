import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** The core that servers run on, and the one of everything that is not measured. */
export const cores = { server: '0', client: '1' } as const;

/** Starts a Node program on one core. `ipc` opens a channel for messages. */
export function startPinned(
  core: string,
  args: readonly string[],
  options: { readonly ipc?: boolean } = {},
): ChildProcess {
  const stdio = ['ignore', 'ignore', 'inherit', ...(options.ipc === true ? (['ipc'] as const) : [])] as const;
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', ...args];
  return spawn('taskset', ['-c', core, ...node], {
    stdio: [...stdio],
    env: { ...process.env, NODE_ENV: 'production' },
  });
}

/** Runs a Node program on one core to its end. @throws Error with what it wrote, where it fails */
export async function runPinned(core: string, args: readonly string[]): Promise<string> {
  const child = spawn('taskset', ['-c', core, process.execPath, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [text, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}: ${errors || text}`);
  return text;
}

/** Moves this process to a core, so that it takes nothing from the servers. */
export function pinSelf(core: string): void {
  pin(process.pid, core);
}

/** Moves a process with all its threads to a core. */
export function pin(pid: number, core: string): void {
  spawnSync('taskset', ['-a', '-p', '-c', core, String(pid)], { stdio: 'ignore' });
}

/** Ends a child and waits for it. */
export async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await ended;
}
