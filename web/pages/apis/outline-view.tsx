import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Mark } from '../../ui/mark.tsx';
import { formatList, parseList, toggleInList } from '../../url/search-codec.ts';
import type { ApiGroup, ApiOutline } from './api-outline.ts';
import type { DefinitionSearch } from './definition-search.ts';
import { OperationEntry } from './operation-entry.tsx';
import { countOperations, filterGroups, hasOperation } from './outline-filter.ts';
import { Prose } from './prose.tsx';

/** What a definition says: its operations by group, each one opened in place, with the contents beside. */
export function OutlineView({
  outline,
  search,
  change,
}: {
  readonly outline: ApiOutline;
  readonly search: DefinitionSearch;
  readonly change: (next: DefinitionSearch) => void;
}): ReactNode {
  const groups = filterGroups(outline.groups, search.find ?? '');
  const open = parseList(search.op);
  useScrollToOpened(open.at(-1));
  const all = countOperations(outline.groups);
  const shown = countOperations(groups);
  const gone = open.filter((id) => !hasOperation(outline.groups, id));
  return (
    <div className="api-columns">
      <div className="api-main">
        {outline.description !== undefined && <Prose text={outline.description} />}
        <Facts outline={outline} />
        {outline.remarks.map((remark) => (
          <p key={remark} className="api-remark">
            {remark}
          </p>
        ))}
        {gone.length > 0 && (
          <p className="api-remark">
            <Mark state="unknown">Not in this definition</Mark> {gone.join(', ')}{' '}
            <button
              type="button"
              className="button button-small"
              onClick={() => change({ op: formatList(open.filter((id) => !gone.includes(id))) })}
            >
              Dismiss
            </button>
          </p>
        )}
        <output className="visually-hidden">{search.find !== undefined && `${shown} of ${all} are shown`}</output>
        {all === 0 && <p className="panel-empty">The definition declares no operations and no types.</p>}
        {all > 0 && shown === 0 && (
          <p className="panel-empty">
            None of the {all} operations and types matches “{search.find}”.{' '}
            <button type="button" className="button button-small" onClick={() => change({ find: undefined })}>
              Show all
            </button>
          </p>
        )}
        {groups.map((group) => (
          <section key={group.id} className="api-group" aria-labelledby={domId(group.id)}>
            <h3 id={domId(group.id)} tabIndex={-1}>
              {group.title} <span className="api-count">{group.operations.length.toLocaleString()}</span>
            </h3>
            {group.description !== undefined && <Prose text={group.description} />}
            <ul className="plain api-list">
              {group.operations.map((operation) => (
                <OperationEntry
                  key={operation.id}
                  id={domId(operation.id)}
                  operation={operation}
                  isOpen={open.includes(operation.id)}
                  onToggle={() => change({ op: toggleInList(search.op, operation.id) })}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {groups.length > 1 && <Contents groups={groups} />}
    </div>
  );
}

function Contents({ groups }: { readonly groups: readonly ApiGroup[] }): ReactNode {
  return (
    <nav className="api-contents" aria-label="Contents of the definition">
      <ul className="plain">
        {groups.map(({ id, title, operations }) => (
          <li key={id}>
            <button
              type="button"
              className="api-contents-link"
              onClick={() => {
                const head = document.getElementById(domId(id));
                head?.scrollIntoView();
                head?.focus({ preventScroll: true });
              }}
            >
              <span>{title}</span>
              <span className="api-count">{operations.length.toLocaleString()}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Facts({ outline }: { readonly outline: ApiOutline }): ReactNode {
  if (outline.facts.length === 0) return null;
  return (
    <dl className="api-facts">
      {outline.facts.map(({ label, values }) => (
        <div key={label}>
          <dt>{label}</dt>
          {values.map((value) => (
            <dd key={value}>
              <code>{value}</code>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

/** Who comes by a URL that names an operation sees it; later nothing scrolls by itself. */
function useScrollToOpened(id: string | undefined): void {
  const first = useRef(id);
  useEffect(() => {
    if (first.current !== undefined) document.getElementById(domId(first.current))?.scrollIntoView();
    first.current = undefined;
  }, []);
}

/** Ids of elements hold no spaces. */
function domId(id: string): string {
  return `api-${encodeURIComponent(id)}`;
}
