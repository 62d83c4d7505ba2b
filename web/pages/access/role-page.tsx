import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RoleItem } from '../../../src/api/roles.ts';
import { resources } from '../../data/session.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { OriginText, ReadOnlyNote } from './origin-text.tsx';
import { BindingTable } from './policy-tables.tsx';
import { RoleForm } from './role-form.tsx';
import { RuleText } from './rule-text.tsx';
import { usePolicy, type PolicyData } from './use-policy.ts';

/** One role: what it permits, who has it; to be changed where it is kept here. */
export function RolePage(): ReactNode {
  const { name } = useParams({ from: '/access/roles/$name' });
  const policy = usePolicy();
  useDocumentTitle(`Role ${name}`);
  const role = policy.data?.roles.find((item) => item.name === name);
  return (
    <div className="stack">
      <PageHead above={<RoleCrumbs />} title={name} sub={role && <OriginText origin={role.origin} />} />
      {policy.failure && <FailureNotice failure={policy.failure} onRetry={() => resources.repeat(policy.key)} />}
      {!policy.data && policy.isLoading && <Skeleton rows={6} label="Loading the role" />}
      {policy.data && !role && <NoSuchRole name={name} />}
      {policy.data && role && <Role key={name} role={role} policy={policy.data} />}
    </div>
  );
}

/** A role that is not there yet. */
export function NewRolePage(): ReactNode {
  const navigate = useNavigate();
  const policy = usePolicy();
  useDocumentTitle('New role');
  return (
    <div className="stack">
      <PageHead above={<RoleCrumbs />} title="New role" />
      {policy.failure && <FailureNotice failure={policy.failure} onRetry={() => resources.repeat(policy.key)} />}
      {!policy.data && policy.isLoading && <Skeleton rows={6} label="Loading the permissions" />}
      {policy.data && (
        <RoleForm
          kept={undefined}
          policy={policy.data}
          onSaved={(name) => void navigate({ to: '/access/roles/$name', params: { name }, replace: true })}
        />
      )}
    </div>
  );
}

function RoleCrumbs(): ReactNode {
  return (
    <nav aria-label="Breadcrumb" className="crumbs">
      <Link to="/access">Roles</Link>
    </nav>
  );
}

function NoSuchRole({ name }: { readonly name: string }): ReactNode {
  return (
    <Empty
      title={`No role is called ${name}`}
      actions={
        <Link to="/access" className="button">
          See all roles
        </Link>
      }
    >
      It may have been removed, or be called otherwise.
    </Empty>
  );
}

function Role({ role, policy }: { readonly role: RoleItem; readonly policy: PolicyData }): ReactNode {
  const navigate = useNavigate();
  const { data: ui } = useUi();
  const canChange = isAble(ui, 'access.policy.update');
  const bound = policy.bindings.filter((binding) => binding.role === role.name);
  return (
    <>
      {role.origin.kind === 'stored' && canChange ? (
        <RoleForm
          kept={role}
          policy={policy}
          onSaved={() => undefined}
          onRemoved={() => void navigate({ to: '/access' })}
        />
      ) : (
        <>
          <ReadOnlyNote origin={role.origin} isAble={canChange} />
          <Panel title="Permits">
            {role.description !== undefined && <p className="panel-empty">{role.description}</p>}
            {role.rules.length === 0 && <p className="panel-empty">Nothing.</p>}
            {role.rules.map((rule) => (
              <RuleText key={JSON.stringify(rule)} rule={rule} />
            ))}
          </Panel>
        </>
      )}
      <Panel title="Who has it" aside={`${role.subjects}`}>
        {bound.length === 0 ? (
          <p className="panel-empty">Nobody: no binding names it.</p>
        ) : (
          <BindingTable policy={{ ...policy, bindings: bound }} q={undefined} />
        )}
        {canChange && (
          <p className="panel-foot">
            <Link to="/access/new-binding" search={{ role: role.name }} className="button">
              Bind it to somebody
            </Link>
          </p>
        )}
      </Panel>
    </>
  );
}
