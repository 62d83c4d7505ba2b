import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { loadFileSync } from './guarded-file.ts';
import { isInside, type FileNaming } from './location-target.ts';
import type { Included } from './placeholders.ts';

/**
 * The absolute path that the target of a placeholder in a file means: relative to that file, or, with `/` in front, from
 * the top of the folder that the source reads.
 *
 * @param root absolute folder that the path may not lie outside of
 * @returns undefined where it does, or where the target is a URL
 */
export function includedPath(target: string, file: string, root: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]+:/i.test(target)) return undefined;
  const path =
    isAbsolute(target) && !isInside(resolve(target), root) ? join(root, target) : resolve(dirname(file), target);
  return isInside(path, root) ? path : undefined;
}

/** The targets of placeholders that are addresses of files of a source, with their paths from the top of its folder. */
export function ownAliases(targets: readonly string[], root: string, naming: FileNaming): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const target of targets) {
    const path = /^https?:\/\//i.test(target) ? naming.pathOf(`url:${target}`) : undefined;
    if (path !== undefined && path !== root) aliases.set(target, path.slice(root.length));
  }
  return aliases;
}

/**
 * Reads the file that a placeholder stands for; links out of the root are refused too.
 * @param root real path of the folder that the source reads
 */
export function includeFile(target: string, file: string, root: string): Included {
  const path = includedPath(target, join(realpathSync.native(dirname(file)), basename(file)), root);
  if (path === undefined) return { status: 'failed', message: 'it lies outside of the folder that the source reads' };
  const loaded = loadFileSync(path, root);
  if (loaded.status === 'loaded') return { status: 'text', text: loaded.bytes.toString('utf8') };
  return { status: 'failed', message: loaded.status === 'unreadable' ? loaded.message : 'there is no such file' };
}
