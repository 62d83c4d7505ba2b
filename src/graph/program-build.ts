import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { callboardVersion } from '../base/version.ts';
import type { KindTable } from '../model/relations.ts';

/** Folders of what decides how the cache is made: the joined program has all of it in the first one. */
const folders = ['./', '../base/', '../model/', '../store/'];

/**
 * Names the program as far as it decides how the watch cache is made: its version, its files by name, size and time,
 * and the kinds that this server knows. Another build may index otherwise.
 */
export function programBuild(kinds: KindTable): string {
  const hash = createHash('sha256').update(callboardVersion());
  for (const folder of folders) {
    const path = fileURLToPath(new URL(folder, import.meta.url));
    for (const name of namesIn(path)) {
      const { size, mtimeMs } = statSync(path + name);
      hash.update(`${folder}${name} ${size} ${mtimeMs}\n`);
    }
  }
  for (const { kind, relations } of kinds.values()) hash.update(JSON.stringify([kind, relations]));
  return hash.digest('hex');
}

function namesIn(path: string): string[] {
  const names = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(path) : [];
  return names.filter((name) => /(?<!\.test)\.[jt]s$/.test(name)).sort();
}
