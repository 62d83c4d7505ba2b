import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { resources } from '../../../../data/session.ts';
import { isAble, useUi } from '../../../../data/use-ui.ts';
import { Mark } from '../../../../ui/mark.tsx';
import { FailureNotice } from '../../../../ui/notice.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import type { PaneProps } from '../chosen-cell.ts';
import { usePods } from '../use-running.ts';
import { actionChoices, type ActionChoice } from './action-choices.ts';
import { ActionForm } from './action-form.tsx';
import { ActingOff } from './pane-failure.tsx';
import { useActing } from './use-acting.ts';

/** What can be done with a workload in its cluster, as who looks; or why nothing can. */
export function ActionsPane(props: PaneProps): ReactNode {
  const { cell } = props;
  const acting = useActing();
  const pods = usePods(props.workload, cell);
  const ui = useUi().data;
  const [chosen, setChosen] = useState<ActionChoice>();
  const dialog = useRef<HTMLDialogElement>(null);
  const { data, failure } = acting;
  if (data === undefined) {
    if (failure) return <FailureNotice failure={failure} onRetry={() => resources.repeat(acting.key)} />;
    return <Skeleton rows={4} label="Looking what you can do" />;
  }
  const pod = cell.failing[0]?.name ?? pods.data?.items[0]?.name;
  const choices = actionChoices(props).filter(({ action }) => action !== 'delete-pod' || pod !== undefined);
  const here = data.clusters.find(({ cluster }) => cluster === cell.cluster);
  if (choices.length === 0)
    return <p className="panel-empty">There is nothing to do with this kind of workload here.</p>;
  if (here?.isActing !== true) return <ActingOff cluster={cell.cluster} />;
  if (data.user === undefined || !isAble(ui, 'fleet.workload.act'))
    return <NotYou reason={data.user === undefined ? data.reason : undefined} contact={ui?.signIn.contact} />;
  const open = (choice: ActionChoice): void => {
    setChosen(choice);
    dialog.current?.showModal();
  };
  return (
    <>
      <p className="pane-aside">
        You act on {cell.cluster} as <code>{data.user}</code>; its own rules decide.
        {here.protected && ' It is protected: you confirm by typing its name.'}
      </p>
      <ul className="plain actions">
        {choices.map((choice) => (
          <li key={choice.action}>
            <button type="button" className="button" onClick={() => open(choice)}>
              {choice.title}…
            </button>
            <span className="faint">{choice.text}</span>
          </li>
        ))}
      </ul>
      <dialog
        ref={dialog}
        className="dialog action-dialog"
        aria-labelledby="action-title"
        onClose={() => setChosen(undefined)}
      >
        {chosen && <ActionForm {...props} choice={chosen} pod={pod ?? ''} close={() => dialog.current?.close()} />}
      </dialog>
    </>
  );
}

function NotYou({
  reason,
  contact,
}: {
  readonly reason: string | undefined;
  readonly contact: string | undefined;
}): ReactNode {
  return (
    <div className="failure failure-denied">
      <p className="failure-title">
        <Mark state="denied">You may not act on workloads.</Mark>
      </p>
      <p>
        {reason ?? (
          <>
            It needs the permission <code>fleet.workload.act</code>.
          </>
        )}
      </p>
      {contact !== undefined && <p>{contact}</p>}
    </div>
  );
}
