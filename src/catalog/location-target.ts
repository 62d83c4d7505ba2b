import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import type { LocationTarget } from './descriptor.ts';
import type { Finding } from './finding.ts';

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
  | { readonly type: 'refused'; readonly finding: Finding };

/**
 * Resolves a target of a Location that stands in a file. Relative targets are meant from that file; one that begins
 * with `/` is meant from the file system when it lies in the source's folder, and else from the top of that folder (as
 * in a repository).
 *
 * @param file absolute path of the descriptor with the Location
 * @param root absolute path of the source's folder
 */
export function resolveTarget(target: LocationTarget, file: string, root: string): ResolvedTarget {
  const written = target.target;
  if (/^https?:\/\//i.test(written) || !['file', 'url'].includes(target.type)) {
    return refused(target, 'target-unsupported', 'warning', 'Targets of this kind are not read yet');
  }
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

function targetFinding(
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
