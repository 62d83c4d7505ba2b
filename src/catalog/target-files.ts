import { stat } from 'node:fs/promises';
import type { LocationTarget } from './descriptor.ts';
import { walkDescriptors, type ClosedFolder } from './file-walk.ts';
import type { Finding } from './finding.ts';
import { missingTarget, resolveTarget, type ResolvedTarget } from './location-target.ts';

/** The files that the Location entities of one file name. */
export interface FollowedTargets {
  readonly paths: ReadonlySet<string>;
  /** Targets that may come to mean something else when files come and go. */
  readonly open: readonly ResolvedTarget[];
  /** What is wrong with the others. */
  readonly findings: readonly Finding[];
}

/**
 * Finds the files that targets name.
 *
 * @param file absolute path of the descriptor that the targets stand in; it never names itself
 * @param root absolute folder that no target may lead out of
 */
export async function followTargets(
  targets: readonly LocationTarget[],
  file: string,
  root: string,
  onClosed: (closed: ClosedFolder) => void,
): Promise<FollowedTargets> {
  const findings: Finding[] = [];
  const found = new Set<string>();
  const open: ResolvedTarget[] = [];
  for (const target of targets) {
    const resolved = resolveTarget(target, file, root);
    if (resolved.type === 'refused') {
      findings.push(resolved.finding);
      continue;
    }
    const paths = await expand(resolved, root, onClosed);
    for (const path of paths) if (path !== file) found.add(path);
    if (paths.length === 0 || resolved.type === 'glob') open.push(resolved);
    if (paths.length > 0 || target.optional) continue;
    findings.push(missingTarget(target, resolved.type === 'glob'));
  }
  return { paths: found, open, findings };
}

async function expand(
  resolved: Exclude<ResolvedTarget, { type: 'refused' }>,
  root: string,
  onClosed: (closed: ClosedFolder) => void,
): Promise<readonly string[]> {
  if (resolved.type === 'file') return (await typeOf(resolved.path)) === 'file' ? [resolved.path] : [];
  if ((await typeOf(resolved.base)) !== 'folder') return [];
  const found: string[] = [];
  for await (const paths of walkDescriptors(resolved.base, root, onClosed)) {
    found.push(...paths.filter((path) => resolved.matches(path)));
  }
  return found;
}

async function typeOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'folder' : 'file';
  } catch (thrown) {
    // What cannot be looked at counts as missing; anything that is no file system error is a fault.
    if ((thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
    return 'nothing';
  }
}
