import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { GraphPaths } from '../../../src/api/neighbourhood.ts';
import { relationWords } from '../../../src/model/graph-text.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { GraphFailure } from './graph-failure.tsx';
import { GraphPicture } from './graph-picture.tsx';
import { withRoot, type GraphSearch, type Twin } from './graph-search.ts';
import { TwinChoice } from './graph-toolbar.tsx';
import { EntityField } from './root-field.tsx';
import { pathScene } from './scene.ts';
import { usePaths } from './use-graph.ts';
import { useLayout } from './use-layout.ts';

/** How two entities hang together: the shortest ways, drawn and in words. */
export function PathView({
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
  const navigate = useNavigate({ from: '/graph' });
  const { to } = search;
  return (
    <>
      <div className="graph-toolbar">
        <EntityField
          label="Way to"
          submit="Find"
          choose={(ref) => void navigate({ search: (now: GraphSearch) => ({ ...now, to: ref }), resetScroll: false })}
        />
        {to !== undefined && (
          <span className="graph-toolbar-end">
            <button
              type="button"
              className="button"
              onClick={() => void navigate({ search: (now: GraphSearch) => ({ ...withRoot(now, to), to: root }) })}
            >
              Swap ends
            </button>
            <TwinChoice twin={twin} usual={usual} />
          </span>
        )}
      </div>
      {to === undefined ? (
        <p className="panel-empty">
          Choose the other end. Owners and groups are not taken as ways: they tie everything together.
        </p>
      ) : (
        <Ways root={root} to={to} search={search} twin={twin} peek={peek} />
      )}
    </>
  );
}

function Ways({
  root,
  to,
  search,
  twin,
  peek,
}: {
  readonly root: string;
  readonly to: string;
  readonly search: GraphSearch;
  readonly twin: Twin;
  readonly peek: (ref: string | undefined) => void;
}): ReactNode {
  const navigate = useNavigate({ from: '/graph' });
  const answer = usePaths(root, to, search);
  const { data, failure } = answer;
  const scene = useMemo(() => (data?.outcome === 'found' ? pathScene(data, root) : undefined), [data, root]);
  const { shown, hasFailed } = useLayout(scene, undefined);
  const [selected, setSelected] = useState<string>();
  const actions = useMemo(
    () => ({
      peek,
      makeRoot: (ref: string) => void navigate({ search: (now: GraphSearch) => withRoot(now, ref) }),
      toggleOpen: () => undefined,
      openLabel: () => undefined,
    }),
    [navigate, peek],
  );
  if (!data) {
    if (failure) return <GraphFailure failure={failure} root={root} retryKey={answer.key} />;
    return <Skeleton rows={6} label="Looking for ways" />;
  }
  return (
    <div className={answer.isPrevious ? 'stack is-old' : 'stack'} aria-busy={answer.isLoading}>
      {failure && <GraphFailure failure={failure} root={root} retryKey={answer.key} />}
      <p className="graph-sentence">
        <output>{outcomeText(data)}</output>
      </p>
      {scene && twin !== 'table' && !hasFailed && (
        <GraphPicture
          laidOut={shown}
          picture={`${root} ${to}`}
          label={`Ways from ${root} to ${to}`}
          selected={selected}
          select={setSelected}
          actions={actions}
        />
      )}
      {data.paths.map((path, at) => (
        <Panel
          key={path.map((edge) => `${edge.from} ${edge.to}`).join()}
          title={`Way ${at + 1}`}
          aside={edgeCount(path.length)}
        >
          <ol className="plain graph-way">
            {path.map((edge) => (
              <li key={`${edge.from} ${edge.type} ${edge.to}`}>
                <EntityLink entityRef={edge.from} /> <span className="faint">{relationWords(edge.type)}</span>{' '}
                <EntityLink entityRef={edge.to} />
              </li>
            ))}
          </ol>
        </Panel>
      ))}
    </div>
  );
}

function outcomeText({ outcome, paths, more, visited }: GraphPaths): string {
  if (outcome === 'none') return 'No way leads from one to the other.';
  if (outcome === 'gave-up') {
    return `No way was found among the ${visited.toLocaleString()} nearest entities. There may be a longer one.`;
  }
  const edges = paths[0]?.length ?? 0;
  if (edges === 0) return 'The two are the same entity.';
  const count = more ? `More than ${paths.length} ways` : paths.length === 1 ? 'One way' : `${paths.length} ways`;
  return `${count} of ${edgeCount(edges)}${paths.length > 1 ? ' each' : ''}; none is shorter.`;
}

function edgeCount(count: number): string {
  return `${count} ${count === 1 ? 'edge' : 'edges'}`;
}
