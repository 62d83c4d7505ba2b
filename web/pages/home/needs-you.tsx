import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import { isHeard } from '../../data/use-resource.ts';
import { hasFleet } from '../../data/verdicts.ts';
import { Age } from '../../ui/age.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark } from '../../ui/mark.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { CatalogSearch } from '../catalog/catalog-search.ts';
import { countText } from '../entity/count-text.ts';
import type { ProblemData } from '../entity/use-entity.ts';
import { placeText } from '../problems/problem-text.ts';
import type { SourceData } from '../sources/use-sources.ts';
import { failingServices, ServiceRow, ServicesSentence } from './fleet-needs.tsx';
import { joined, kindCount, missingText } from './home-text.ts';
import type { FirstAnswers, OwnedData, ScopeData } from './use-home.ts';

/** Problems that Home itself lists. */
const SHOWN = 8;
/** Services stand above problems; so long problems wait for them, ms, that nothing moves where clusters are told of in time. */
const PATIENCE_MS = 400;

/** What this block stands on; each part may fail alone. */
export interface NeedsParts extends FirstAnswers {
  readonly scope: ScopeData;
}

/** What the team has to look at: problems, sources that failed, descriptors that say too little. */
export function NeedsYou(parts: NeedsParts): ReactNode {
  const { scope, problems, owned, sources, health } = parts;
  const owner = scope.owners.length === 1 ? scope.owners[0] : undefined;
  const failing = failingSources(parts);
  const verdicts = hasFleet(health.data) ? health.data : undefined;
  const services = verdicts ? failingServices(verdicts) : [];
  const rows = problems.data?.items.slice(0, SHOWN) ?? [];
  const total = problems.data?.total ?? 0;
  const isLate = useLate(isHeard(problems) && !isHeard(health));
  const isWaiting = !isHeard(problems) || !(isHeard(health) || isLate);
  const titles = new Map(owned.data?.items.map(({ ref, title }) => [ref, title]));
  return (
    <Panel
      title={scope.owners.length === 0 ? 'Needs somebody' : 'Needs you'}
      aside={
        problems.loadedAt !== undefined && (
          <>
            as of <Age at={problems.loadedAt} suffix=" ago" />
          </>
        )
      }
    >
      {problems.failure && <FailureNotice failure={problems.failure} onRetry={() => resources.repeat(problems.key)} />}
      {health.failure && <FailureNotice failure={health.failure} onRetry={() => resources.repeat(health.key)} />}
      {isWaiting && <Skeleton rows={10} label="Loading the problems" />}
      <div
        className={problems.isPrevious ? 'home-needs is-old' : 'home-needs'}
        aria-busy={problems.isLoading}
        hidden={isWaiting}
      >
        {services.length + rows.length + failing.length > 0 && (
          <ul className="plain home-rows">
            {services.slice(0, SHOWN).map((item) => (
              <ServiceRow key={item.ref} item={item} title={titles.get(item.ref)} />
            ))}
            {failing.map((source) => (
              <SourceRow key={`${source.collector} ${source.source}`} source={source} />
            ))}
            {rows.map((problem) => (
              <ProblemRow key={problem.id} problem={problem} />
            ))}
          </ul>
        )}
        {services.length > SHOWN && (
          <p className="home-more">
            <Link to="/catalog" search={failingSearch(scope)} className="accent">
              All {services.length} services that fail
            </Link>
          </p>
        )}
        {verdicts && <ServicesSentence verdicts={verdicts} checkedAt={health.loadedAt} />}
        {total > rows.length && (
          <p className="home-more">
            <Link to="/problems" search={owner === undefined ? {} : { owner }} className="accent">
              {owner === undefined && scope.owners.length > 0
                ? `All problems by owner (${countText(total, 'is', 'are')} of these teams)`
                : `All ${countText(total, 'problem')}`}
            </Link>
          </p>
        )}
        <NothingWrong parts={parts} isQuiet={total + failing.length === 0 && isHeard(health)} />
        {owned.data && <Incomplete scope={scope} owned={owned.data} />}
      </div>
      {sources.failure && sources.failure.status !== 403 && (
        <FailureNotice failure={sources.failure} onRetry={() => resources.repeat(sources.key)} />
      )}
    </Panel>
  );
}

/** Whether something has been awaited for longer than anybody should wait. */
function useLate(isAwaited: boolean): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!isAwaited) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isAwaited]);
  return isLate;
}

/** What fails of a scope, as the catalog lists it. */
function failingSearch({ owners }: ScopeData): CatalogSearch {
  const q = 'facts.kubernetes.health:Degraded,Missing';
  return owners.length === 0 ? { q } : { owner: owners.join(','), q };
}

/** The sources that the scope's descriptors come from and that were not read in time. */
function failingSources({ scope, owned, sources }: NeedsParts): readonly SourceData[] {
  const isMeant = (source: string): boolean =>
    scope.owners.length === 0 || owned.data?.sources.includes(source) === true;
  return (sources.data?.items ?? []).filter(
    ({ collector, state, source }) => collector === 'catalog' && state !== 'fresh' && isMeant(source),
  );
}

