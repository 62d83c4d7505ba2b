import { Link } from '@tanstack/react-router';
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Incident } from '../../../src/api/incidents.ts';
import { Age } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { momentText } from '../../ui/moment-text.ts';

/** Lines of evidence that are seen at once. */
const MOST_LINES = 8;

const marks: Readonly<Record<Incident['severity'], MarkState>> = {
  critical: 'degraded',
  warning: 'warning',
  notice: 'unknown',
};

/** An incident that goes on: what, where, why, what to do, and what changed before. `isMeant`: the URL names it. */
export function IncidentCard({
  incident,
  isMeant,
}: {
  readonly incident: Incident;
  readonly isMeant: boolean;
}): ReactNode {
  const id = useId();
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isMeant) card.current?.scrollIntoView({ block: 'nearest' });
  }, [isMeant]);
  return (
    <article
      ref={card}
      className={`incident incident-${incident.severity}${isMeant ? ' is-meant' : ''}`}
      aria-labelledby={id}
    >
      <h2 id={id}>{incident.title}</h2>
      <Facts incident={incident} />
      <Body incident={incident} />
    </article>
  );
}

/** An incident that is over, folded; the one that the URL names is open. */
export function EndedIncident({
  incident,
  isMeant,
}: {
  readonly incident: Incident;
  readonly isMeant: boolean;
}): ReactNode {
  return (
    <details className="incident incident-over" open={isMeant}>
      <summary>
        <span className="incident-over-title">{incident.title}</span>
        {incident.ended !== undefined && <Age at={Date.parse(incident.ended)} suffix=" ago" />}
      </summary>
      <Facts incident={incident} />
      <Body incident={incident} />
    </details>
  );
}

function Facts({ incident }: { readonly incident: Incident }): ReactNode {
  const { severity, state, began, ended, entity, clusters, regions, pods } = incident;
  return (
    <div className="incident-facts">
      {state === 'open' ? <Mark state={marks[severity]}>{severity}</Mark> : <Mark state="healthy">ended</Mark>}
      <span title={momentText(Date.parse(began))}>
        {ended === undefined ? (
          <>
            for <Age at={Date.parse(began)} />
          </>
        ) : (
          `${momentText(Date.parse(began))} to ${momentText(Date.parse(ended))}`
        )}
      </span>
      {entity !== undefined && <EntityLink entityRef={entity} />}
      {pods && (
        <span>
          {pods.affected.toLocaleString()} of {pods.of.toLocaleString()} pods
          {pods.restarts > 0 && `, ${pods.restarts.toLocaleString()} restarts`}
        </span>
      )}
      {regions.length > 1 && <span>{regions.length} regions</span>}
      <span className="incident-clusters">
        {clusters.slice(0, 12).map((name) => (
          <Link key={name} to="/clusters/$name" params={{ name }} className="chip">
            {name}
          </Link>
        ))}
        {clusters.length > 12 && <span className="faint">and {clusters.length - 12} more</span>}
      </span>
    </div>
  );
}

function Body({ incident }: { readonly incident: Incident }): ReactNode {
  const { cause, fix, entity } = incident;
  return (
    <>
      {cause && (
        <p className="incident-cause">
          <b>Likely cause</b> <At at={cause.at} /> {cause.text}
        </p>
      )}
      <p className="incident-fix">
        <b>What to do</b> {fix}
        {entity !== undefined && <RunningLink entityRef={entity} />}
      </p>
      <div className="incident-columns">
        <Evidence incident={incident} />
        <Before incident={incident} />
      </div>
    </>
  );
}

function RunningLink({ entityRef }: { readonly entityRef: string }): ReactNode {
  const [kind = '', rest = ''] = entityRef.split(':');
  const [namespace = '', name = ''] = rest.split('/');
  return (
    <>
      {' '}
      <Link
        to="/catalog/$kind/$namespace/$name"
        params={{ kind, namespace, name }}
        search={{ view: 'running' }}
        className="accent"
      >
        See its pods
      </Link>
    </>
  );
}

function Evidence({ incident: { evidence } }: { readonly incident: Incident }): ReactNode {
  const line = ({ text, cluster, at }: Incident['evidence'][number], index: number): ReactNode => (
    <li key={`${cluster ?? ''} ${text} ${index}`}>
      {at !== undefined && <At at={at} />}
      <span>
        {cluster !== undefined && <b className="incident-where">{cluster}</b>} {text}
      </span>
    </li>
  );
  return (
    <section>
      <h3>Evidence</h3>
      <ul className="plain incident-lines">{evidence.slice(0, MOST_LINES).map(line)}</ul>
      {evidence.length > MOST_LINES && (
        <details>
          <summary>{evidence.length - MOST_LINES} more</summary>
          <ul className="plain incident-lines">{evidence.slice(MOST_LINES).map(line)}</ul>
        </details>
      )}
    </section>
  );
}

function Before({ incident: { before, began, entity } }: { readonly incident: Incident }): ReactNode {
  const search = { at: began, ...(entity !== undefined && { entity }) };
  return (
    <section>
      <h3>Changed just before</h3>
      {before.length === 0 ? (
        <p className="faint">Nothing that the timeline knows of.</p>
      ) : (
        <ul className="plain incident-lines">
          {before.map(({ id, at, title, cluster }) => (
            <li key={id}>
              <At at={at} />
              <span>
                {cluster !== undefined && <b className="incident-where">{cluster}</b>} {title}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p>
        <Link to={'/fleet/timeline' as string} search={search as never} className="accent">
          Timeline at that moment
        </Link>
      </p>
    </section>
  );
}

/** A moment as a time of day in the reader's zone. */
function At({ at }: { readonly at: string }): ReactNode {
  const text = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' }).format(Date.parse(at));
  return (
    <time className="incident-at" dateTime={at} title={momentText(Date.parse(at))}>
      {text}
    </time>
  );
}
