import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { VerdictItem, Verdicts } from '../../../src/api/running.ts';
import { resources } from '../../data/session.ts';
import type { Answer } from '../../data/use-resource.ts';
import { compareVerdicts, verdictsByRef } from '../../data/verdicts.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { PageOf, ProblemData } from '../entity/use-entity.ts';
import { troubleByRef } from '../entity/worst-first.ts';
import { kindCount } from './home-text.ts';
import { useDeploys } from '../timeline/use-timeline.ts';
import { OwnedRows } from './owned-rows.tsx';
import { shortRef } from './team-switch.tsx';
import type { OwnedData, ScopeData } from './use-home.ts';

/** What the team owns, what has problems first; of everything the domains and systems. */
export function OwnedTable({
  scope,
  owned,
  kinds,
  problems,
  health,
}: {
  readonly scope: ScopeData;
  readonly owned: Answer<OwnedData>;
  /** Counts by kind. */
  readonly kinds: OwnedData['kinds'];
  readonly problems: Answer<PageOf<ProblemData>>;
  /** How what runs of it does. */
  readonly health: Verdicts | undefined;
}): ReactNode {
  const isAll = scope.owners.length === 0;
  const owner = scope.owners.join(',');
  const search = isAll ? {} : { owner };
  const troubles = troubleByRef(problems.data?.items ?? []);
  const items = owned.data?.items ?? [];
  const verdicts = verdictsByRef(health);
  // Where nothing runs nothing was deployed.
  const deploys = useDeploys(verdicts.size > 0 ? scope.owners : []);
  const rows = items.toSorted(
    (left, right) =>
      compareFailing(verdicts.get(left.ref), verdicts.get(right.ref)) ||
      Number(troubles.has(right.ref)) - Number(troubles.has(left.ref)),
  );
  return (
    <Panel
      title={isAll ? 'What there is' : 'What the team owns'}
      aside={
        <Link to="/catalog" search={search} className="accent">
          In the catalog
        </Link>
      }
    >
      {owned.failure && <FailureNotice failure={owned.failure} onRetry={() => resources.repeat(owned.key)} />}
      {!owned.data && !owned.failure && <Skeleton rows={8} label="Loading what the team owns" />}
      {kinds.length > 0 && (
        <ul className="plain home-kinds">
          {kinds.map((item) => (
            <li key={item.kind}>
              <Link to="/catalog" search={{ ...search, kind: item.kind.toLowerCase() }}>
                {kindCount(item)}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {owned.data?.total === 0 && !isAll && <OwnsNothing scope={scope} />}
      {rows.length > 0 && (
        <div className={owned.isPrevious ? 'table-frame is-old' : 'table-frame'} aria-busy={owned.isLoading}>
          <OwnedRows
            items={rows}
            troubles={troubles}
            verdicts={verdicts}
            deploys={deploys}
            label={isAll ? 'Domains and systems' : 'What the team owns'}
            hasOwner={scope.owners.length !== 1}
          />
        </div>
      )}
      {deploys.failure && verdicts.size > 0 && (
        <FailureNotice failure={deploys.failure} onRetry={() => resources.repeat(deploys.key)} />
      )}
      {owned.data && owned.data.total > rows.length && (
        <p className="home-more">
          <Link to="/catalog" search={isAll ? { kind: 'domain,system' } : search} className="accent">
            All {owned.data.total.toLocaleString()} in the catalog
          </Link>
        </p>
      )}
    </Panel>
  );
}

/** What does not do well stands first; the rest stays as it is. */
function compareFailing(left: VerdictItem | undefined, right: VerdictItem | undefined): number {
  const failing = (item: VerdictItem | undefined): VerdictItem | undefined =>
    item?.verdict.status === 'Healthy' ? undefined : item;
  return compareVerdicts(failing(left), failing(right));
}

function OwnsNothing({ scope }: { readonly scope: ScopeData }): ReactNode {
  const [team] = scope.teams;
  return (
    <p className="panel-empty">
      Nothing names {scope.teams.length === 1 ? 'this team' : 'these teams'} as its owner. A descriptor does with{' '}
      <code>spec.owner: {shortRef(team?.ref ?? '')}</code>.
    </p>
  );
}
