import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { VerdictItem, Verdicts } from '../../../src/api/running.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { compareVerdicts, isFailing, isToldOf } from '../../data/verdicts.ts';
import { Age } from '../../ui/age.tsx';
import { Mark } from '../../ui/mark.tsx';
import { countText } from '../entity/count-text.ts';
import { nameText } from '../entity/name-text.ts';
import { whereText } from '../entity/running/health-mark.tsx';
import { healthMarks } from '../entity/running/running-words.ts';
import { joined } from './home-text.ts';

/** Places that a row names. */
const NAMED_PLACES = 2;

/** The services that somebody has to look at now, the worst first. */
export function failingServices(verdicts: Verdicts): readonly VerdictItem[] {
  return verdicts.items.filter((item) => isToldOf(item) && isFailing(item)).toSorted(compareVerdicts);
}

/** One service that does not do as it should: what is wrong, where, since when, and the way to its pods. */
export function ServiceRow({
  item: { ref, verdict },
  title,
}: {
  readonly item: VerdictItem;
  /** Absent: it is called by its name. */
  readonly title: string | undefined;
}): ReactNode {
  const parts = parseEntityRef(ref);
  if (!parts) return null;
  const { status, reason, message, since } = verdict;
  return (
    <li className="home-row">
      <Mark state={healthMarks[status]}>{status}</Mark>
      <div className="home-row-text">
        <p>
          <Link to="/catalog/$kind/$namespace/$name" params={parts} data-row-link={`health ${ref}`}>
            <strong>{title ?? nameText(ref)}</strong> {troubleWords(verdict)}
          </Link>
        </p>
        {message !== undefined && message !== reason && <p className="home-fix">{message}</p>}
        <p className="home-row-foot">
          <span>{whereText({ verdict })}</span>
          {since !== undefined && (
            <span>
              for <Age at={Date.parse(since)} />
            </span>
          )}
        </p>
      </div>
      <Link
        to="/catalog/$kind/$namespace/$name"
        params={parts}
        search={{ view: 'running' }}
        className="button button-small"
        aria-label={`See why: ${title ?? nameText(ref)}`}
      >
        See why
      </Link>
    </li>
  );
}

/** What is wrong and where: `CrashLoopBackOff in prod-eu-1 and 3 more`. */
function troubleWords({ status, reason, places = [], spread }: VerdictItem['verdict']): string {
  if (status === 'Missing' && places.length === 0) return 'runs nowhere, though it says that it does';
  const named = places.slice(0, NAMED_PLACES);
  const more = (spread[status] ?? named.length) - named.length;
  const where = more > 0 ? `${named.join(', ')} and ${more} more` : joined(named);
  return `${reason ?? status.toLowerCase()}${where === '' ? '' : ` in ${where}`}`;
}

/**
 * How the services are as a whole. They are called healthy only where every cluster was read; of what is not known it says that, and
 * where to look.
 */
export function ServicesSentence({
  verdicts,
  checkedAt,
}: {
  readonly verdicts: Verdicts;
  /** ms since the epoch */
  readonly checkedAt: number | undefined;
}): ReactNode {
  const told = verdicts.items.filter(isToldOf);
  if (told.length === 0) return null;
  const healthy = told.filter(({ verdict }) => verdict.status === 'Healthy').length;
  const others = told.length - healthy;
  const isAllHealthy = others === 0 && verdicts.unread === 0;
  return (
    <p className="home-quiet">
      <Mark state={isAllHealthy ? 'healthy' : 'unknown'}>
        {others === 0
          ? `All ${countText(told.length, 'service')} healthy${verdicts.unread > 0 ? ', as far as can be seen' : ''}`
          : `${healthy} of ${countText(told.length, 'service')} healthy`}
      </Mark>
      <OtherWords told={told} />
      {verdicts.unread > 0 && (
        <Link to="/clusters" className="accent">
          {verdicts.unread} of {countText(verdicts.looked, 'cluster')} not read as of now
        </Link>
      )}
      {checkedAt !== undefined && (
        <span className="faint">
          checked <Age at={checkedAt} suffix=" ago" />
        </span>
      )}
    </p>
  );
}

/** Those that are neither healthy nor in the rows above. */
function OtherWords({ told }: { readonly told: readonly VerdictItem[] }): ReactNode {
  const count = (status: VerdictItem['verdict']['status']): number =>
    told.filter(({ verdict }) => verdict.status === status).length;
  const words = [
    [count('Unknown'), 'unknown'],
    [count('Progressing'), 'rolling out'],
    [count('Suspended'), 'suspended'],
  ] as const;
  const said = words.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return said.length === 0 ? null : <span>{joined(said)}</span>;
}
