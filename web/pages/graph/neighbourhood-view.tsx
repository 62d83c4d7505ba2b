import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { Neighbourhood } from '../../../src/api/neighbourhood.ts';
import { usePageActions, type PageAction } from '../../palette/actions.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { parseList } from '../../url/search-codec.ts';
import { ExportMenu } from './export-menu.tsx';
import { GraphFailure } from './graph-failure.tsx';
import { GraphPicture } from './graph-picture.tsx';
import { toggleOpen, togglePin, withRoot, type GraphSearch, type Twin } from './graph-search.ts';
import { GraphTable } from './graph-table.tsx';
import { NeighbourhoodChoices, TwinChoice } from './graph-toolbar.tsx';
import { Inspector, type InspectorActions } from './inspector.tsx';
import { Legend } from './legend.tsx';
import { OpenedChips } from './opened-chips.tsx';
import { hiddenCount, sceneOf, type Box, type Scene } from './scene.ts';
import { useNeighbourhood } from './use-graph.ts';
import { useLayout } from './use-layout.ts';

/** What stands around the root: drawn, as a table, or both. */
export function NeighbourhoodView({
  root,
  search,
  twin,
  usual,
  peek,
}: {
  readonly root: string;
  readonly search: GraphSearch;
  readonly twin: Twin;
  readonly usual: Twin;
  readonly peek: (ref: string | undefined) => void;
}): ReactNode {
  const answer = useNeighbourhood(root, search);
  const { data } = answer;
  const pins = search.pin;
  const scene = useMemo(() => data && sceneOf(data, parseList(pins)), [data, pins]);
  const [selected, setSelected] = useState<string>();
  const [anchor, setAnchor] = useState<string>();
  const { shown, hasFailed } = useLayout(scene, anchor);
  const actions = useBoxActions(search, setAnchor, peek);
  const atHand = scene?.boxes.find(({ id }) => id === selected) ?? scene?.boxes[0];
  useActionsOf(atHand, actions);
  const reverses = new Map(data?.relations.map(({ type, reverse }) => [type, reverse]));
  const isOld = answer.isPrevious || answer.failure !== undefined;
  return (
    <>
      <div className="graph-toolbar">
        <NeighbourhoodChoices search={search} />
      </div>
      {answer.failure && <GraphFailure failure={answer.failure} root={root} retryKey={answer.key} />}
      {!data && answer.isLoading && <Skeleton rows={10} label="Loading the graph" />}
      {data && scene && (
        <div className={isOld ? 'graph-body is-old' : 'graph-body'} aria-busy={answer.isLoading}>
          <div className="graph-told">
            <Told answer={data} twin={twin} />
            <span className="graph-toolbar-end">
              <TwinChoice twin={twin} usual={usual} />
              <ExportMenu name={fileName(root)} laidOut={shown} answer={data} />
            </span>
          </div>
          <OpenedChips search={search} />
          {twin !== 'table' && (
            <div className="graph-columns">
              {hasFailed ? (
                <p className="panel-empty">
                  The picture could not be laid out in this browser; the table has the same.
                </p>
              ) : (
                <GraphPicture
                  laidOut={shown}
                  picture={data.root}
                  label={`Graph around ${scene.boxes[0]?.title ?? root}: ${scene.boxes.length} boxes, ${scene.lines.length} lines`}
                  selected={selected}
                  select={setSelected}
                  actions={actions}
                />
              )}
              <aside className="graph-side">
                {atHand && (
                  <Inspector
                    box={atHand}
                    scene={scene}
                    reverseOf={(type) => reverses.get(type) ?? type}
                    actions={actions}
                  />
                )}
                <Legend search={search} relations={data.relations} />
              </aside>
            </div>
          )}
          {(twin !== 'graph' || hasFailed) && <TableTwin scene={scene} actions={actions} />}
          {twin === 'table' && <Legend search={search} relations={data.relations} />}
        </div>
      )}
    </>
  );
}

