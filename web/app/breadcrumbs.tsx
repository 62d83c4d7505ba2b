import { Link } from '@tanstack/react-router';
import { useLayoutEffect, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';

/** One step of the way to what the page shows; without `to` it leads nowhere: the page itself, or what cannot be shown. */
export interface Breadcrumb {
  readonly label: string;
  /** Path in the web interface. */
  readonly to?: string | undefined;
}

/** The way that the present page gave. */
class Trail {
  #crumbs: readonly Breadcrumb[] = [];
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): readonly Breadcrumb[] => this.#crumbs;

  set(crumbs: readonly Breadcrumb[]): void {
    this.#crumbs = crumbs;
    for (const listener of this.#listeners) listener();
  }
}

const trail = new Trail();

/** Shows in the head where the page stands, the widest first and the page itself last, for as long as it is there. */
export function useBreadcrumbs(crumbs: readonly Breadcrumb[]): void {
  const written = JSON.stringify(crumbs);
  // Before the paint: the head and the page below it never tell of two different things.
  useLayoutEffect(() => {
    trail.set(JSON.parse(written) as readonly Breadcrumb[]);
    return () => trail.set([]);
  }, [written]);
}

/** The way to the present page, in the head; `fallback` where the page gave none. */
export function Breadcrumbs({ fallback }: { readonly fallback: ReactNode }): ReactNode {
  const crumbs = useSyncExternalStore(trail.subscribe, trail.read);
  if (crumbs.length === 0) return fallback;
  return (
    <nav className="shell-crumbs" aria-label="Breadcrumbs">
      <ol>
        {crumbs.map(({ label, to }, at) => (
          <li key={`${at} ${label}`}>
            {to !== undefined && at < crumbs.length - 1 ? (
              <Link to={to} activeOptions={{ exact: true }}>
                {label}
              </Link>
            ) : (
              <span aria-current={at === crumbs.length - 1 ? 'page' : undefined}>{label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
