import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { BindingItem } from '../../../src/api/roles.ts';
import { resources } from '../../data/session.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { NewBindingSearch } from './access-search.ts';
import { BindingForm } from './binding-form.tsx';
import { OriginText, ReadOnlyNote } from './origin-text.tsx';
import { SubjectList } from './subject-list.tsx';
import { usePolicy, type PolicyData } from './use-policy.ts';

/** One binding: who has which role; to be changed where it is kept here. */
export function BindingPage(): ReactNode {
  const { name } = useParams({ from: '/access/bindings/$name' });
  const policy = usePolicy();
  useDocumentTitle(`Binding ${name}`);
  const binding = policy.data?.bindings.find((item) => item.name === name);
  return (
    <div className="stack">
      <PageHead above={<BindingCrumbs />} title={name} sub={binding && <OriginText origin={binding.origin} />} />
      {policy.failure && <FailureNotice failure={policy.failure} onRetry={() => resources.repeat(policy.key)} />}
      {!policy.data && policy.isLoading && <Skeleton rows={4} label="Loading the binding" />}
      {policy.data && !binding && (
        <Empty
          title={`No binding is called ${name}`}
          actions={
            <Link to="/access" search={{ view: 'bindings' }} className="button">
              See all bindings
            </Link>
          }
        >
          It may have been removed, or be called otherwise.
        </Empty>
      )}
      {policy.data && binding && <Binding key={name} binding={binding} policy={policy.data} />}
    </div>
  );
}

/** A binding that is not there yet. */
export function NewBindingPage(): ReactNode {
  const navigate = useNavigate();
  const { role }: NewBindingSearch = useSearch({ from: '/access/new-binding' });
  const policy = usePolicy();
  useDocumentTitle('New binding');
  return (
    <div className="stack">
      <PageHead above={<BindingCrumbs />} title="New binding" />
      {policy.failure && <FailureNotice failure={policy.failure} onRetry={() => resources.repeat(policy.key)} />}
      {!policy.data && policy.isLoading && <Skeleton rows={4} label="Loading the roles" />}
      {policy.data && (
        <BindingForm
          kept={undefined}
          firstRole={role}
          policy={policy.data}
          onSaved={(name) => void navigate({ to: '/access/bindings/$name', params: { name }, replace: true })}
        />
      )}
    </div>
  );
}

function BindingCrumbs(): ReactNode {
  return (
    <nav aria-label="Breadcrumb" className="crumbs">
      <Link to="/access">Roles</Link>
      <span aria-hidden="true">›</span>
      <Link to="/access" search={{ view: 'bindings' }}>
        Bindings
      </Link>
    </nav>
  );
}

function Binding({ binding, policy }: { readonly binding: BindingItem; readonly policy: PolicyData }): ReactNode {
  const navigate = useNavigate();
  const { data: ui } = useUi();
  const canChange = isAble(ui, 'access.policy.update');
  if (binding.origin.kind === 'stored' && canChange) {
    return (
      <BindingForm
        kept={binding}
        policy={policy}
        onSaved={() => undefined}
        onRemoved={() => void navigate({ to: '/access', search: { view: 'bindings' } })}
      />
    );
  }
  return (
    <>
      <ReadOnlyNote origin={binding.origin} isAble={canChange} />
      <Panel title="Role">
        <Link to="/access/roles/$name" params={{ name: binding.role }} className="accent">
          {binding.role}
        </Link>
      </Panel>
      <Panel title="Who has it" aside={`${binding.subjects.length}`}>
        <SubjectList subjects={binding.subjects} />
      </Panel>
    </>
  );
}
