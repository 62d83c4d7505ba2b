import { Link, useRouterState } from '@tanstack/react-router';
import { useId } from 'react';
import type { ReactNode } from 'react';
import type { Ui } from '../../src/api/ui.ts';
import { useProblemCount } from '../data/use-problem-count.ts';
import { isAble } from '../data/use-ui.ts';

const places = [
  { to: '/catalog', title: 'Catalog', permission: 'catalog.entity.read' },
  { to: '/problems', title: 'Problems', permission: 'catalog.problem.read' },
  { to: '/sources', title: 'Sources', permission: 'catalog.source.read' },
] as const;

const accessPlaces = [
  { to: '/access', title: 'Roles', permission: 'access.policy.read' },
  { to: '/access/sessions', title: 'Sessions', permission: 'access.session.read' },
  { to: '/access/tokens', title: 'Tokens', permission: 'access.token.read' },
  { to: '/secrets', title: 'Secrets', permission: 'access.secret.read' },
  { to: '/audit', title: 'Audit log', permission: 'access.audit.read' },
] as const;

/** The places that the principal may go to; nothing while it is not known who that is. */
export function Navigation({ ui }: { readonly ui: Ui | undefined }): ReactNode {
  const pages = ui?.pages.filter((page) => page.module !== undefined) ?? [];
  return (
    <nav className="shell-nav" aria-label="Places">
      <Places ui={ui} places={places} />
      <Places ui={ui} places={accessPlaces} title="Access" />
      <Places ui={ui} places={pages.map(({ path, title }) => ({ to: path, title }))} title="Plugins" />
      <p className="nav-foot">
        <a href="/api/docs">API</a>
        <span>{ui?.version}</span>
      </p>
    </nav>
  );
}

interface Place {
  readonly to: string;
  readonly title: string;
  readonly permission?: string;
}

function Places({
  ui,
  places: all,
  title,
}: {
  readonly ui: Ui | undefined;
  readonly places: readonly Place[];
  readonly title?: string;
}): ReactNode {
  const id = useId();
  // Sessions and tokens are below /access too, and have links of their own.
  const isPolicyPage = useRouterState({
    select: ({ location }) => /^\/access\/(roles|bindings|new-|check)/.test(location.pathname),
  });
  const shown = all.filter(({ permission }) => permission === undefined || isAble(ui, permission));
  if (shown.length === 0) return null;
  return (
    <>
      {title !== undefined && (
        <h2 className="nav-title" id={id}>
          {title}
        </h2>
      )}
      <ul className="plain" aria-labelledby={title === undefined ? undefined : id}>
        {shown.map(({ to, title: name }) => (
          <li key={to}>
            <Link
              to={to}
              activeOptions={{ exact: to === '/access' }}
              className={to === '/access' && isPolicyPage ? 'nav-link active' : 'nav-link'}
            >
              {name}
              {to === '/problems' && <ProblemCount />}
            </Link>
          </li>
        ))}
      </ul>
    </>
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
