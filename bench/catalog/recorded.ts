import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Requests a second of a Backstage as they were measured before, for works that were: the table in `results.md` of the
 * tools' folder, rows `| work | connections | runs | p50 | p95 | p99 | requests/s | ...`.
 */
export function recordedRates(tools: string, connections: number): ReadonlyMap<string, number> {
  const file = join(tools, 'results.md');
  const rates = new Map<string, number>();
  if (!existsSync(file)) return rates;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    const rate = Number.parseFloat(cells[7] ?? '');
    if (cells[2] === String(connections) && cells[1] !== undefined && rate > 0) rates.set(cells[1], rate);
  }
  return rates;
}
