import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

/** One figure of a benchmark: the median of its rounds and all of them. */
export interface Figure {
  readonly name: string;
  /** E.g. `ms`, `rows/s`, `MiB`, `x` for a ratio. */
  readonly unit: string;
  readonly median: number;
  readonly rounds: readonly number[];
}

/** The median of at least one number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('No rounds were measured');
  return middle;
}

/** The value below which `share` (0 to 1) of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Measures `rounds` times, prints the median, and returns the figure. */
export async function figure(
  name: string,
  unit: string,
  round: () => number | Promise<number>,
  rounds = 3,
): Promise<Figure> {
  const values: number[] = [];
  for (let index = 0; index < rounds; index += 1) values.push(await round());
  return given(name, unit, values);
}

/** A figure from values that were measured together with others. */
export function given(name: string, unit: string, values: readonly number[]): Figure {
  const result = { name, unit, median: rounded(median(values)), rounds: values.map(rounded) };
  console.log(`${name.padEnd(64)} ${String(result.median).padStart(12)} ${unit}`);
  return result;
}

/** Keeps the figures of one benchmark in bench/results, with the machine they were measured on. */
export function keep(benchmark: string, figures: readonly Figure[]): void {
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  // What else ran in the last minutes: with more than one process a core, times say little and memory still something.
  const load = loadavg().map(rounded);
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version, load };
  const result = { benchmark, date: new Date().toISOString().slice(0, 10), machine, figures };
  writeFileSync(new URL(`${benchmark}.json`, folder), `${JSON.stringify(result, null, 2)}\n`);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
