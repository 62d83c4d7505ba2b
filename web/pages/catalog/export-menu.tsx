import { useState } from 'react';
import type { ReactNode } from 'react';
import { columnsOf } from './catalog-columns.ts';
import { searchText, sortOf, type CatalogSearch } from './catalog-search.ts';
import { ListMenu } from './list-menu.tsx';

/** Entities that an export names by ref at most: the server's own limit. */
export const MOST_CHOSEN = 200;

/** Path of an export of what the list shows: the same question, order and columns. @param refs only these */
export function exportPath(search: CatalogSearch, format: string, refs: readonly string[] = []): string {
  const query = new URLSearchParams({ format });
  const text = searchText(search);
  if (text !== undefined) query.set('search', text);
  if (search.where) query.set('where', search.where);
  query.set('order', sortOf(search).order);
  const columns = columnsOf(search.cols).map(({ path }) => path);
  query.set('columns', ['metadata.name', 'metadata.namespace', ...columns].join(','));
  for (const ref of refs) query.append('ref', ref);
  return `/api/v1/entities/export?${query}`;
}

/** The list as a question of the command line. */
export function commandText(search: CatalogSearch): string {
  const text = searchText(search);
  const { order } = sortOf(search);
  const parts = ['callboard query'];
  if (search.where) parts.push(quoted(search.where));
  if (text !== undefined) parts.push(`--search ${quoted(text)}`);
  if (text === undefined && !search.where) parts.push(quoted('true'));
  parts.push(`--order ${quoted(order)}`);
  return parts.join(' ');
}

/** A text as a shell takes it whole. */
function quoted(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Takes the list away: as a file, or as the call that answers it. */
export function ExportMenu({ search }: { readonly search: CatalogSearch }): ReactNode {
  return <ListMenu label="Export">{(close) => <ExportChoices search={search} close={close} />}</ListMenu>;
}

function ExportChoices({ search, close }: { readonly search: CatalogSearch; readonly close: () => void }): ReactNode {
  const [outcome, setOutcome] = useState('');
  const copy = (text: string, what: string): void => {
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('No clipboard'));
    written.then(
      () => setOutcome(`${what} copied.`),
      () => setOutcome('The browser does not allow copying here.'),
    );
  };
  return (
    <>
      <ul className="plain">
        {(['csv', 'json', 'yaml'] as const).map((format) => (
          <li key={format}>
            <a className="menu-item" href={exportPath(search, format)} download={`catalog.${format}`} onClick={close}>
              Download {format.toUpperCase()}
            </a>
          </li>
        ))}
        <li className="menu-rule">
          <button
            type="button"
            className="menu-item"
            onClick={() =>
              copy(`curl '${location.origin}${exportPath(search, 'json').replaceAll("'", '%27')}'`, 'API call')
            }
          >
            Copy the API call
          </button>
        </li>
        <li>
          <button type="button" className="menu-item" onClick={() => copy(commandText(search), 'Command')}>
            Copy the command
          </button>
        </li>
      </ul>
      <output className="menu-outcome">{outcome}</output>
    </>
  );
}
