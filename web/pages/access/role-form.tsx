import type { ReactNode } from 'react';
import type { PolicyChange, RoleItem } from '../../../src/api/roles.ts';
import { useDraft } from '../../form/draft.ts';
import { ChangeReview, usePolicyChanging } from './policy-change.tsx';
import { DraftActs, NameField } from './policy-form.tsx';
import { policyProblemOf } from './policy-problem.ts';
import {
  bodyOf,
  draftOf,
  EMPTY_ROLE,
  EMPTY_RULE,
  parseRoleDraft,
  type RoleDraft,
  type RuleDraft,
} from './role-draft.ts';
import { RuleFields } from './rule-fields.tsx';
import { Field } from '../../form/field.tsx';
import { permissionChoices, type PolicyData } from './use-policy.ts';

/** Writes a role: a new one, or what is kept here. What it would change is seen before it is saved. */
export function RoleForm({
  kept,
  policy,
  onSaved,
  onRemoved,
}: {
  /** What is there already; undefined: nothing. */
  readonly kept: RoleItem | undefined;
  readonly policy: PolicyData;
  readonly onSaved: (name: string) => void;
  readonly onRemoved?: () => void;
}): ReactNode {
  const initial = kept ? draftOf(kept.name, kept) : EMPTY_ROLE;
  const draft = useDraft(kept ? `role ${kept.name}` : 'new role', initial, parseRoleDraft);
  const changing = usePolicyChanging((change) => {
    draft.settle();
    if (change.body === null) onRemoved?.();
    else onSaved(change.name);
  });
  const { value } = draft;
  const present: PolicyChange = { type: 'role', name: value.name, body: bodyOf(value) };
  const set = (next: RoleDraft): void => {
    changing.save.reset();
    draft.set(next);
  };
  return (
    <form
      className="stack"
      aria-label={kept ? `Role ${kept.name}` : 'New role'}
      onSubmit={(event) => {
        event.preventDefault();
        changing.look(present);
      }}
    >
      {!kept && <NameField value={value.name} change={(name) => set({ ...value, name })} taken={policy.roles} />}
      <Field label="Description">
        {(input) => (
          <input
            {...input}
            className="field"
            maxLength={1000}
            placeholder="What it is for"
            value={value.description}
            onChange={(event) => set({ ...value, description: event.target.value })}
          />
        )}
      </Field>
      <Rules draft={value} set={set} policy={policy} changing={changing} />
      <DraftActs
        draft={draft}
        changing={changing}
        isReady={value.rules.every(({ permissions }) => permissions.length > 0)}
        remove={kept && (() => changing.look({ type: 'role', name: kept.name, body: null }))}
        notReady="Each rule needs a permission."
      />
      <ChangeReview changing={changing} present={present} />
    </form>
  );
}

function Rules({
  draft,
  set,
  policy,
  changing,
}: {
  readonly draft: RoleDraft;
  readonly set: (draft: RoleDraft) => void;
  readonly policy: PolicyData;
  readonly changing: ReturnType<typeof usePolicyChanging>;
}): ReactNode {
  const problem = policyProblemOf(changing.failure);
  const choices = permissionChoices(policy);
  const isLive = policy.permissions.some(({ resource }) => resource === 'live');
  const put = (at: number, rule: RuleDraft | undefined): void => {
    set({ ...draft, rules: draft.rules.toSpliced(at, 1, ...(rule ? [rule] : [])) });
  };
  return (
    <>
      {draft.rules.map((rule, at) => (
        <RuleFields
          // Rules have no name: their place is their identity.
          // oxlint-disable-next-line react/no-array-index-key
          key={at}
          rule={rule}
          number={at + 1}
          change={(next) => put(at, next)}
          remove={draft.rules.length > 1 ? () => put(at, undefined) : undefined}
          permissions={choices}
          isLive={isLive}
          problem={problem?.rule === at ? problem : undefined}
        />
      ))}
      <p>
        <button type="button" className="button" onClick={() => put(draft.rules.length, EMPTY_RULE)}>
          Add a rule
        </button>
      </p>
    </>
  );
}
