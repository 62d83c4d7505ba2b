import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { resources } from '../../data/session.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Mark } from '../../ui/mark.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import type { AccessSearch } from './access-search.ts';
import { BindingTable, PermissionTable, RoleTable } from './policy-tables.tsx';
import { usePolicy, type PolicyData } from './use-policy.ts';

const views = [
  { view: undefined, title: 'Roles', countOf: ({ roles }: PolicyData) => roles.length },
  { view: 'bindings', title: 'Bindings', countOf: ({ bindings }: PolicyData) => bindings.length },
  { view: 'permissions', title: 'Permissions', countOf: ({ permissions }: PolicyData) => permissions.length },
] as const;

/** Who may do what: roles, who has them, and all permissions that there are. */
export function AccessPage(): ReactNode {
  const search: AccessSearch = useSearch({ from: '/access' });
  const policy = usePolicy();
  const { data: ui } = useUi();
  useDocumentTitle('Roles');
  return (
    <>
      <PageHead
        title="Roles"
        sub={<span>Who may do what. What no role permits is denied.</span>}
        actions={
          <div className="button-row">
            <Link to="/access/check" className="button">
              Ask why
            </Link>
            {isAble(ui, 'access.policy.update') && (
              <>
                <Link to="/access/new-role" className="button">
                  New role
                </Link>
                <Link to="/access/new-binding" className="button">
                  New binding
                </Link>
              </>
            )}
          </div>
        }
      />
      {policy.failure && <FailureNotice failure={policy.failure} onRetry={() => resources.repeat(policy.key)} />}
      {!policy.data && policy.isLoading && <Skeleton rows={6} label="Loading the roles" />}
      {policy.data && <Policy policy={policy.data} search={search} />}
    </>
  );
}

function Policy({ policy, search }: { readonly policy: PolicyData; readonly search: AccessSearch }): ReactNode {
  const navigate = useNavigate({ from: '/access' });
  const [text, setText] = useTyped(search.q ?? '', (q) => {
    void navigate({
      search: (now: AccessSearch) => ({ ...now, q: q === '' ? undefined : q }),
      replace: true,
      resetScroll: false,
    });
  });
  return (
    <>
      {policy.engine === 'opa' && (
        <p className="banner">
          <Mark state="warning">An Open Policy Agent decides</Mark>
          <span>What stands here says nothing while it does.</span>
        </p>
      )}
      <PolicyProblems problems={policy.problems} />
      <nav className="tabs" aria-label="Parts of the policy">
        {views.map(({ view, title, countOf }) => (
          <ChoiceLink
            key={title}
            to="/access"
            search={{ view, q: search.q }}
            isOn={search.view === view}
            className="tab"
          >
            {title} <span className="tab-count">{countOf(policy)}</span>
          </ChoiceLink>
        ))}
      </nav>
      <div className="panel-bar">
        <label className="visually-hidden" htmlFor="access-q">
          Search
        </label>
        <input
          id="access-q"
          data-search=""
          type="search"
          className="field"
          placeholder="Part of a name, subject or permission"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <View policy={policy} search={search} />
    </>
  );
}

function View({ policy, search }: { readonly policy: PolicyData; readonly search: AccessSearch }): ReactNode {
  switch (search.view) {
    case 'bindings':
      return <BindingTable policy={policy} q={search.q} />;
    case 'permissions':
      return <PermissionTable policy={policy} q={search.q} />;
    case undefined:
      return <RoleTable policy={policy} q={search.q} />;
  }
}

/** What is wrong in the policy file. */
function PolicyProblems({ problems }: { readonly problems: PolicyData['problems'] }): ReactNode {
  if (problems.length === 0) return null;
  return (
    <div className="policy-problems">
      <Panel title="Problems of the policy" aside={`${problems.length}`}>
        <p className="panel-empty">What was right last is in force until they are solved.</p>
        <ul className="plain problem-lines">
          {problems.map(({ place, message }) => (
            <li key={`${place} ${message}`}>
              <Mark state="degraded">Problem</Mark>
              <span>
                <code className="location">{place}</code> {message}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}
