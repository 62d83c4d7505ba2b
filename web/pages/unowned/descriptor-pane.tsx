import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { UnclaimedWorkload } from '../../../src/api/unclaimed.ts';
import { resources } from '../../data/session.ts';
import { Combobox } from '../../form/combobox.tsx';
import { useEntityChoices } from '../../form/entity-choices.ts';
import { Field } from '../../form/field.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import { choiceOf, type Edits } from './choices.ts';
import type { UnownedSearch } from './unowned-search.ts';
import { useDescriptor } from './use-unowned.ts';

const OWNERS = 'kind == "Group" || kind == "User"';
const isName = (text: string): boolean => /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(text);

/** The descriptor that would claim a workload, and what of it people say themselves. */
export function DescriptorPane({
  workload,
  item,
  edits,
  edit,
}: {
  /** Its key. */
  readonly workload: string;
  /** Absent: it is on another page of the list, or gone. */
  readonly item: UnclaimedWorkload | undefined;
  readonly edits: Edits;
  readonly edit: (change: (now: Edits) => Edits) => void;
}): ReactNode {
  const said = edits[workload] ?? {};
  const say = (part: Edits[string]): void => edit((now) => ({ ...now, [workload]: { ...now[workload], ...part } }));
  const [name, typeName] = useTyped(said.name ?? '', (text) => say({ name: text.trim() }));
  const isWrong = name.trim() !== '' && !isName(name.trim());
  return (
    <aside className="unowned-pane" aria-label="Proposed descriptor">
      <Panel
        title="Proposed descriptor"
        aside={
          <Link
            from="/fleet/unowned"
            to="/fleet/unowned"
            search={(now: UnownedSearch) => ({ ...now, show: undefined })}
            resetScroll={false}
          >
            Close
          </Link>
        }
      >
        <Field label="Name" error={isWrong ? 'Letters, digits, dots, underscores and hyphens, at most 63.' : undefined}>
          {(input) => (
            <input
              {...input}
              type="text"
              className="field mono"
              autoComplete="off"
              spellCheck={false}
              placeholder={item?.proposal.name}
              value={name}
              onChange={(event) => typeName(event.target.value)}
            />
          )}
        </Field>
        <OwnerField item={item} owner={said.owner ?? ''} say={(owner) => say({ owner })} />
        <Preview workload={workload} edits={isWrong ? {} : edits} />
        {item?.proposal.notes.map((note) => (
          <p key={note} className="form-hint">
            {note}
          </p>
        ))}
        <p className="form-hint">
          Put it into a file that the catalog reads, such as <code>catalog-info.yaml</code> of its repository. Once it
          is read, the workload is claimed.
        </p>
      </Panel>
    </aside>
  );
}

function OwnerField({
  item,
  owner,
  say,
}: {
  readonly item: UnclaimedWorkload | undefined;
  readonly owner: string;
  readonly say: (owner: string) => void;
}): ReactNode {
  const [text, setText] = useState(owner);
  const choices = useEntityChoices(text, OWNERS);
  const guess = item?.proposal.owner;
  const take = (value: string): void => {
    setText(value);
    say(value);
  };
  return (
    <Field label="Owner" hint={guess === undefined ? undefined : `${guess.reason} Confidence: ${guess.confidence}.`}>
      {(input) => (
        <Combobox
          input={input}
          text={text}
          type={setText}
          choices={choices}
          choose={take}
          onEnter={() => take(text.trim())}
          placeholder={guess?.ref ?? 'group:default/…'}
        />
      )}
    </Field>
  );
}

function Preview({ workload, edits }: { readonly workload: string; readonly edits: Edits }): ReactNode {
  const descriptor = useDescriptor(choiceOf(workload, edits));
  return (
    <>
      {descriptor.failure && (
        <FailureNotice failure={descriptor.failure} onRetry={() => resources.repeat(descriptor.key)} />
      )}
      {descriptor.data === undefined && descriptor.isLoading && <Skeleton rows={6} label="Writing the descriptor" />}
      {descriptor.data !== undefined && (
        <div
          className={descriptor.isPrevious ? 'unowned-yaml is-old' : 'unowned-yaml'}
          aria-busy={descriptor.isLoading}
        >
          <CopyButton text={descriptor.data} label="Copy the descriptor" />
          {/* What is scrolled must be reached by keys. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre tabIndex={0} aria-label="Descriptor">
            {descriptor.data}
          </pre>
        </div>
      )}
    </>
  );
}
