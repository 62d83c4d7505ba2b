import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { DiffHunk, ManifestDiff } from '../../../../../src/api/acting.ts';
import { api, resources } from '../../../../data/session.ts';
import { useResource } from '../../../../data/use-resource.ts';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import type { EntitySearch } from '../../entity-search.ts';
import type { PaneProps } from '../chosen-cell.ts';
import { imageTag } from '../running-words.ts';
import { type DiffRow, pairedRows, unifiedRows } from './diff-rows.ts';
import { PaneFailure } from './pane-failure.tsx';

/** How a workload differs between two clusters, read as who looks. */
export function DiffPane(props: PaneProps): ReactNode {
  const { workload, cell, parts, search } = props;
  const navigate = useNavigate();
  const others = workload.cells.filter(({ cluster }) => cluster !== cell.cluster);
  const other = others.find(({ cluster }) => cluster === search.with) ?? firstOther(props);
  if (other === undefined)
    return <p className="panel-empty">{workload.name} runs in no other cluster that you may see.</p>;
  const change = (changed: Partial<EntitySearch>): void =>
    void navigate({
      to: '/catalog/$kind/$namespace/$name',
      params: parts,
      search: { ...search, ...changed },
      replace: true,
      resetScroll: false,
    });
  const isBeside = search.beside === 'true';
  return (
    <>
      <div className="pane-bar">
        <label className="labelled">
          {cell.cluster} compared with{' '}
          <select className="select" value={other.cluster} onChange={(event) => change({ with: event.target.value })}>
            {others.map(({ cluster, images: [image] }) => (
              <option key={cluster} value={cluster}>
                {image === undefined ? cluster : `${cluster} · ${imageTag(image)}`}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="button button-small logs-toggle"
          aria-pressed={isBeside}
          onClick={() => change({ beside: isBeside ? undefined : 'true' })}
        >
          Side by side
        </button>
      </div>
      <Difference {...props} other={other.cluster} isBeside={isBeside} />
    </>
  );
}

/** One that runs another image, where there is one: that is what is compared most. */
function firstOther({ workload, cell }: PaneProps): PaneProps['cell'] | undefined {
  const others = workload.cells.filter(({ cluster }) => cluster !== cell.cluster);
  return others.find(({ images }) => images.join(' ') !== cell.images.join(' ')) ?? others[0];
}

function Difference({
  workload,
  cell,
  other,
  isBeside,
}: PaneProps & { readonly other: string; readonly isBeside: boolean }): ReactNode {
  const { kind, namespace, name } = workload;
  const query = { kind, ...(namespace !== undefined && { namespace }), name, cluster: [cell.cluster, other] };
  const key = `diff ${JSON.stringify(query)}`;
  const { data, failure, isPrevious } = useResource<ManifestDiff>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/diff', { query, signal }),
    isAffected: () => false,
  });
  if (failure) return <PaneFailure failure={failure} cluster={other} onRetry={() => resources.repeat(key)} />;
  if (data === undefined || isPrevious) return <Skeleton rows={8} label="Comparing" />;
  if (data.same)
    return <p className="panel-empty">The same in both, apart from status and what each cluster fills in by itself.</p>;
  return (
    <figure className="diff">
      <figcaption className="pane-aside">
        − {cell.cluster} · + {other} · read as <code>{data.asUser}</code>
      </figcaption>
      {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className="diff-frame" tabIndex={0} aria-label={`${cell.cluster} compared with ${other}`}>
        {data.hunks.map((hunk) => (
          <Hunk key={hunk.leftStart} hunk={hunk} isBeside={isBeside} />
        ))}
      </section>
    </figure>
  );
}

const words = { ' ': '', '+': 'added: ', '-': 'removed: ', '~': 'changed: ' } as const;

function Hunk({ hunk, isBeside }: { readonly hunk: DiffHunk; readonly isBeside: boolean }): ReactNode {
  const rows = isBeside ? pairedRows(hunk) : unifiedRows(hunk);
  return (
    <div className={isBeside ? 'diff-hunk diff-beside' : 'diff-hunk'}>
      {rows.map((row) =>
        isBeside ? (
          <div key={`${row.leftAt} ${row.rightAt}`} className="diff-pair">
            <Side row={row} side="left" />
            <Side row={row} side="right" />
          </div>
        ) : (
          <Side key={`${row.leftAt} ${row.rightAt}`} row={row} side={row.op === '+' ? 'right' : 'left'} />
        ),
      )}
    </div>
  );
}

function Side({ row, side }: { readonly row: DiffRow; readonly side: 'left' | 'right' }): ReactNode {
  const text = row[side];
  const isOwn = row.op === '~' || row.op === (side === 'left' ? '-' : '+');
  const sign = !isOwn || text === undefined ? ' ' : side === 'left' ? '-' : '+';
  const kind = sign === ' ' ? '' : sign === '-' ? ' diff-removed' : ' diff-added';
  return (
    <code className={`diff-line${kind}`}>
      <span className="diff-number">{side === 'left' ? row.leftAt : row.rightAt}</span>
      <span className="diff-sign" aria-hidden="true">
        {sign}
      </span>
      <span>
        {sign !== ' ' && <span className="visually-hidden">{words[sign]}</span>}
        {text ?? ''}
      </span>
    </code>
  );
}
