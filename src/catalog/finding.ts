import type { ProblemSeverity } from '../model/problem.ts';
import type { Place } from './document.ts';

/** Path of a field as its segments: keys and list positions from the entity's root. */
export type Path = readonly (string | number)[];

/** Something wrong in one document: a Problem before it is known where the document lives. */
export interface Finding {
  readonly code: string;
  readonly severity: ProblemSeverity;
  /** One sentence that names what is wrong and the offending value. */
  readonly message: string;
  readonly fix?: string | undefined;
  readonly path?: Path | undefined;
  /** Canonical ref of the entity that the document declares, where it can be read. */
  readonly entityRef?: string | undefined;
  readonly place?: Place | undefined;
}

/** A path as people write it: `metadata.tags[2]`, `metadata.annotations["a.b/c"]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (!/^[\w$-]+$/.test(segment)) text += `[${JSON.stringify(segment)}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}

/** A value for a message: as JSON, cut where it is long. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
