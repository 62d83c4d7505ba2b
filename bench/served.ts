import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runPinned } from './catalog/pinned.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Documents in one descriptor file. */
const PER_FILE = 50;
/** A server that does not show its catalog by then has failed. */
const LONGEST_START_MS = 900_000;

/** The program as `npm start` starts it: the arguments of Node, the main module last. */
export async function startedProgram(): Promise<readonly string[]> {
  const launcher = (name: string): Promise<unknown> => import(new URL(`../launcher/${name}`, import.meta.url).href);
  const { nodeFlags } = (await launcher('process-run.mjs')) as { nodeFlags: readonly string[] };
  const { ensureProgram } = (await launcher('builds.mjs')) as {
    ensureProgram(root: string, cache: string, node: string): Promise<string>;
  };
  return [...nodeFlags, await ensureProgram(root, join(root, '.cache'), process.execPath)];
}

/** Writes the generator's catalog as descriptor files. @returns their texts and the number of entities */
export async function writeCatalog(
  folder: string,
  generator: string,
  components: number,
): Promise<{ readonly texts: readonly string[]; readonly total: number }> {
  const whole = join(folder, 'all.txt');
  await runPinned('0-1', [generator, '--n', String(components), '--format', 'yaml', '--out', whole]);
  const documents = readFileSync(whole, 'utf8')
    .split(/^---\n/m)
    .filter((text) => text !== '');
  mkdirSync(join(folder, 'catalog'));
  const texts: string[] = [];
  for (let at = 0; at < documents.length; at += PER_FILE) {
    const text = documents.slice(at, at + PER_FILE).join('---\n');
    writeFileSync(join(folder, 'catalog', `catalog-${String(at).padStart(6, '0')}.yaml`), text);
    texts.push(text);
  }
  return { texts, total: documents.length };
}

/** CPU time of an empty server that answers, ms: that much of a first start is not ingestion. */
export async function emptyStartMs(program: readonly string[], generator: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-empty-'));
  try {
    await writeCatalog(folder, generator, 20);
    const server = new Served(program, folder);
    await server.untilShown(20, 50);
    await sleep(1_000);
    const { cpuMs } = server;
    await server.close();
    return cpuMs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A running server and what it cost so far. */
export class Served {
  readonly #started = performance.now();
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  /** Below those that the system gives away. */
  readonly #port = 20_000 + Math.floor(Math.random() * 12_000);

  /** @param more flags beside those of its catalog, its data and its port */
  constructor(program: readonly string[], folder: string, more: readonly string[] = []) {
    const flags = ['--catalog', join(folder, 'catalog'), '--data', join(folder, 'data'), '--port', String(this.#port)];
    this.#child = spawn(process.execPath, [...program, 'serve', ...flags, ...more, '--quiet', '--log-level', 'error'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(root, '.cache', 'compile') },
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Ms since the process was started. */
  get elapsedMs(): number {
    return performance.now() - this.#started;
  }

  /** CPU time of all threads since the process was started, ms. */
  get cpuMs(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  get residentMiB(): number {
    return this.#status('VmRSS');
  }

  get peakMiB(): number {
    return this.#status('VmHWM');
  }

  /** The JSON that a path answers; undefined while the server does not. */
  read(path: string): Promise<unknown> {
    if (this.#child.exitCode !== null) throw new Error('The server ended');
    return new Promise((resolve, reject) => {
      const asked = get({ host: '127.0.0.1', port: this.#port, path, agent: this.#agent }, (reply) => {
        let text = '';
        reply.on('data', (chunk: Buffer) => (text += chunk.toString()));
        reply.on('end', () => resolve(reply.statusCode === 200 ? (JSON.parse(text) as unknown) : undefined));
      });
      asked.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') resolve(undefined);
        else reject(error);
      });
    });
  }

  /** Waits for the first correct page. @param everyMs how often it is asked for */
  async untilShown(total: number, everyMs: number): Promise<void> {
    const path = '/api/catalog/entities/by-query?limit=20&orderField=metadata.name,asc';
    for (;;) {
      const page = (await this.read(path)) as { items: unknown[]; totalItems: number } | undefined;
      if (page !== undefined && page.totalItems >= total && page.items.length === 20) return;
      if (this.elapsedMs > LONGEST_START_MS) throw new Error(`Only ${page?.totalItems} of ${total} are shown`);
      await sleep(everyMs);
    }
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await ended;
  }

  #status(name: string): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  }
}
