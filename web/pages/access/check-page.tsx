import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { resources } from '../../data/session.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { Combobox, matching, type Choice } from '../../form/combobox.tsx';
import { useEntityChoices, usePrincipalChoices } from '../../form/entity-choices.ts';
import { Field } from '../../form/field.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { CheckSearch } from './access-search.ts';
import { CheckAnswer } from './check-answer.tsx';
import { useCheck } from './use-check.ts';
import { usePermissionChoices } from './use-policy.ts';

/** Why somebody may do something, or may not; the question stands in the URL. */
export function CheckPage(): ReactNode {
  const search: CheckSearch = useSearch({ from: '/access/check' });
  const { data: ui } = useUi();
  useDocumentTitle('Why');
  return (
    <div className="stack">
      <PageHead
        above={
          isAble(ui, 'access.policy.read') && (
            <nav aria-label="Breadcrumb" className="crumbs">
              <Link to="/access">Roles</Link>
            </nav>
          )
        }
        title="Why"
        sub={<span>Why a permission is given, or not, and through which role.</span>}
      />
      <Question key={JSON.stringify(search)} search={search} />
      {search.permission !== undefined && <Answer search={{ ...search, permission: search.permission }} />}
    </div>
  );
}

function Question({ search }: { readonly search: CheckSearch }): ReactNode {
  const navigate = useNavigate({ from: '/access/check' });
  const { data: ui } = useUi();
  const [principal, setPrincipal] = useState(search.principal ?? '');
  const [permission, setPermission] = useState(search.permission ?? '');
  const [entity, setEntity] = useState(search.entity ?? '');
  const permissions = usePermissionChoices(ui).filter(({ value }) => !value.includes('*'));
  const isReader = isAble(ui, 'access.policy.read');
  const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());
  return (
    <form
      className="form-card"
      aria-label="Question"
      onSubmit={(event) => {
        event.preventDefault();
        void navigate({
          search: { principal: given(principal), permission: given(permission), entity: given(entity) },
          resetScroll: false,
        });
      }}
    >
      <div className="form-row">
        {isReader && (
          <Asked
            label="Who"
            hint="Left empty: you"
            text={principal}
            type={setPrincipal}
            useChoices={usePrincipalChoices}
            placeholder={ui?.principal.ref}
          />
        )}
        <Asked
          label="May do"
          hint="A permission"
          text={permission}
          type={setPermission}
          useChoices={(text) => matching(permissions, text)}
          placeholder="catalog.entity.read"
        />
        <Asked
          label="To this entity"
          hint="Left empty: in general"
          text={entity}
          type={setEntity}
          useChoices={useEntityChoices}
          placeholder="component:default/…"
        />
      </div>
      <p className="form-acts">
        <button type="submit" className="button button-primary" disabled={permission.trim() === ''}>
          Ask
        </button>
      </p>
    </form>
  );
}

function Asked({
  label,
  hint,
  text,
  type,
  useChoices,
  placeholder,
}: {
  readonly label: string;
  readonly hint: string;
  readonly text: string;
  readonly type: (text: string) => void;
  /** May be a hook, and then is always the same one. */
  readonly useChoices: (text: string) => readonly Choice[];
  readonly placeholder: string | undefined;
}): ReactNode {
  const choices = useChoices(text);
  return (
    <Field label={label} hint={hint}>
      {(input) => (
        <Combobox input={input} text={text} type={type} choices={choices} choose={type} placeholder={placeholder} />
      )}
    </Field>
  );
}

function Answer({ search }: { readonly search: CheckSearch & { readonly permission: string } }): ReactNode {
  const check = useCheck(search);
  if (check.failure) return <FailureNotice failure={check.failure} onRetry={() => resources.repeat(check.key)} />;
  if (!check.data) return <Skeleton rows={4} label="Asking" />;
  return (
    <div className={check.isPrevious ? 'is-old' : undefined}>
      <CheckAnswer answer={check.data} entity={search.entity} />
    </div>
  );
}
