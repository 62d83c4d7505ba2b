import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cores, runPinned } from './pinned.ts';

/** Documents in one descriptor file. */
const PER_FILE = 10;

/** A folder of descriptors that can be changed while it is served. */
export interface Descriptors {
  /** Entities of all kinds. */
  readonly total: number;
  /** Begins to change one entity at a time, evenly, `rate` a second. @returns what ends it and counts the changes */
  change(rate: number): () => number;
}

/**
 * Writes the catalog of the generator as YAML files.
 * @param generator path of the generator's program
 * @param count components; other kinds come on top
 */
export async function writeDescriptors(folder: string, generator: string, count: number): Promise<Descriptors> {
  const whole = join(folder, 'all.txt');
  await runPinned(cores.client, [generator, '--n', String(count), '--format', 'yaml', '--out', whole]);
  const documents = readFileSync(whole, 'utf8')
    .split(/^---\n/m)
    .filter((text) => text !== '');
  const files: string[] = [];
  const catalog = join(folder, 'catalog');
  mkdirSync(catalog);
  for (let at = 0; at < documents.length; at += PER_FILE) {
    const file = join(catalog, `catalog-${String(at).padStart(6, '0')}.yaml`);
    writeFileSync(file, documents.slice(at, at + PER_FILE).join('---\n'));
    files.push(file);
  }
  return { total: documents.length, change: (rate) => beginChanges(files, rate) };
}

/** Every change writes another value of one annotation, so that sizes and answers stay as they are. */
function beginChanges(files: readonly string[], rate: number): () => number {
  let changes = 0;
  const timer = setInterval(() => {
    const file = files[(changes * 7919) % files.length] ?? '';
    const [first = '', ...others] = readFileSync(file, 'utf8').split(/^---\n/m);
    const mark = `    example.com/changed: "${String(changes % 1000).padStart(3, '0')}"\n`;
    const rest = first.replace(/^ {4}example\.com\/changed: .*\n/m, '');
    writeFileSync(file, [rest.replace(/^ {2}annotations:\n/m, `  annotations:\n${mark}`), ...others].join('---\n'));
    changes += 1;
  }, 1000 / rate);
  return () => {
    clearInterval(timer);
    return changes;
  };
}
