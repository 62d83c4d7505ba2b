import type { ReactNode } from 'react';
import type { ActionRequest } from '../../../../../src/api/acting.ts';
import { Field, type FieldInput } from '../../../../form/field.tsx';
import { FailureNotice } from '../../../../ui/notice.tsx';
import type { Chosen } from '../chosen-cell.ts';
import { imageTag } from '../running-words.ts';
import { usePods } from '../use-running.ts';
import { useRevisions } from './use-acting.ts';

interface FieldsProps {
  readonly chosen: Chosen;
  readonly request: ActionRequest;
  readonly change: (request: ActionRequest) => void;
}

/** What an action must be told beside its workload. */
export function ActionFields(props: FieldsProps): ReactNode {
  switch (props.request.action) {
    case 'scale':
      return <Replicas {...props} />;
    case 'undo':
      return <RevisionChoice {...props} />;
    case 'delete-pod':
      return <PodChoice {...props} />;
    default:
      return null;
  }
}

function Replicas({ chosen: { cell }, request, change }: FieldsProps): ReactNode {
  return (
    <Field label="Replicas" hint={`${cell.desired ?? 0} now, ${cell.ready ?? 0} ready.`}>
      {(input) => (
        <input
          {...input}
          type="number"
          className="field"
          min={0}
          max={10_000}
          value={request.replicas ?? cell.desired ?? 0}
          onChange={({ target }) => {
            if (target.value !== '') change({ ...request, replicas: Math.max(0, Math.floor(target.valueAsNumber)) });
          }}
        />
      )}
    </Field>
  );
}

function RevisionChoice({ chosen, request, change }: FieldsProps): ReactNode {
  const kind = request.kind === 'Pod' ? 'Deployment' : request.kind;
  const { data, failure } = useRevisions(chosen, kind);
  if (failure) return <FailureNotice failure={failure} />;
  const earlier = data?.items.filter(({ isCurrent }) => !isCurrent) ?? [];
  return (
    <Field label="Revision" hint={data !== undefined && earlier.length === 0 ? 'It has no earlier one.' : undefined}>
      {(input) => (
        <Select
          input={input}
          value={String(request.revision ?? '')}
          options={[
            ['', 'The one before'],
            ...earlier.map(({ revision, images, changeCause }): [string, string] => [
              String(revision),
              [revision, ...images.map(imageTag), changeCause].filter((part) => part !== undefined).join(' · '),
            ]),
          ]}
          choose={(value) => {
            const { revision: _before, ...rest } = request;
            change(value === '' ? rest : { ...rest, revision: Number(value) });
          }}
        />
      )}
    </Field>
  );
}

function PodChoice({ chosen: { workload, cell }, request, change }: FieldsProps): ReactNode {
  const pods = usePods(workload, cell).data?.items ?? [];
  return (
    <Field label="Pod">
      {(input) => (
        <Select
          input={input}
          value={request.name}
          options={pods.map(({ name, fields }): [string, string] => [
            name,
            typeof fields['reason'] === 'string' ? `${name} · ${fields['reason']}` : name,
          ])}
          choose={(name) => change({ ...request, name })}
        />
      )}
    </Field>
  );
}

function Select({
  input,
  value,
  options,
  choose,
}: {
  readonly input: FieldInput;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly choose: (value: string) => void;
}): ReactNode {
  return (
    <select {...input} className="select" value={value} onChange={(event) => choose(event.target.value)}>
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  );
}
