import { stat } from 'node:fs/promises';
import type { LocationTarget } from './descriptor.ts';
import { walkDescriptors, type ClosedFolder } from './file-walk.ts';
import type { Finding } from './finding.ts';
import { missingTarget, resolveTarget, type FileNaming, type ResolvedTarget } from './location-target.ts';
import type { TargetLink } from './source.ts';

/** The files that the Location entities of one file name. */
export interface FollowedTargets {
  /** Each path with the ref of the Location entity that names it. */
  readonly paths: ReadonlyMap<string, string>;
  /** What other sources must read. */
  readonly links: readonly TargetLink[];
  /** Refs of Location entities of which no target leads anywhere. */
  readonly aimless: ReadonlySet<string>;
  /** Targets that may come to mean something else when files come and go. */
  readonly open: readonly ResolvedTarget[];
  /** What is wrong with the others. */
  readonly findings: readonly Finding[];
}

/**
 * Fetches what is named and not at hand: files, and what folders hold for a search. Absolute paths.
 * @returns true when a file came
 */
export type BringFiles = (files: readonly string[], folders: readonly string[]) => Promise<boolean>;

/** How targets are followed. */
export interface FollowOptions {
  readonly onClosed: (closed: ClosedFolder) => void;
  /** How the source calls its files; default: by their paths. */
  readonly naming?: FileNaming | undefined;
  readonly bring?: BringFiles | undefined;
  /** True for a file that is refused as a whole. */
  readonly isBroken: (path: string) => boolean;
  /** True where a Location with one bad target leads nowhere, as in Backstage. */
  readonly needsAll: boolean;
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
  options: FollowOptions,
): Promise<FollowedTargets> {
  const findings: Finding[] = [];
  const found = new Map<string, string>();
  const links: TargetLink[] = [];
  const open: ResolvedTarget[] = [];
  const useful = new Map<string, boolean>();
  const meant = targets.map((target) => ({ target, resolved: resolveTarget(target, file, root, options.naming) }));
  await options.bring?.(
    meant.flatMap(({ resolved }) => (resolved.type === 'file' ? resolved.path : [])),
    meant.flatMap(({ resolved }) => (resolved.type === 'glob' ? resolved.base : [])),
  );
  for (const { target, resolved } of meant) {
    const { entityRef } = target;
    if (resolved.type === 'refused') findings.push(resolved.finding);
    else if (resolved.type === 'link') links.push(resolved.link);
    const paths = 'target' in resolved ? await expand(resolved, root, options.onClosed) : [];
    for (const path of paths) if (path !== file && !found.has(path)) found.set(path, entityRef);
    if ('target' in resolved && (paths.length === 0 || resolved.type === 'glob')) open.push(resolved);
    const isMissing = 'target' in resolved && paths.length === 0 && !target.optional;
    if (isMissing) findings.push(missingTarget(target, resolved.type === 'glob'));
    const isBroken =
      resolved.type === 'refused' || (isMissing && resolved.type === 'file') || paths.some(options.isBroken);
    useful.set(
      entityRef,
      options.needsAll ? (useful.get(entityRef) ?? true) && !isBroken : useful.get(entityRef) === true || !isBroken,
    );
  }
  const aimless = new Set([...useful].filter(([, isUseful]) => !isUseful).map(([ref]) => ref));
  return { paths: found, links, open, findings, aimless };
}

async function expand(
  resolved: Extract<ResolvedTarget, { target: LocationTarget }>,
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
