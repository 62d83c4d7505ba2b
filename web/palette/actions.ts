import { useEffect, useMemo, useSyncExternalStore } from 'react';

/** One thing that can be done with what has the focus: an entity's page, a row of a list. */
export interface PageAction {
  /** Stable name, such as `entity.copyRef`; one list has each once. */
  readonly id: string;
  /** What it does, beginning with a verb: `Copy the ref`. */
  readonly title: string;
  /** The keys that do it anywhere on the page, as `SHORTCUTS` writes them. */
  readonly keys?: string | undefined;
  /** May resolve to a few words that tell what came of it: `Copied`. */
  run(): unknown;
  /** Why it cannot be done now, one sentence; it is shown, but does nothing. */
  readonly disabledReason?: string | undefined;
}

/** The actions of one thing. */
export interface ActionSet {
  /** What they act on, as people call it: `ticket-desk`. */
  readonly subject: string | undefined;
  readonly actions: readonly PageAction[];
}

const NOTHING: ActionSet = { subject: undefined, actions: [] };

/** The actions of what is on the page; the last one that came with any stands over the others, as a peek over its list. */
class ActionStack {
  #sets: readonly ActionSet[] = [];
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The actions of the focused thing; the same object until they change. */
  readonly read = (): ActionSet => this.#sets.findLast(({ actions }) => actions.length > 0) ?? NOTHING;

  /** @returns takes them away again */
  add(set: ActionSet): () => void {
    this.#set([...this.#sets, set]);
    return () => this.#set(this.#sets.filter((other) => other !== set));
  }

  #set(sets: readonly ActionSet[]): void {
    this.#sets = sets;
    for (const listener of this.#listeners) listener();
  }
}

const stack = new ActionStack();

/**
 * Offers actions under `.` and in the palette, while the component is mounted.
 * @param actions the same list until it changes (`useMemo`); an empty one leaves the place to the list before
 * @param subject what they act on, as people call it
 */
export function usePageActions(actions: readonly PageAction[], subject?: string): void {
  const set = useMemo(() => ({ subject, actions }), [subject, actions]);
  useEffect(() => stack.add(set), [set]);
}

/** The actions of what has the focus now. */
export function useFocusedActions(): ActionSet {
  return useSyncExternalStore(stack.subscribe, stack.read);
}
