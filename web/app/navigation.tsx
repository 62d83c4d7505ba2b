import { Link, useRouterState } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { Ui } from '../../src/api/ui.ts';
import { useProblemCount } from '../data/use-problem-count.ts';
import { remember } from '../ui/browser-memory.ts';
import { Icon } from './icons.tsx';
import { Pinned } from './pinned.tsx';
import { placesOf, type Place, type PlaceGroup } from './places.ts';

const STORAGE_KEY = 'callboard.navigation';

/** The places beside the page; wide, or icons alone as this browser has chosen (`public/theme.js` sets it before the first paint). */
export function Navigation({ ui }: { readonly ui: Ui | undefined }): ReactNode {
  const [isFolded, setIsFolded] = useState(() => document.documentElement.dataset['navigation'] === 'icons');
  const fold = (next: boolean): void => {
    remember('localStorage', STORAGE_KEY, next ? 'icons' : undefined);
    if (next) document.documentElement.dataset['navigation'] = 'icons';
    else delete document.documentElement.dataset['navigation'];
    setIsFolded(next);
  };
  const label = isFolded ? 'Widen the navigation' : 'Narrow the navigation';
  return (
    <div className="shell-nav">
      <PlaceList ui={ui} isFolded={isFolded} />
      <div className="nav-foot">
        <NavigationFoot ui={ui} />
        <button
          type="button"
          className="shell-button"
          aria-label={label}
          title={label}
          aria-expanded={!isFolded}
          onClick={() => fold(!isFolded)}
        >
          <Icon name={isFolded ? 'unfold' : 'fold'} />
        </button>
      </div>
    </div>
  );
}

/** What stands below the places: the interface for programs, and the version. */
export function NavigationFoot({ ui }: { readonly ui: Ui | undefined }): ReactNode {
  return (
    <p className="nav-note">
      <a href="/api/docs">API</a>
      <span>{ui?.version}</span>
    </p>
  );
}

/** The places as links. `isFolded`: their names are told, not shown. */
export function PlaceList({
  ui,
  isFolded = false,
}: {
  readonly ui: Ui | undefined;
  readonly isFolded?: boolean;
}): ReactNode {
  return (
    <nav className="nav-places" aria-label="Places">
      {placesOf(ui).map((group) => (
        <Places key={group.title ?? ''} group={group} isFolded={isFolded} />
      ))}
      <Pinned isFolded={isFolded} />
    </nav>
  );
}

function Places({ group, isFolded }: { readonly group: PlaceGroup; readonly isFolded: boolean }): ReactNode {
  const id = useId();
  return (
    <>
      {group.title !== undefined && (
        <h2 className="nav-title" id={id}>
          {group.title}
        </h2>
      )}
      <ul className="plain" aria-labelledby={group.title === undefined ? undefined : id}>
        {group.places.map((place) => (
          <PlaceItem key={place.to} place={place} isFolded={isFolded} />
        ))}
      </ul>
    </>
  );
}

/** Paths that belong to a place of another path. */
const below: Readonly<Record<string, RegExp>> = {
  // Sessions and tokens are below /access too, and have links of their own.
  '/access': /^\/access\/(roles|bindings|new-|check)/,
  '/clusters': /^\/fleet\//,
};

function PlaceItem({ place, isFolded }: { readonly place: Place; readonly isFolded: boolean }): ReactNode {
  const isBelow = useRouterState({ select: ({ location }) => below[place.to]?.test(location.pathname) === true });
  return (
    <li>
      <Link
        to={place.to}
        activeOptions={{ exact: place.isExact === true, includeSearch: false }}
        className={isBelow ? 'nav-link active' : 'nav-link'}
        title={isFolded ? place.title : undefined}
      >
        <Icon name={place.icon} />
        <span className="nav-name">{place.title}</span>
        {place.to === '/problems' && <ProblemCount />}
      </Link>
    </li>
  );
}

function ProblemCount(): ReactNode {
  const problems = useProblemCount();
  if (problems === undefined || problems === 0) return null;
  return (
    <span className="nav-count">
      {problems}
      <span className="visually-hidden"> open</span>
    </span>
  );
}
