import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { SavedView } from '../../../src/api/preferences.ts';
import { useSavedViews, type SavedViews } from '../../data/saved-views.ts';
import type { Failure } from '../../ui/notice.tsx';
import { parseSearch, stringifySearch } from '../../url/search-codec.ts';
import { readCatalogSearch, type CatalogSearch } from './catalog-search.ts';
import { facetLabel } from './facet-label.ts';
import { ListMenu } from './list-menu.tsx';

/** The view as its text: what is open beside the list, and the place in it, are no part of it. */
function viewText(search: CatalogSearch): string {
  const kept = { ...search, cursor: undefined, peek: undefined, more: undefined };
  return stringifySearch(kept as Readonly<Record<string, string | undefined>>).slice(1);
}

/** Saved views of the list: those that come with it, one's own, and those of one's teams. */
export function ViewsMenu({ search }: { readonly search: CatalogSearch }): ReactNode {
  const saved = useSavedViews('catalog');
  const now = viewText(search);
  const present = saved.views.find((view) => view.search === now);
  return (
    <ListMenu label={present ? `View: ${present.title}` : 'Views'}>
      {(close) => (
        <>
          <BuiltInViews groups={saved.groups} now={now} close={close} />
          <SavedList saved={saved} now={now} close={close} />
          {saved.isKnown && !present && <SaveForm saved={saved} search={now} />}
        </>
      )}
    </ListMenu>
  );
}

function BuiltInViews({
  groups,
  now,
  close,
}: {
  readonly groups: readonly string[];
  readonly now: string;
  readonly close: () => void;
}): ReactNode {
  const views: readonly (readonly [title: string, search: CatalogSearch])[] = [
    ['Everything', {}],
    ...(groups.length > 0 ? ([['My teams’', { owner: groups.join(',') }]] as const) : []),
    ['With problems', { has: 'problems', sort: '-problems', cols: 'kind,type,owner,problems' }],
    ['Without an owner', { has: '-owner' }],
    ['Deprecated', { lifecycle: 'deprecated' }],
    ['Orphans', { is: 'orphan' }],
    ['Least complete', { sort: 'score', cols: 'kind,type,owner,score' }],
  ];
  return (
    <ul className="plain" aria-label="Views of everybody">
      {views.map(([title, view]) => (
        <li key={title}>
          <ViewLink title={title} view={view} isOn={viewText(view) === now} close={close} />
        </li>
      ))}
    </ul>
  );
}

function ViewLink({
  title,
  view,
  isOn,
  close,
}: {
  readonly title: string;
  readonly view: CatalogSearch;
  readonly isOn: boolean;
  readonly close: () => void;
}): ReactNode {
  return (
    <Link
      to="/catalog"
      search={view}
      className={isOn ? 'menu-item is-on' : 'menu-item'}
      activeProps={{}}
      resetScroll={false}
      onClick={close}
    >
      {title}
      {isOn && <span className="visually-hidden">, shown now</span>}
    </Link>
  );
}

function SavedList({
  saved,
  now,
  close,
}: {
  readonly saved: SavedViews;
  readonly now: string;
  readonly close: () => void;
}): ReactNode {
  const [failure, setFailure] = useState<Failure | undefined>();
  if (saved.failure) return <p className="menu-outcome">{saved.failure.title}</p>;
  if (saved.views.length === 0) return null;
  const remove = async (view: SavedView): Promise<void> => setFailure(await saved.remove(view));
  return (
    <>
      <ul className="plain menu-rule" aria-label="Saved views">
        {saved.views.map((view) => (
          <li key={`${view.group ?? ''} ${view.id}`} className="menu-row">
            <ViewLink
              title={view.title}
              view={readCatalogSearch(parseSearch(view.search))}
              isOn={view.search === now}
              close={close}
            />
            {view.group !== undefined && <span className="faint">{facetLabel('owner', view.group)}</span>}
            <button
              type="button"
              className="icon-button"
              aria-label={`Remove the view ${view.title}`}
              title="Remove"
              onClick={() => void remove(view)}
            >
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="m4.5 4.5 7 7m0-7-7 7" />
              </svg>
            </button>
          </li>
        ))}
      </ul>
      <output className="menu-outcome">{failure?.title}</output>
    </>
  );
}

function SaveForm({ saved, search }: { readonly saved: SavedViews; readonly search: string }): ReactNode {
  const [title, setTitle] = useState('');
  const [group, setGroup] = useState('');
  const [failure, setFailure] = useState<Failure | undefined>();
  const save = async (): Promise<void> => {
    const outcome = await saved.save({ title: title.trim(), search }, group === '' ? undefined : group);
    setFailure(outcome);
    if (!outcome) setTitle('');
  };
  return (
    <form
      className="menu-form menu-rule"
      onSubmit={(event) => {
        event.preventDefault();
        if (title.trim() !== '') void save();
      }}
    >
      <input
        type="text"
        className="field"
        aria-label="Name of this view"
        placeholder="Name of this view"
        maxLength={80}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      {saved.groups.length > 0 && (
        <select
          className="select"
          aria-label="Who has this view"
          value={group}
          onChange={(event) => setGroup(event.target.value)}
        >
          <option value="">Only me</option>
          {saved.groups.map((ref) => (
            <option key={ref} value={ref}>
              {facetLabel('owner', ref)}
            </option>
          ))}
        </select>
      )}
      <button type="submit" className="button" disabled={title.trim() === ''}>
        Save
      </button>
      <output className="menu-outcome">{failure && (failure.detail ?? failure.title)}</output>
    </form>
  );
}