/** A sentence with numbers and age, and only when everything that could say otherwise was heard. */
function NothingWrong({ parts, isQuiet }: { readonly parts: NeedsParts; readonly isQuiet: boolean }): ReactNode {
  const { scope, problems, owned, sources, health } = parts;
  if (!isQuiet || !problems.data || !owned.data || problems.failure || owned.failure) return null;
  if (owned.data.total === 0 && scope.owners.length > 0) {
    return <p className="panel-empty">Nothing: the team owns nothing in the catalog.</p>;
  }
  const isHeard = sources.data !== undefined && !sources.failure;
  const what = owned.data.kinds.map(kindCount);
  const checked = isHeard ? oldestLook(parts) : undefined;
  return (
    <p className="home-quiet">
      <Mark state={isHeard ? 'healthy' : 'unknown'}>
        {scope.owners.length === 0 ? 'No problem is known' : quietWords(joined(what), hasFleet(health.data))}
      </Mark>
      {checked !== undefined && (
        <span className="faint">
          checked <Age at={checked} suffix=" ago" />
        </span>
      )}
      {!isHeard && <span className="faint">whether every source was read lately is not known to you</span>}
    </p>
  );
}

/** Where services are spoken of too, it is said that this is not about them. */
function quietWords(what: string, hasServices: boolean): string {
  return hasServices ? `Descriptors of all ${what} without a problem` : `All ${what} without a problem`;
}

/** The look that lies back the furthest, of the sources of the scope. */
function oldestLook({ scope, owned, sources }: NeedsParts): number | undefined {
  const looks = (sources.data?.items ?? []).flatMap(({ collector, source, checkedAt }) => {
    const isMeant = scope.owners.length === 0 || owned.data?.sources.includes(source) === true;
    return collector === 'catalog' && isMeant && checkedAt !== undefined ? [Date.parse(checkedAt)] : [];
  });
  return looks.length === 0 ? undefined : Math.min(...looks);
}

function ProblemRow({ problem }: { readonly problem: ProblemData }): ReactNode {
  const { severity, message, fix, entityRef, line, viewUrl, since } = problem;
  const place = placeText(problem);
  return (
    <li className="home-row">
      <Mark state={severity === 'error' ? 'degraded' : 'warning'}>{severity === 'error' ? 'Error' : 'Warning'}</Mark>
      <div className="home-row-text">
        <p>
          <ProblemLink problem={problem}>{message}</ProblemLink>
        </p>
        {fix !== undefined && <p className="home-fix">{fix}</p>}
        <p className="home-row-foot">
          {entityRef !== undefined && <EntityLink entityRef={entityRef} isPlain />}
          <code title={place}>{place.slice(place.lastIndexOf('/') + 1)}</code>
          <Age at={Date.parse(since)} suffix=" ago" />
        </p>
      </div>
      {viewUrl === undefined ? (
        <CopyButton text={place} label={`Copy ${place}`} />
      ) : (
        <a href={viewUrl} rel="noreferrer" className="button button-small">
          {line === undefined ? 'Open the file' : `Open line ${line}`}
        </a>
      )}
    </li>
  );
}

/** To the problem where it is shown whole: on the entity, or with the others of its file. */
function ProblemLink({
  problem: { id, entityRef, location },
  children,
}: {
  readonly problem: ProblemData;
  readonly children: ReactNode;
}): ReactNode {
  const parts = entityRef === undefined ? undefined : parseEntityRef(entityRef);
  if (!parts) {
    return (
      <Link to="/problems" search={{ location }} data-row-link={id}>
        {children}
      </Link>
    );
  }
  return (
    <Link to="/catalog/$kind/$namespace/$name" params={parts} search={{ view: 'problems' }} data-row-link={id}>
      {children}
    </Link>
  );
}

function SourceRow({
  source: { source, target, state, error, fix, checkedAt },
}: {
  readonly source: SourceData;
}): ReactNode {
  return (
    <li className="home-row">
      <Mark state={state === 'failed' ? 'degraded' : 'stale'}>{state === 'failed' ? 'Unread' : 'Stale'}</Mark>
      <div className="home-row-text">
        <p>
          <Link to="/sources" data-row-link={source}>
            {state === 'failed' ? 'A source could not be read' : 'A source was not looked at in time'}
            {error !== undefined && `: ${error}`}
          </Link>
        </p>
        {fix !== undefined && <p className="home-fix">{fix}</p>}
        <p className="home-row-foot">
          <code>{target ?? source}</code>
          {checkedAt === undefined ? (
            <span>never read</span>
          ) : (
            <span>
              as of <Age at={Date.parse(checkedAt)} suffix=" ago" />
            </span>
          )}
        </p>
      </div>
      <Link to="/sources" className="button button-small">
        Look again
      </Link>
    </li>
  );
}

function Incomplete({ scope, owned }: { readonly scope: ScopeData; readonly owned: OwnedData }): ReactNode {
  const missing = missingText(owned.items);
  if (missing === '') return null;
  return (
    <p className="home-quiet">
      <Mark state="unknown">{countText(owned.incomplete, 'descriptor')} could say more</Mark>
      <span className="faint">{missing}</span>
      <Link
        to="/catalog"
        search={{
          ...(scope.owners.length > 0 && { owner: scope.owners.join(',') }),
          q: 'facts.completeness.score<100',
        }}
        className="accent"
      >
        See them
      </Link>
    </p>
  );
}
