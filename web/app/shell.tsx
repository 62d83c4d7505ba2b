import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Ui } from '../../src/api/ui.ts';
import { useUi } from '../data/use-ui.ts';
import { useProblemCount } from '../data/use-problem-count.ts';
import { useKeys } from '../ui/keys.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { LiveBanner, LiveMark } from './live-state.tsx';
import { ThemeChoice } from './theme-choice.tsx';

const SEQUENCE_MS = 1000;

/** The frame around every page: skip link, head, navigation, the state of the live stream. */
export function Shell(): ReactNode {
  const { data: ui } = useUi();
  useGlobalKeys();
  useRouteFocus();
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <header className="shell-head">
        <Link to="/catalog" className="brand">
          <BrandMark />
          <span>Callboard</span>
        </Link>
        <Organization ui={ui} />
        <div className="shell-tools">
          <LiveMark />
          <ThemeChoice />
          <KeysDialog />
          <span className="shell-principal" title={ui?.principal.ref}>
            {ui?.principal.ref.split('/').at(-1)}
          </span>
        </div>
      </header>
      <Navigation />
      <main id="content" className="shell-main" tabIndex={-1}>
        <LiveBanner />
        <Outlet />
      </main>
    </div>
  );
}

/** Whose catalog it is; of the demo it is said that it is one, and how to see one's own. */
function Organization({ ui }: { readonly ui: Ui | undefined }): ReactNode {
  if (ui?.demo) {
    return (
      <span className="shell-organization">
        Demo organisation <span className="shell-hint">· your own:</span>{' '}
        <code className="shell-hint">npm start -- --catalog &lt;folder&gt;</code>
      </span>
    );
  }
  const isNamed = ui !== undefined && ui.organization !== 'Callboard';
  return <span className="shell-organization">{isNamed && ui.organization}</span>;
}

function BrandMark(): ReactNode {
  return (
    <svg className="brand-mark" viewBox="0 0 16 16" aria-hidden="true">
      <rect className="brand-mark-board" x=".5" y=".5" width="15" height="15" rx="3" />
      <rect className="brand-mark-accent" x="2" y="2.5" width="12" height="3.5" rx="1" />
      <rect className="brand-mark-ink" x="2" y="8" width="8" height="2" rx="1" />
      <rect className="brand-mark-ink" x="2" y="11.5" width="10" height="2" rx="1" />
    </svg>
  );
}

function Navigation(): ReactNode {
  const { data: ui } = useUi();
  const problems = useProblemCount();
  const pages = ui?.pages.filter((page) => page.module !== undefined) ?? [];
  return (
    <nav className="shell-nav" aria-label="Places">
      <ul className="plain">
        <li>
          <Link to="/catalog" className="nav-link">
            Catalog
          </Link>
        </li>
        <li>
          <Link to="/problems" className="nav-link">
            Problems
            {problems !== undefined && problems > 0 && (
              <span className="nav-count">
                {problems}
                <span className="visually-hidden"> open</span>
              </span>
            )}
          </Link>
        </li>
        <li>
          <Link to="/sources" className="nav-link">
            Sources
          </Link>
        </li>
      </ul>
      {pages.length > 0 && (
        <>
          <h2 className="nav-title" id="nav-plugins">
            Plugins
          </h2>
          <ul className="plain" aria-labelledby="nav-plugins">
            {pages.map((page) => (
              <li key={page.path}>
                <Link to={page.path} className="nav-link">
                  {page.title}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="nav-foot">
        <a href="/api/docs">API</a>
        <span>{ui?.version}</span>
      </p>
    </nav>
  );
}

/** After going to another place the focus stands at its content, so that the next Tab goes on from there. */
function useRouteFocus(): void {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    if (document.activeElement === null || document.activeElement === document.body) {
      document.getElementById('content')?.focus({ preventScroll: true });
    }
  }, [pathname]);
}

/** `/` to the search, `g` and a letter to a place. */
function useGlobalKeys(): void {
  const router = useRouter();
  const pressedGo = useRef(0);
  useKeys(
    useMemo(() => {
      const go = (to: '/catalog' | '/problems' | '/sources') => (event: KeyboardEvent) => {
        if (event.timeStamp - pressedGo.current > SEQUENCE_MS) return false;
        void router.navigate({ to });
        return true;
      };
      return {
        '/': () => {
          const search = document.querySelector<HTMLInputElement>('[data-search]');
          if (search) search.focus();
          else void router.navigate({ to: '/catalog' });
        },
        g: (event: KeyboardEvent) => {
          pressedGo.current = event.timeStamp;
        },
        c: go('/catalog'),
        p: go('/problems'),
        s: go('/sources'),
      };
    }, [router]),
  );
}
