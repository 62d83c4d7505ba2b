import type { ReactNode } from 'react';
import { matching, type Choice } from '../../form/combobox.tsx';
import { ListField } from '../../form/list-field.tsx';
import { ConditionField } from './condition-field.tsx';
import type { PolicyProblem } from './policy-problem.ts';
import type { RuleDraft } from './role-draft.ts';

/** One rule of a role, to be written. */
export function RuleFields({
  rule,
  number,
  change,
  remove,
  permissions,
  isLive,
  problem,
}: {
  readonly rule: RuleDraft;
  /** From 1. */
  readonly number: number;
  readonly change: (rule: RuleDraft) => void;
  /** Absent for the only rule. */
  readonly remove: (() => void) | undefined;
  readonly permissions: readonly Choice[];
  /** Whether there are permissions that clusters and namespaces narrow. */
  readonly isLive: boolean;
  readonly problem: PolicyProblem | undefined;
}): ReactNode {
  const messageOf = (field: string): string | undefined => (problem?.field === field ? problem.message : undefined);
  const isPlaced = isLive || rule.clusters.length + rule.namespaces.length > 0;
  return (
    <fieldset className="form-card">
      <legend className="visually-hidden">Rule {number}</legend>
      <div className="panel-head">
        <h3 className="form-title">Rule {number}</h3>
        {remove && (
          <button type="button" className="button button-small" onClick={remove}>
            Take off<span className="visually-hidden"> rule {number}</span>
          </button>
        )}
      </div>
      <ListField
        label="Permits"
        hint={
          <>
            Permissions, or patterns with <code>*</code> for one word.
          </>
        }
        error={messageOf('permissions')}
        items={rule.permissions}
        change={(items) => change({ ...rule, permissions: items })}
        useChoices={(text) => matching(permissions, text)}
        placeholder="catalog.entity.read"
      />
      <ConditionField
        value={rule.where}
        change={(where) => change({ ...rule, where })}
        problem={problem?.field === 'where' ? problem : undefined}
      />
      {isPlaced && (
        <div className="form-row">
          <ListField
            label="Only in clusters"
            hint="Names, with * for any characters. Left empty: in all."
            error={messageOf('clusters')}
            items={rule.clusters}
            change={(items) => change({ ...rule, clusters: items })}
            useChoices={nothing}
          />
          <ListField
            label="Only in namespaces"
            hint="Names, with * for any characters. Left empty: in all."
            error={messageOf('namespaces')}
            items={rule.namespaces}
            change={(items) => change({ ...rule, namespaces: items })}
            useChoices={nothing}
          />
        </div>
      )}
    </fieldset>
  );
}

function nothing(): readonly Choice[] {
  return [];
}
