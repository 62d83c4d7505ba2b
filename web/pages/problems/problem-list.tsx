import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Age } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { Mark } from '../../ui/mark.tsx';
import type { ProblemData } from '../entity/use-entity.ts';
import { placeText } from './problem-text.ts';
import { groupFilter, type Grouping } from './problems-search.ts';

/** Problems by location, owner or code: what is wrong, where exactly, and what to do about it. */
export function ProblemList({
  problems,
  group = 'location',
}: {
  readonly problems: readonly ProblemData[];
  readonly group?: Grouping;
}): ReactNode {
  const groups = Map.groupBy(problems, (problem) => groupOf(problem, group));
  return (
    <div className="problem-groups">
      {[...groups].map(([value, items]) => (
        <section key={value ?? ''} className="problem-group" aria-label={value ?? 'Nobody is known to own these'}>
          <h2 className="problem-head">
            <GroupTitle group={group} value={value} source={items[0]?.source} />
            <Link to="/problems" search={groupFilter(group, value)} className="accent problem-only">
              only this {group}
            </Link>
          </h2>
          <ul className="plain">
            {items.map((problem) => (
              <ProblemRow key={problem.id} problem={problem} group={group} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function groupOf({ location, owners, code }: ProblemData, group: Grouping): string | undefined {
  if (group === 'location') return location;
  return group === 'owner' ? owners?.[0] : code;
}

function GroupTitle({
  group,
  value,
  source,
}: {
  readonly group: Grouping;
  readonly value: string | undefined;
  readonly source?: string | undefined;
}): ReactNode {
  if (value === undefined) return <span className="muted">Nobody is known to own these</span>;
  if (group === 'location') return <LocationText location={value} source={source} />;
  return group === 'owner' ? <EntityLink entityRef={value} /> : <code>{value}</code>;
}

function ProblemRow({ problem, group }: { readonly problem: ProblemData; readonly group: Grouping }): ReactNode {
  const { severity, message, fix, path, entityRef, code, since, owners = [] } = problem;
  return (
    <li className="problem">
      <span className="problem-severity">
        <Mark state={severity === 'error' ? 'degraded' : 'warning'}>{severity === 'error' ? 'Error' : 'Warning'}</Mark>
      </span>
      <div className="problem-text">
        <p>{message}</p>
        {fix !== undefined && (
          <p className="problem-fix">
            <span className="visually-hidden">What to do: </span>
            <span aria-hidden="true">→ </span>
            {fix}
          </p>
        )}
        <p className="problem-foot">
          <ProblemPlace problem={problem} isNear={group === 'location'} />
          {path !== undefined && <code>{path}</code>}
          {entityRef !== undefined && <EntityLink entityRef={entityRef} />}
          {group !== 'owner' && owners.map((owner) => <Owner key={owner} owner={owner} />)}
          {group !== 'code' && (
            <Link to="/problems" search={{ code }} className="problem-code" title="Only problems with this code">
              {code}
            </Link>
          )}
          <span>
            since <Age at={Date.parse(since)} suffix=" ago" />
          </span>
        </p>
      </div>
    </li>
  );
}

/** File, line and column; at a known forge a link to the line itself. `isNear`: the path stands above already. */
function ProblemPlace({ problem, isNear }: { readonly problem: ProblemData; readonly isNear: boolean }): ReactNode {
  const { line, viewUrl } = problem;
  if (isNear && line === undefined && viewUrl === undefined) return null;
  const whole = placeText(problem);
  const place = isNear ? whole.slice(whole.lastIndexOf('/') + 1) : whole;
  if (viewUrl === undefined) return <code title={whole}>{place}</code>;
  return (
    <a href={viewUrl} rel="noreferrer" className="accent mono" title={viewUrl}>
      {place}
    </a>
  );
}

function Owner({ owner }: { readonly owner: string }): ReactNode {
  return (
    <span>
      owner <EntityLink entityRef={owner} isPlain />
    </span>
  );
}
