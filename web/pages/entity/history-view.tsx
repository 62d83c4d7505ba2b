import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Age } from '../../ui/age.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { momentText } from '../../ui/moment-text.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import { CommitText } from './commit-text.tsx';
import type { EntitySearch } from './entity-search.ts';
import { changeText, fieldChanges, type FieldChange } from './field-change.ts';
import { useHistory, type HistoryData } from './use-entity.ts';

/** Steps on a page; where they are filtered, as many as the server gives at once. */
const PAGE = 20;
const MOST = 100;
const FROM = '/catalog/$kind/$namespace/$name';
const words = { created: 'Created', updated: 'Changed', deleted: 'Deleted' } as const;

/** A step with what changed in it; undefined: what was before it is not remembered. */
interface Told {
  readonly item: HistoryData;
  readonly changes: readonly FieldChange[] | undefined;
}

/** The steps of an entity's life, newest first, each with its fields as they were and as they are since. */
export function HistoryView({
  parts,
  search,
  page,
}: {
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
  /** Web address of its file, for links to commits. */
  readonly page: string | undefined;
}): ReactNode {
  const navigate = useNavigate({ from: FROM });
  const history = useHistory(parts, search.cursor, search.q === undefined ? PAGE : MOST);
  const next = history.data?.next;
  const [text, type] = useTyped(search.q ?? '', (q) => {
    void navigate({
      search: (now: EntitySearch) => ({ ...now, q: q === '' ? undefined : q, cursor: undefined, step: undefined }),
      replace: true,
      resetScroll: false,
    });
  });
  const field = useId();
  const told = useTold(parts, history.data?.items ?? [], next);
  const shown = told.filter((step) => search.q === undefined || matches(step, search.q.toLowerCase()));
  return (
    <Panel title="History" aside="newest first">
      {history.failure && !history.data && <FailureNotice failure={history.failure} />}
      {!history.data && !history.failure && <Skeleton rows={3} label="Loading the history" />}
      {history.data && told.length === 0 && <p className="panel-empty">No step is remembered.</p>}
      {(told.length > 1 || search.q !== undefined) && (
        <div className="panel-bar">
          <label htmlFor={field} className="visually-hidden">
            Filter steps by field, value, source or commit
          </label>
          <input
            id={field}
            type="search"
            className="field"
            placeholder="Filter by field, value or commit"
            data-search
            value={text}
            onChange={({ target }) => type(target.value)}
          />
        </div>
      )}
      {told.length > 0 && shown.length === 0 && (
        <p className="panel-empty">
          None of the last {told.length} steps has “{search.q}” in it.{' '}
          <Link to={FROM} params={parts} search={{ view: 'history' }} className="accent" replace>
            Clear the filter
          </Link>
        </p>
      )}
      <ol className="plain steps">
        {shown.map((step) => (
          <Step key={step.item.revision} step={step} parts={parts} search={search} page={page} />
        ))}
      </ol>
      {(next !== undefined || search.cursor !== undefined) && (
        <p className="panel-foot button-row steps-foot">
          {search.cursor !== undefined && (
            <Link to={FROM} params={parts} search={{ view: 'history' }} className="button">
              Newest
            </Link>
          )}
          {next !== undefined && (
            <Link to={FROM} params={parts} search={{ view: 'history', q: search.q, cursor: next }} className="button">
              Older
            </Link>
          )}
        </p>
      )}
    </Panel>
  );
}

/** The last step of a page is told by the first of the next. */
function useTold(parts: EntityRefParts, items: readonly HistoryData[], next: string | undefined): readonly Told[] {
  const further = useHistory(parts, next, next === undefined ? 0 : 1).data?.items[0];
  return items.map((item, at) => {
    const before = items[at + 1] ?? (next === undefined ? undefined : further);
    const isTold = item.op === 'updated' && before !== undefined;
    return { item, changes: isTold ? fieldChanges(before.entity, item.entity) : undefined };
  });
}

function matches({ item, changes }: Told, text: string): boolean {
  const said = [words[item.op], item.location, item.commit ?? '', ...(changes ?? []).map(changeText)];
  return said.some((one) => one.toLowerCase().includes(text));
}

function Step({
  step: { item, changes },
  parts,
  search,
  page,
}: {
  readonly step: Told;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
  readonly page: string | undefined;
}): ReactNode {
  const row = useRef<HTMLLIElement>(null);
  const isMeant = search.step === String(item.revision);
  useEffect(() => {
    if (isMeant) row.current?.scrollIntoView({ block: 'center' });
  }, [isMeant]);
  const at = Date.parse(item.at);
  return (
    <li ref={row} className={isMeant ? 'is-meant' : undefined} aria-current={isMeant ? 'true' : undefined}>
      <span className="step-when">
        <Age at={at} suffix=" ago" />
      </span>
      <div>
        <p>
          <strong>{words[item.op]}</strong>{' '}
          <Link
            to={FROM}
            params={parts}
            search={{ view: 'history', cursor: search.cursor, step: String(item.revision) }}
            className="faint"
            resetScroll={false}
            replace
          >
            <time dateTime={item.at}>{momentText(at)}</time> · revision {item.revision}
          </Link>
        </p>
        {changes && changes.length > 0 && <FieldChanges changes={changes} />}
        {changes?.length === 0 && <p className="muted">The same in another place of its source</p>}
        {item.op === 'updated' && !changes && <p className="muted">What was before is no longer remembered</p>}
        <p className="faint">
          <LocationText location={item.location} source={item.source} page={page} commit={item.commit} />
          {item.commit !== undefined && (
            <>
              {' '}
              at <CommitText commit={item.commit} page={page} />
            </>
          )}
        </p>
      </div>
    </li>
  );
}

/** Fields with their old and new values. */
function FieldChanges({ changes }: { readonly changes: readonly FieldChange[] }): ReactNode {
  return (
    <dl className="field-changes">
      {changes.map((change) => (
        <div key={change.path}>
          <dt>
            <code>{change.path}</code>
          </dt>
          <dd>
            <ChangedValue change={change} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function ChangedValue({ change }: { readonly change: FieldChange }): ReactNode {
  switch (change.sort) {
    case 'list':
      return (
        <>
          {change.removed.map((item) => (
            <del key={`- ${item}`}>{item}</del>
          ))}
          {change.added.map((item) => (
            <ins key={`+ ${item}`}>{item}</ins>
          ))}
        </>
      );
    case 'text':
      return (
        <span>
          {change.added.toLocaleString()} lines added, {change.removed.toLocaleString()} taken away
        </span>
      );
    case 'value':
      return (
        <>
          {change.before !== undefined && <del>{change.before}</del>}
          {change.before !== undefined && change.after !== undefined && <span className="faint">→</span>}
          {change.after === undefined ? <span className="faint">taken away</span> : <ins>{change.after}</ins>}
        </>
      );
  }
}
