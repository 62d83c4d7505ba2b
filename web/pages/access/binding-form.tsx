import type { ReactNode } from 'react';
import type { BindingItem, PolicyChange } from '../../../src/api/roles.ts';
import { useDraft } from '../../form/draft.ts';
import { useSubjectChoices } from '../../form/entity-choices.ts';
import { Field } from '../../form/field.tsx';
import { ListField } from '../../form/list-field.tsx';
import { ChangeReview, usePolicyChanging } from './policy-change.tsx';
import { DraftActs, NameField } from './policy-form.tsx';
import { policyProblemOf } from './policy-problem.ts';
import type { PolicyData } from './use-policy.ts';

interface BindingDraft {
  readonly name: string;
  readonly role: string;
  readonly subjects: readonly string[];
}

/** Writes a binding: a new one, or what is kept here. What it would change is seen before it is saved. */
export function BindingForm({
  kept,
  firstRole = '',
  policy,
  onSaved,
  onRemoved,
}: {
  /** What is there already; undefined: nothing. */
  readonly kept: BindingItem | undefined;
  /** Role that a new binding begins with. */
  readonly firstRole?: string | undefined;
  readonly policy: PolicyData;
  readonly onSaved: (name: string) => void;
  readonly onRemoved?: () => void;
}): ReactNode {
  const initial: BindingDraft = kept
    ? { name: kept.name, role: kept.role, subjects: kept.subjects }
    : { name: '', role: firstRole, subjects: [] };
  const draft = useDraft(kept ? `binding ${kept.name}` : `new binding ${firstRole}`, initial, parseDraft);
  const changing = usePolicyChanging((change) => {
    draft.settle();
    if (change.body === null) onRemoved?.();
    else onSaved(change.name);
  });
  const { value } = draft;
  const body = { role: value.role, subjects: [...value.subjects] };
  const present: PolicyChange = { type: 'binding', name: value.name, body };
  const set = (next: BindingDraft): void => {
    changing.save.reset();
    draft.set(next);
  };
  const problem = policyProblemOf(changing.failure);
  return (
    <form
      className="stack"
      aria-label={kept ? `Binding ${kept.name}` : 'New binding'}
      onSubmit={(event) => {
        event.preventDefault();
        changing.look(present);
      }}
    >
      {!kept && <NameField value={value.name} change={(name) => set({ ...value, name })} taken={policy.bindings} />}
      <RoleField
        value={value.role}
        change={(role) => set({ ...value, role })}
        roles={policy.roles.map(({ name }) => name)}
        error={problem?.field === 'role' ? problem.message : undefined}
      />
      <ListField
        label="Who has it"
        hint={
          <>
            Users and groups of the catalog (a group stands for all who are in it or below it), <code>everyone</code>,{' '}
            <code>guests</code>, or <code>service:default/…</code> for a token of a service.
          </>
        }
        error={problem?.field === 'subjects' ? problem.message : undefined}
        items={value.subjects}
        change={(subjects) => set({ ...value, subjects })}
        useChoices={useSubjectChoices}
        placeholder="group:default/platform"
      />
      <DraftActs
        draft={draft}
        changing={changing}
        isReady={value.role !== ''}
        notReady="Choose a role."
        remove={kept && (() => changing.look({ type: 'binding', name: kept.name, body: null }))}
      />
      <ChangeReview changing={changing} present={present} />
    </form>
  );
}

function RoleField({
  value,
  change,
  roles,
  error,
}: {
  readonly value: string;
  readonly change: (role: string) => void;
  readonly roles: readonly string[];
  readonly error: string | undefined;
}): ReactNode {
  // A binding may name a role that is gone.
  const names = new Set([...roles, ...(value === '' ? [] : [value])]);
  return (
    <Field label="Role" error={error}>
      {(input) => (
        <select {...input} className="select" required value={value} onChange={(event) => change(event.target.value)}>
          <option value="">Choose a role</option>
          {[...names].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function parseDraft(kept: unknown): BindingDraft | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  if (!('name' in kept && 'role' in kept && 'subjects' in kept)) return undefined;
  const { name, role, subjects } = kept;
  if (typeof name !== 'string' || typeof role !== 'string' || !Array.isArray(subjects)) return undefined;
  return subjects.every((subject) => typeof subject === 'string') ? { name, role, subjects } : undefined;
}
