import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import type { Answer } from '../../data/use-resource.ts';
import { Age } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TroubleMark } from '../entity/trouble-mark.tsx';
import type { PageOf, ProblemData } from '../entity/use-entity.ts';
import { troubleByRef, type Trouble } from '../entity/worst-first.ts';
import { kindCount } from './home-text.ts';
import { shortRef } from './team-switch.tsx';
import type { OwnedData, ScopeData } from './use-home.ts';

/** What the team owns, what has problems first; of everything the domains and systems. */
export function OwnedTable({
  scope,
  owned,
  kinds,
  problems,
}: {
  readonly scope: ScopeData;
  readonly owned: Answer<OwnedData>;
  /** Counts by kind. */
  readonly kinds: OwnedData['kinds'];
  readonly problems: Answer<PageOf<ProblemData>>;
}): ReactNode {
  const isAll = scope.owners.length === 0;
  const owner = scope.owners.join(',');
  const search = isAll ? {} : { owner };
  const troubles = troubleByRef(problems.data?.items ?? []);
  const items = owned.data?.items ?? [];
  const worst = items.filter(({ ref }) => troubles.has(ref));
  const rows = [...worst, ...items.filter(({ ref }) => !troubles.has(ref))];
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
          <table className="table home-owned">
            <caption className="visually-hidden">{isAll ? 'Domains and systems' : 'What the team owns'}</caption>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col" className="home-wide">
                  Type
                </th>
                <th scope="col" className="home-wide">
                  Lifecycle
                </th>
                <th scope="col" className="home-wide">
                  Part of
                </th>
                <th scope="col">Problems</th>
                <th scope="col">Changed</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((item) => (
                <Row key={item.ref} item={item} trouble={troubles.get(item.ref)} />
              ))}
            </tbody>
          </table>
        </div>
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

function Row({
  item: { ref, kind, title, type, lifecycle, partOf, changedAt },
  trouble,
}: {
  readonly item: OwnedData['items'][number];
  readonly trouble: Trouble | undefined;
}): ReactNode {
  const parts = parseEntityRef(ref);
  return (
    <tr>
      <th scope="row">
        {parts && (
          <Link to="/catalog/$kind/$namespace/$name" params={parts} className="home-name" data-row-link={ref}>
            <KindGlyph kind={kind} />
            <span className="home-title">{title}</span>
            <span className="visually-hidden">, {kind}</span>
          </Link>
        )}
      </th>
      <td className="home-wide">{type}</td>
      <td className="home-wide">{lifecycle}</td>
      <td className="home-wide">{partOf !== undefined && <EntityLink entityRef={partOf} isPlain />}</td>
      <td>
        <TroubleMark trouble={trouble} />
      </td>
      <td>
        <Age at={Date.parse(changedAt)} />
      </td>
    </tr>
  );
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
