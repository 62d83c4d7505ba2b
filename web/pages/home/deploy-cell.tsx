import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TimelinePage } from '../../../src/api/timeline.ts';
import type { Answer } from '../../data/use-resource.ts';
import { Age } from '../../ui/age.tsx';
import { momentText } from '../../ui/moment-text.ts';

/** When something was deployed last, with the way to what happened around that. */
export function DeployCell({
  entityRef,
  deploys,
}: {
  /** Absent: it does not run. */
  readonly entityRef: string | undefined;
  readonly deploys: Answer<TimelinePage | undefined>;
}): ReactNode {
  return <td className="home-col-deployed">{entityRef !== undefined && <Deployed {...{ entityRef, deploys }} />}</td>;
}

function Deployed({
  entityRef,
  deploys: { data, failure, isPrevious },
}: {
  readonly entityRef: string;
  readonly deploys: Answer<TimelinePage | undefined>;
}): ReactNode {
  if (data === undefined || isPrevious) return failure ? <span className="faint">unknown</span> : null;
  const item = data.items.find(({ entity }) => entity === entityRef);
  if (item === undefined) {
    const since = momentText(Date.parse(data.coverage.from));
    return (
      <span className="faint" title={`Nothing was deployed since ${since}, where the timeline begins`}>
        <span aria-hidden="true">–</span>
        <span className="visually-hidden">not since {since}</span>
      </span>
    );
  }
  const { at, title, cluster } = item;
  return (
    <Link
      to="/fleet/timeline"
      search={{ entity: entityRef, at }}
      title={cluster === undefined ? title : `${title}, ${cluster}`}
    >
      <Age at={Date.parse(at)} suffix=" ago" />
    </Link>
  );
}
