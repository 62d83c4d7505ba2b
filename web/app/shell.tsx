import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import type { Ui } from '../../src/api/ui.ts';
import { useUi } from '../data/use-ui.ts';
import { PaletteHost } from '../palette/palette-host.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Breadcrumbs } from './breadcrumbs.tsx';
import { FindField } from './find-field.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { LiveBanner, LiveMark } from './live-state.tsx';
import { NavigationDrawer } from './navigation-drawer.tsx';
import { Navigation } from './navigation.tsx';
import { usePlaceKeys } from './place-keys.ts';
import { ProgressLine, useIsAwaited } from './progress-line.tsx';
import { RouteFocus } from './route-focus.tsx';
import { SignedOutBanner } from './signed-out.tsx';
import { ThemeChoice } from './theme-choice.tsx';

/** Loaded for who needs it: most pages are opened by people who are signed in. */
const SignInHere = lazy(async () => ({ default: (await import('../pages/sign-in/sign-in-page.tsx')).SignInHere }));

/** The frame around every page; around signing in, only what that needs. */
export function Shell(): ReactNode {
  const { data: ui, failure } = useUi();
  const path = useRouterState({ select: (state) => state.location.pathname });
  usePlaceKeys();
  const isNobody = ui?.principal.kind === 'anonymous';
  if (path === '/sign-in' || isNobody) {
    return (
      <BareFrame>
        <Suspense>{path === '/sign-in' ? <Outlet /> : <SignInHere />}</Suspense>
      </BareFrame>
    );
  }
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <Head ui={ui} />
      <Navigation ui={ui} />
      <Content isKnown={ui !== undefined || failure !== undefined} />
      <RouteFocus />
      <PaletteHost ui={ui} />
    </div>
  );
}

function Head({ ui }: { readonly ui: Ui | undefined }): ReactNode {
  return (
    <header className="shell-head">
      <NavigationDrawer ui={ui} />
      <Link to="/" className="brand" aria-label="Callboard, home">
        <BrandMark />
        <span className="brand-name">Callboard</span>
      </Link>
      <Breadcrumbs fallback={<Organization ui={ui} />} />
      <div className="shell-tools">
        <FindField />
        <LiveMark />
        <ThemeChoice />
        <KeysDialog />
        <AccountMenu ui={ui} />
      </div>
      <ProgressLine />
    </header>
  );
}

/**
 * The page. It asks for its data at once but is seen only when it is known who asks, so that nothing flashes before
 * somebody who has to sign in first.
 */
function Content({ isKnown }: { readonly isKnown: boolean }): ReactNode {
  const isAwaited = useIsAwaited();
  return (
    <main id="content" className={isKnown ? 'shell-main' : 'shell-main is-unknown'} tabIndex={-1} aria-busy={isAwaited}>
      {!isKnown && (
        <div className="shell-loading">
          <Skeleton rows={8} label="Loading" />
        </div>
      )}
      <SignedOutBanner />
      <LiveBanner />
      <Outlet />
    </main>
  );
}

function BareFrame({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <div className="bare">
      <header className="bare-head">
        <span className="brand">
          <BrandMark />
          <span>Callboard</span>
        </span>
        <ThemeChoice />
      </header>
      <main id="content" className="bare-main" tabIndex={-1}>
        {children}
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
