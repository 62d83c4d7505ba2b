import { parseEntityRef } from '../../../src/model/ref.ts';
import type { ProblemData } from './use-entity.ts';

/** How much is wrong with one entity. */
export interface Trouble {
  readonly errors: number;
  readonly warnings: number;
}

/** Problems counted by entity; those of no entity are left out. */
export function troubleByRef(problems: readonly ProblemData[]): ReadonlyMap<string, Trouble> {
  const troubles = new Map<string, Trouble>();
  for (const { entityRef, severity } of problems) {
    if (entityRef === undefined) continue;
    const { errors, warnings } = troubles.get(entityRef) ?? { errors: 0, warnings: 0 };
    const isError = severity === 'error';
    troubles.set(entityRef, { errors: errors + Number(isError), warnings: warnings + Number(!isError) });
  }
  return troubles;
}

/** Refs with something wrong, most errors first, then most warnings, then by ref. @param kind lower case; absent: all */
export function worstFirst(troubles: ReadonlyMap<string, Trouble>, kind?: string): readonly string[] {
  return [...troubles]
    .filter(([ref]) => kind === undefined || parseEntityRef(ref)?.kind === kind)
    .sort(([a, x], [b, y]) => y.errors - x.errors || y.warnings - x.warnings || (a < b ? -1 : 1))
    .map(([ref]) => ref);
}

/** The trouble of many as one. */
export function sumOf(troubles: Iterable<Trouble>): Trouble {
  let [errors, warnings] = [0, 0];
  for (const trouble of troubles) {
    errors += trouble.errors;
    warnings += trouble.warnings;
  }
  return { errors, warnings };
}