function TableTwin({ scene, actions }: { readonly scene: Scene; readonly actions: InspectorActions }): ReactNode {
  return (
    <GraphTable
      scene={scene}
      open={(box) => {
        const label = actions.openLabel(box);
        return label === undefined ? undefined : { label, run: () => actions.toggleOpen(box.id) };
      }}
    />
  );
}

/** How much is shown, and that not everything is. */
function Told({ answer, twin }: { readonly answer: Neighbourhood; readonly twin: Twin }): ReactNode {
  const navigate = useNavigate({ from: '/graph' });
  const { nodes, groups, relations, complete } = answer;
  const shown = relations.reduce((sum, relation) => sum + relation.shown, 0);
  const hidden = relations.reduce((sum, relation) => sum + relation.hidden, 0);
  const parts = [
    plural(nodes.length, 'entity', 'entities'),
    groups.length > 0 ? plural(groups.length, 'group', 'groups') : '',
    plural(shown, 'edge', 'edges'),
  ];
  return (
    <>
      <output>
        {parts.filter(Boolean).join(', ')}
        {hidden > 0 && ` · ${plural(hidden, 'edge', 'edges')} hidden`}
        {!complete && ' · too many entities to fold them all; the rest is among the hidden'}
      </output>
      {hidden > 0 && twin === 'graph' && (
        <button
          type="button"
          className="button button-small"
          onClick={() =>
            void navigate({ search: (now: GraphSearch) => ({ ...now, twin: 'both' }), resetScroll: false })
          }
        >
          See where
        </button>
      )}
    </>
  );
}

function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/** What every part of the view can do with a box. */
export interface ViewActions extends InspectorActions {
  readonly makeRoot: (ref: string) => void;
}

function useBoxActions(search: GraphSearch, setAnchor: (id: string) => void, peek: (ref: string) => void): ViewActions {
  const navigate = useNavigate({ from: '/graph' });
  return useMemo(() => {
    const go = (change: (now: GraphSearch) => GraphSearch): void => {
      void navigate({ search: change, resetScroll: false });
    };
    const opened = parseList(search.open);
    const depth = Number(search.depth ?? '1');
    return {
      peek,
      makeRoot: (ref) => go((now) => withRoot(now, ref)),
      togglePin: (ref) => go((now) => togglePin(now, ref)),
      toggleOpen: (id) => {
        setAnchor(id);
        go((now) => toggleOpen(now, id));
      },
      openLabel: ({ id, entity, group }) => {
        if (group) return 'Show one by one';
        if (!entity) return undefined;
        if (opened.includes(id)) return 'Close';
        const isAtRim = entity.distance !== undefined && entity.distance >= depth;
        const hidden = hiddenCount(entity);
        return isAtRim && hidden > 0 ? `Show ${hidden.toLocaleString()} more` : undefined;
      },
    };
  }, [navigate, search.open, search.depth, setAnchor, peek]);
}

/** The same under `.` and in the palette. */
function useActionsOf(box: Box | undefined, actions: ViewActions): void {
  const list = useMemo((): readonly PageAction[] => {
    if (!box) return [];
    const { entity, id, isRoot, isPinned } = box;
    const openLabel = actions.openLabel(box);
    const opening: PageAction[] =
      openLabel === undefined
        ? []
        : [
            {
              id: 'graph.open',
              title: openLabel === 'Close' ? 'Close its neighbours' : openLabel,
              run: () => actions.toggleOpen(id),
            },
          ];
    if (!entity) return opening;
    const others: PageAction[] = [
      { id: 'graph.root', title: 'Make it the root of the graph', run: () => actions.makeRoot(entity.ref) },
      {
        id: 'graph.pin',
        title: isPinned ? 'Unpin it from the graph' : 'Pin it in the graph',
        run: () => actions.togglePin(entity.ref),
      },
    ];
    return [
      { id: 'graph.peek', title: 'Look at it beside the graph', keys: 'o', run: () => actions.peek(entity.ref) },
      ...opening,
      ...(isRoot ? [] : others),
    ];
  }, [box, actions]);
  usePageActions(list, box?.title);
}

function fileName(root: string): string {
  return `graph-${root.replace(/[^a-z0-9.-]+/g, '-')}`;
}
