import type { ReactNode } from 'react';
import type { VerdictItem } from '../../../src/api/running.ts';
import { countText } from '../entity/count-text.ts';
import { HealthMark, versionsOf, whereText } from '../entity/running/health-mark.tsx';
import { VersionText } from '../entity/running/version-text.tsx';

/** Heads of the columns that say how something runs, and when it was deployed. */
export function HealthHeads(): ReactNode {
  return (
    <>
      <th scope="col" className="home-col-health">
        Health
      </th>
      <th scope="col" className="home-col-where">
        Where
      </th>
      <th scope="col" className="home-col-version">
        Version
      </th>
      <th scope="col" className="home-col-deployed">
        Deployed
      </th>
    </>
  );
}

/** How one entity does, where, and as which version. */
export function HealthCells({
  item,
  ageDays,
}: {
  readonly item: VerdictItem | undefined;
  /** Since its oldest image was rolled out first; absent: not known. */
  readonly ageDays: number | undefined;
}): ReactNode {
  return (
    <>
      <td className="home-col-health" title={item?.verdict.reason}>
        {item && <HealthOf verdict={item.verdict} />}
      </td>
      <td className="home-col-where" title={item?.regions.join(', ')}>
        {item && whereText(item)}
        {item && item.regions.length > 1 && (
          <span className="home-regions"> · {countText(item.regions.length, 'region')}</span>
        )}
      </td>
      <td className="home-col-version">
        {item && <VersionText versions={versionsOf(item)} />}
        {item && ageDays !== undefined && (
          <span className="faint home-version-age" title={`What runs was rolled out first ${daysText(ageDays)}`}>
            {' · '}
            {ageDays === 0 ? 'today' : `${ageDays} d`}
          </span>
        )}
      </td>
    </>
  );
}

function daysText(days: number): string {
  return days === 0 ? 'less than a day ago' : `${countText(days, 'day')} ago`;
}

function HealthOf({ verdict: { status, reason } }: Pick<VerdictItem, 'verdict'>): ReactNode {
  const isSaid = status === 'Degraded' || status === 'Progressing';
  return <HealthMark status={status} reason={isSaid ? reason : undefined} />;
}
