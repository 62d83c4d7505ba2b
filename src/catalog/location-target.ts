import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import type { LocationTarget } from './descriptor.ts';
import type { Finding } from './finding.ts';
import type { TargetLink } from './source.ts';

/** Types of locations that something reads. */
const TARGET_TYPES: readonly string[] = ['file', 'url', 'git'];

/** What a target of a Location means inside the folder of a source. */
export type ResolvedTarget =
  | { readonly type: 'file'; readonly path: string; readonly target: LocationTarget }
  /** `matches` takes absolute paths. */
  | {
      readonly type: 'glob';
      readonly base: string;
      readonly matches: (path: string) => boolean;
      readonly target: LocationTarget;
    }
  /** What another source must read. */
  | { readonly type: 'link'; readonly link: TargetLink }
  | { readonly type: 'refused'; readonly finding: Finding };

/** How the files of a source are called in the catalog. */
export interface FileNaming {
  /** Location ref of a file. */
  refOf(path: string): string;
  /** The file that a location ref means; `undefined`: none of this source. */
  pathOf(ref: string): string | undefined;
  /** Annotations that all entities of a file have; a value in the file wins. */
  annotationsOf?(path: string): Readonly<Record<string, string>>;
}

/** Files that are called by their own paths. */
export const plainNaming: FileNaming = {
  refOf: (path) => `file:${path}`,
  pathOf: (ref) => (ref.startsWith('file:') ? ref.slice('file:'.length) : undefined),
};

/**
 * Resolves a target of a Location that stands in a file. Relative targets are meant from that file; one that begins
 * with `/` is meant from the file system when it lies in the source's folder, and else from the top of that folder (as
 * in a repository).
 *
 * @param file absolute path of the descriptor with the Location
 * @param root absolute path of the source's folder
 */
export function resolveTarget(
  target: LocationTarget,
  file: string,
  root: string,
  naming: FileNaming = plainNaming,
): ResolvedTarget {
  if (!TARGET_TYPES.includes(target.type)) {
    const fix = `Use one of the types ${TARGET_TYPES.join(', ')}`;
    return refused(target, 'target-unsupported', 'error', `There is no source for the type ${target.type}`, fix);
  }
  // What stands in a repository names files beside it by their paths, as in a folder.
  const isGit = target.type === 'git' && /^[a-z][a-z0-9+.-]*:\/\/|^[\w.+-]+@[\w.-]+:/i.test(target.target);
  const isUrl = !isGit && /^https?:\/\//i.test(target.target);
  const location = `${isUrl ? 'url' : target.type}:${target.target}`;
  const own = isUrl || isGit ? naming.pathOf(location) : undefined;
  if ((isGit || isUrl) && own === undefined) {
    return { type: 'link', link: { location, entityRef: target.entityRef, optional: target.optional } };
  }
  const written = own ?? target.target;
  if (written === '' || written.endsWith('/') || written.endsWith(sep)) {
    return refused(target, 'target-missing', 'error', 'A target must name a file', 'Add the name of the file');
  }
  const path = absolutePath(written, file, root);
  if (!isInside(path, root)) {
    const fix = `Targets may not lead out of ${root}; configure the file as a location of its own`;
    return refused(target, 'target-outside', 'error', 'The target lies outside of the catalog’s folder', fix);
  }
  const { isGlob, base, glob } = picomatch.scan(relative(root, path));
  if (!isGlob) return { type: 'file', path, target };
  const folder = join(root, base);
  const match = picomatch(glob);
  return { type: 'glob', base: folder, matches: (candidate) => match(relative(folder, candidate)), target };
}

/** A target that names nothing that can be read. A pattern may well match nothing yet; a file that is named should be. */
export function missingTarget(target: LocationTarget, isPattern: boolean): Finding {
  const severity = isPattern ? 'warning' : 'error';
  const what = isPattern ? 'No file matches the target' : 'The target is missing';
  return targetFinding(target, 'target-missing', severity, what, 'Correct the path, or remove the target');
}

/** That the file which a location itself names is not there. */
export const missingRoot: Finding = {
  code: 'target-missing',
  severity: 'error',
  message: 'The configured file does not exist',
  fix: 'Create the file, or correct the configuration',
};

/** True when `path` is `root` or lies below it (by name, links are not looked at). */
export function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function absolutePath(written: string, file: string, root: string): string {
  if (!isAbsolute(written)) return resolve(dirname(file), written);
  const path = resolve(written);
  return isInside(path, root) ? path : join(root, written);
}

function refused(
  target: LocationTarget,
  code: string,
  severity: Finding['severity'],
  what: string,
  fix?: string,
): ResolvedTarget {
  return { type: 'refused', finding: targetFinding(target, code, severity, what, fix) };
}

/** A finding about a target, at its place in the file. */
export function targetFinding(
  target: LocationTarget,
  code: string,
  severity: Finding['severity'],
  what: string,
  fix?: string,
): Finding {
  return {
    code,
    severity,
    message: `${what}: ${JSON.stringify(target.target)}`,
    fix,
    entityRef: target.entityRef,
    path: target.path,
    place: target.place,
  };
}
