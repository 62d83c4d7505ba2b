import type { ReactNode } from 'react';
import { useUi } from '../../../../data/use-ui.ts';
import { Mark } from '../../../../ui/mark.tsx';
import { FailureNotice, type Failure } from '../../../../ui/notice.tsx';

/** What keeps something from being shown of a cluster: switched off, not allowed, or a fault; with what to do. */
export function PaneFailure({
  failure,
  cluster,
  onRetry,
}: {
  readonly failure: Failure;
  readonly cluster: string;
  readonly onRetry?: (() => void) | undefined;
}): ReactNode {
  if (failure.code === 'ACTING_OFF') return <ActingOff cluster={cluster} />;
  return <FailureNotice failure={failure} onRetry={onRetry} />;
}

/** Nobody acts on a cluster through Callboard: how it is switched on, and whom to ask. */
export function ActingOff({ cluster }: { readonly cluster: string }): ReactNode {
  const contact = useUi().data?.signIn.contact;
  return (
    <div className="failure failure-denied">
      <p className="failure-title">
        <Mark state="denied">Switched off for {cluster}</Mark>
      </p>
      <p>
        Callboard’s own account reads neither logs nor whole objects, and changes nothing. People do, as themselves,
        where it is switched on: <code>acting: true</code> for the cluster under <code>fleet.clusters</code> of the
        configuration.
      </p>
      {contact !== undefined && <p>{contact}</p>}
    </div>
  );
}
