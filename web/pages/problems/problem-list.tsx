import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Age } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { Mark } from '../../ui/mark.tsx';
import type { ProblemData } from '../entity/use-entity.ts';

/** Problems by location: what is wrong, where exactly, and what to do about it. */
export function ProblemList({ problems }: { readonly problems: readonly ProblemData[] }): ReactNode {
  const groups = Map.groupBy(problems, ({ location }) => location);
  return (
    <div className="problem-groups">
      {[...groups].map(([location, items]) => (
        <section key={location} className="problem-group" aria-label={location}>
          <p className="problem-location">
            <LocationText location={location} source={items[0]?.source} />{' '}
            <Link to="/problems" search={{ location }} className="accent problem-only">
              only this location
            </Link>
          </p>
          <ul className="plain">
            {items.map((problem) => (
              <ProblemRow key={problem.id} problem={problem} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function ProblemRow({ problem }: { readonly problem: ProblemData }): ReactNode {
  const { severity, message, fix, location, line, column, path, entityRef, code, since } = problem;
  return (
    <li className="problem">
      <span className="problem-severity">
        <Mark state={severity === 'error' ? 'degraded' : 'warning'}>{severity === 'error' ? 'Error' : 'Warning'}</Mark>
      </span>
      <div className="problem-text">
        <p>
          {message} {fix !== undefined && <span className="problem-fix">· {fix}</span>}
        </p>
        <p className="problem-foot">
          {line !== undefined && (
            <code title={`line ${line}`}>
              {location.slice(Math.max(location.lastIndexOf('/'), location.indexOf(':')) + 1)}:{line}
              {column !== undefined && `:${column}`}
            </code>
          )}
          {path !== undefined && <code>{path}</code>}
          {entityRef !== undefined && <EntityLink entityRef={entityRef} />}
          <Link to="/problems" search={{ code }} className="problem-code">
            {code}
          </Link>
          <span>
            since <Age at={Date.parse(since)} suffix=" ago" />
          </span>
        </p>
      </div>
    </li>
  );
}
