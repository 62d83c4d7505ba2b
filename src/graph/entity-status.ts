import type { Problem } from '../model/problem.ts';

/** One item of `status.items`, as Backstage's clients read it. */
interface StatusItem {
  readonly type: string;
  readonly level: 'error';
  readonly message: string;
  readonly error: { readonly name: string; readonly message: string };
}

/**
 * Which problems an entity shows in its `status`: errors of its own declaration, which then keeps what it last said
 * right, and, for a Location entity, errors of the files that it names as a whole.
 */
export class EntityStatuses {
  readonly #problems = new Map<string, Problem>();
  /** Ids of errors of no entity, by location. */
  readonly #ofLocation = new Map<string, Set<string>>();
  /** Ids of errors by the entity that shows them. */
  readonly #byRef = new Map<string, Set<string>>();
  readonly #namedBy: (location: string) => string | undefined;

  /** @param namedBy gives the ref of the Location entity that names a location */
  constructor(namedBy: (location: string) => string | undefined) {
    this.#namedBy = namedBy;
  }

  /** Puts or (with `undefined`) removes a problem. @returns refs of entities whose status may have changed */
  set(id: string, problem: Problem | undefined): readonly string[] {
    const before = this.#problems.get(id);
    const touched = [before && this.#remove(before), problem?.severity === 'error' ? this.#add(problem) : undefined];
    return touched.filter((ref) => ref !== undefined);
  }

  /** Notes that a location is named by another entity now. @returns refs of entities whose status may have changed */
  moved(location: string, before: string | undefined): readonly string[] {
    const ids = this.#ofLocation.get(location);
    const after = this.#namedBy(location);
    if (ids === undefined || before === after) return [];
    for (const id of ids) {
      if (before !== undefined) deleteFrom(this.#byRef, before, id);
      if (after !== undefined) addTo(this.#byRef, after, id);
    }
    return [before, after].filter((ref) => ref !== undefined);
  }

  /** JSON text of the entity's `status`; `undefined`: nothing to say. @param location where it is declared */
  textOf(ref: string, location: string): string | undefined {
    const ids = this.#byRef.get(ref);
    if (ids === undefined) return undefined;
    const items = [...ids]
      .flatMap((id) => this.#problems.get(id) ?? [])
      .filter((problem) => problem.entityRef === undefined || problem.location === location)
      .sort((left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.id < right.id ? -1 : 1));
    return items.length === 0 ? undefined : JSON.stringify({ items: items.map(statusItem) });
  }

  #add(problem: Problem): string | undefined {
    this.#problems.set(problem.id, problem);
    if (problem.entityRef === undefined) addTo(this.#ofLocation, problem.location, problem.id);
    const ref = problem.entityRef ?? this.#namedBy(problem.location);
    if (ref !== undefined) addTo(this.#byRef, ref, problem.id);
    return ref;
  }

  #remove(problem: Problem): string | undefined {
    this.#problems.delete(problem.id);
    deleteFrom(this.#ofLocation, problem.location, problem.id);
    const ref = problem.entityRef ?? this.#namedBy(problem.location);
    if (ref !== undefined) deleteFrom(this.#byRef, ref, problem.id);
    return ref;
  }
}

function statusItem({ code, message, location, line, column, path }: Problem): StatusItem {
  const name = code === 'target-missing' ? 'NotFoundError' : 'InputError';
  const place = line === undefined ? location : `${location}:${line}:${column ?? 1}`;
  const text = `${message} (${path === undefined ? '' : `${path} at `}${place})`;
  return {
    type: 'backstage.io/catalog-processing',
    level: 'error',
    message: `${name}: ${text}`,
    error: { name, message: text },
  };
}

function addTo(sets: Map<string, Set<string>>, key: string, id: string): void {
  const ids = sets.get(key);
  if (ids === undefined) sets.set(key, new Set([id]));
  else ids.add(id);
}

function deleteFrom(sets: Map<string, Set<string>>, key: string, id: string): void {
  const ids = sets.get(key);
  ids?.delete(id);
  if (ids?.size === 0) sets.delete(key);
}
