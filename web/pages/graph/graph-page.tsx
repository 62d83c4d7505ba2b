import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { useLayer } from '../../ui/layers.ts';
import { Empty } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { useShortcut } from '../../ui/shortcuts.ts';
import { EntityPeek } from '../entity/entity-peek.tsx';
import { DependentsView } from './dependents-view.tsx';
import { graphLink, type GraphSearch, type Question, type Twin } from './graph-search.ts';
import { NeighbourhoodView } from './neighbourhood-view.tsx';
import { PathView } from './path-view.tsx';
import { EntityField } from './root-field.tsx';
import { RootPicker } from './root-picker.tsx';

/** The graph of relations: around an entity, what feels its failure, what it needs, and the way to another one. */
export function GraphPage(): ReactNode {
  const search: GraphSearch = useSearch({ from: '/graph' });
  const { root } = search;
  const parts = root === undefined ? undefined : parseEntityRef(root);
  useDocumentTitle(parts ? `Graph of ${parts.name}` : 'Graph');
  if (root === undefined) return <RootPicker />;
  if (!parts) return <NoSuchRoot root={root} />;
  return <RootedGraph root={root} name={parts.name} search={search} />;
}

const VIEWS: readonly (readonly [view: Question | undefined, title: string])[] = [
  [undefined, 'Around it'],
  ['dependents', 'What feels its failure'],
  ['needs', 'What it needs'],
  ['path', 'Way to another'],
];

function RootedGraph({
  root,
  name,
  search,
}: {
  readonly root: string;
  readonly name: string;
  readonly search: GraphSearch;
}): ReactNode {
  const navigate = useNavigate({ from: '/graph' });
  const usual: Twin = useIsNarrow() ? 'table' : 'graph';
  const twin = search.twin ?? usual;
  useShortcut('twin.toggle', () => {
    const next: Twin = twin === 'graph' ? 'table' : 'graph';
    void navigate({
      search: (now: GraphSearch) => ({ ...now, twin: next === usual ? undefined : next }),
      resetScroll: false,
    });
  });
  const peek = useCallback(
    (ref: string | undefined): void => {
      void navigate({ search: (now: GraphSearch) => ({ ...now, peek: ref }), resetScroll: false, replace: true });
    },
    [navigate],
  );
  const shared = { root, search, twin, usual, peek };
  return (
    <div className={search.peek === undefined ? 'graph' : 'graph has-peek'}>
      <div className="graph-main">
        <PageHead
          title={`Graph of ${name}`}
          sub={<EntityLink entityRef={root} />}
          actions={<EntityField label="Another root" submit="Show" choose={(ref) => void navigate(graphLink(ref))} />}
        />
        <nav className="tabs" aria-label="Questions">
          {VIEWS.map(([view, title]) => (
            <ChoiceLink
              key={title}
              from="/graph"
              to="/graph"
              search={(now: GraphSearch) => ({ ...now, view, cursor: undefined })}
              className="tab"
              isOn={search.view === view}
              resetScroll={false}
            >
              {title}
            </ChoiceLink>
          ))}
        </nav>
        {search.view === undefined && <NeighbourhoodView {...shared} />}
        {(search.view === 'dependents' || search.view === 'needs') && <DependentsView root={root} search={search} />}
        {search.view === 'path' && <PathView {...shared} />}
      </div>
      {search.peek !== undefined && (
        <PeekPane key={search.peek} entityRef={search.peek} close={() => peek(undefined)} />
      )}
    </div>
  );
}

function PeekPane({ entityRef, close }: { readonly entityRef: string; readonly close: () => void }): ReactNode {
  const pane = useRef<HTMLDivElement>(null);
  useLayer(true, close);
  useEffect(() => pane.current?.focus({ preventScroll: true }), []);
  return (
    <div ref={pane} className="graph-peek" tabIndex={-1}>
      <EntityPeek entityRef={entityRef} onClose={close} />
    </div>
  );
}

function NoSuchRoot({ root }: { readonly root: string }): ReactNode {
  const navigate = useNavigate();
  return (
    <>
      <PageHead title="Graph" />
      <Empty title={`“${root}” names no entity`}>
        A ref is written <code>kind:namespace/name</code>.
      </Empty>
      <EntityField label="Begin with" submit="Show" choose={(ref) => void navigate(graphLink(ref))} />
    </>
  );
}

const narrow = matchMedia('(width < 768px)');

function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}
