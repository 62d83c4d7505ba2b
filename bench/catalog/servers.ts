import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BareCommand } from './bare-server.ts';
import { startedProgram } from '../served.ts';
import { cores, startPinned, stop } from './pinned.ts';

const bare = new URL('bare-server.ts', import.meta.url).pathname;

/** A server under load. */
export interface Target {
  readonly url: string;
  readonly pid: number | undefined;
  close(): Promise<void>;
}

/** Starts Callboard as people run it and waits until it shows the whole catalog. */
export async function startCallboard(options: {
  readonly catalog: string;
  readonly data: string;
  readonly port: number;
  readonly total: number;
}): Promise<Target> {
  const { catalog, data, port, total } = options;
  const flags = ['--catalog', catalog, '--data', data, '--port', String(port), '--quiet', '--log-level', 'error'];
  const child = startPinned(cores.server, [...(await startedProgram()), 'serve', ...flags]);
  const url = `http://127.0.0.1:${port}`;
  const close = (): Promise<void> => stop(child);
  try {
    await waitForAll(url, total, child);
  } catch (error) {
    await close();
    throw error;
  }
  // Collectors write what follows from the catalog; then nothing of the start is measured.
  await sleep(5_000);
  return { url, pid: child.pid, close };
}

/** Resolves when a server shows as many entities as there are descriptors. */
async function waitForAll(url: string, total: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error('The server ended');
    // Locations are entities too and come on top.
    if (((await totalAt(url)) ?? 0) >= total) return;
    await sleep(200);
  }
  throw new Error(`The server does not show ${total} entities`);
}

async function totalAt(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${url}/api/catalog/entities/by-query?limit=0`);
    return response.ok ? ((await response.json()) as { totalItems: number }).totalItems : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The bare server: `tell` has it record the answers of another server, or replay them. */
export interface BareTarget extends Target {
  tell(command: BareCommand): Promise<void>;
}

/** Starts the bare server. */
export async function startBare(port: number): Promise<BareTarget> {
  const child = startPinned(cores.server, [bare, String(port)], { ipc: true });
  const answer = (): Promise<unknown> => new Promise((resolve) => child.once('message', resolve));
  await answer();
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    close: () => stop(child),
    async tell(command) {
      const heard = answer();
      child.send(command);
      await heard;
    },
  };
}
