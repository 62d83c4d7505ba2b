import type { View } from '../graph/view.ts';
import { CONFIGURED, generatedRef, REGISTERED } from './registration.ts';
import type { Ancestor } from './control.ts';

/**
 * The way from an entity up to the configured or registered location that leads to it, over the Location entities that
 * name each file. What the view hides, or what is not in the catalog, ends the way.
 *
 * @returns the entity first; `undefined` where the view has none
 */
export function ancestryOf(view: View, ref: string): readonly Ancestor[] | undefined {
  const parentOf = new Map(
    view.locations().map((state) => [state.ref, state.parentEntity ?? generatedRef(state.source)]),
  );
  const ancestors: Ancestor[] = [];
  const seen = new Set<string>();
  for (let next: string | undefined = ref; next !== undefined && !seen.has(next);) {
    seen.add(next);
    const id = view.find(next);
    if (id === undefined) break;
    const { location } = view.declaration(id);
    const parent: string | undefined =
      location === CONFIGURED || location === REGISTERED ? undefined : parentOf.get(location);
    const isShown = parent !== undefined && view.find(parent) !== undefined;
    ancestors.push({ ref: next, parents: isShown ? [parent] : [] });
    next = isShown ? parent : undefined;
  }
  return ancestors.length === 0 ? undefined : ancestors;
}
