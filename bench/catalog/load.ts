import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cores, runPinned } from './pinned.ts';

/** What one round of one work on one server gave. */
export interface Round {
  readonly rps: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** CPU time of the server a request, in microseconds. */
  readonly cpuUs: number;
  readonly bytes: number;
}

/** How to put load on a server. */
export interface LoadOptions {
  /** Folder with `load.js`. */
  readonly tools: string;
  readonly folder: string;
  readonly url: string;
  readonly work: string;
  readonly count: number;
  readonly connections: number;
  readonly seconds: number;
  readonly warmup: number;
  readonly pid?: number | undefined;
}

interface LoadResult extends Round {
  readonly skipped?: boolean;
  readonly errors: number;
  readonly serverCpuMsPerReq: number;
  readonly requests: number;
}

/** One round of one work, by the load client in its own process on the other core. @throws Error where an answer is wrong */
export async function putLoad(options: LoadOptions): Promise<Round> {
  const json = join(options.folder, 'load.json');
  const flags = {
    url: options.url,
    n: options.count,
    only: options.work,
    conns: options.connections,
    seconds: options.seconds,
    warmup: options.warmup,
    json,
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const before = cpuSeconds(options.pid);
  const text = await runPinned(cores.client, [join(options.tools, 'load.js'), ...args]);
  const cpu = cpuSeconds(options.pid) - before;
  const [result] = (JSON.parse(readFileSync(json, 'utf8')) as { readonly results: readonly LoadResult[] }).results;
  if (result === undefined || result.skipped === true || result.errors > 0) throw new Error(`${options.work}: ${text}`);
  // The client counts requests after its warm-up; the CPU time is of both.
  const requests = result.requests * (1 + options.warmup / options.seconds);
  return {
    rps: result.rps,
    p50: result.p50,
    p95: result.p95,
    p99: result.p99,
    cpuUs: Math.round((cpu / requests) * 1e6),
    bytes: result.bytes,
  };
}

/** CPU time of a process, all threads, in seconds. */
export function cpuSeconds(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
