// From process start to the first correct page, with an empty data folder and with a full one, and the memory after.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, given, keep } from './measure.ts';
import { components } from './synthetic.ts';

const sizes = [1_000, 10_000, 30_000];
const main = new URL('../src/main.ts', import.meta.url).pathname;

interface Run {
  readonly answersMs: number;
  readonly completeMs: number;
  readonly residentMiB: number;
}

async function start(catalog: string, data: string, count: number): Promise<Run> {
  const started = performance.now();
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const args = [
    'serve',
    '--catalog',
    catalog,
    '--data',
    data,
    '--port',
    String(port),
    '--quiet',
    '--log-level',
    'error',
  ];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'callboard-bench-compile-cache') },
  });
  try {
    let answersMs: number | undefined;
    for (;;) {
      const total = await totalOf(port);
      const elapsed = performance.now() - started;
      if (total !== undefined) answersMs ??= elapsed;
      if (total === count && answersMs !== undefined) {
        await sleep(2_000);
        return { answersMs, completeMs: elapsed, residentMiB: residentMiB(child) };
      }
      if (elapsed > 120_000) throw new Error(`Only ${total} of ${count} after ${Math.round(elapsed)} ms`);
      await sleep(5);
    }
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

/** The number of components that the server knows, or undefined while it does not answer. */
async function totalOf(port: number): Promise<number | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/entities?filter=kind=component&limit=20`);
    return response.ok ? ((await response.json()) as { total: number }).total : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function residentMiB(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

const figures: Figure[] = [];
for (const count of sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-start-'));
  try {
    const entities = components(count);
    for (let at = 0; at < count; at += 50) {
      const documents = entities.slice(at, at + 50).map((entity) => entity.body);
      writeFileSync(join(folder, `catalog-${String(at).padStart(6, '0')}.yaml`), documents.join('\n---\n'));
    }
    const data = join(folder, '.data');
    const first = await start(join(folder, '*.yaml'), data, count);
    const again: Run[] = [];
    for (let round = 0; round < 3; round += 1) again.push(await start(join(folder, '*.yaml'), data, count));
    figures.push(given(`${count} entities: first start to all shown`, 'ms', [first.completeMs]));
    figures.push(
      given(
        `${count} entities: later start to the first page`,
        'ms',
        again.map((run) => run.answersMs),
      ),
    );
    figures.push(
      given(
        `${count} entities: later start, resident`,
        'MiB',
        again.map((run) => run.residentMiB),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
keep('start', figures);
