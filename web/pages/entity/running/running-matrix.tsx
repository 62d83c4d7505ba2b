import { useNavigate, useRouter } from '@tanstack/react-router';
import { memo, useCallback } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import type { Running, RunningCell, RunningWorkload } from '../../../../src/api/running.ts';
import type { EntityRefParts } from '../../../../src/model/ref.ts';
import { ChoiceLink } from '../../../ui/choice-link.tsx';
import { Mark } from '../../../ui/mark.tsx';
import { stringifySearch } from '../../../url/search-codec.ts';
import type { EntitySearch } from '../entity-search.ts';
import { workloadKey } from './chosen-cell.ts';
import { matrixColumns, type MatrixColumn } from './matrix-columns.ts';
import { oddClusters } from './running-filter.ts';
import { healthMarks, imageTag, readyText } from './running-words.ts';

/** What is no longer meant where another cell is chosen. */
const FORGOTTEN = { pod: undefined, previous: undefined, line: undefined, with: undefined } as const;

/** Workloads by clusters: a cell says how one does in the other, and is chosen by a click. */
export function RunningMatrix({
  running,
  search,
  parts,
  chosen,
}: {
  readonly running: Running;
  readonly search: EntitySearch;
  readonly parts: EntityRefParts;
  readonly chosen: RunningCell | undefined;
}): ReactNode {
  const columns = matrixColumns(running, search.scope === 'all');
  const choice = useChoice(parts, search);
  return (
    <div className="table-frame running-frame">
      <table className="table running-matrix">
        <caption className="visually-hidden">Health of each workload in each cluster</caption>
        <thead>
          <tr>
            <th scope="col">Workload</th>
            {columns.map((column) => (
              <th key={column.title} scope="col">
                <ColumnTitle column={column} parts={parts} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {running.workloads.map((workload) => (
            <Row
              key={workloadKey(workload)}
              workload={workload}
              columns={columns}
              odd={oddClusters(workload, running.clusters)}
              chosen={chosen}
              {...choice}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Choice {
  /** Where a cell leads to. */
  readonly hrefOf: (workload: string, cluster: string) => string;
  /** Goes there without loading the page. The same as long as the page is. */
  readonly choose: (workload: string, cluster: string) => void;
}

/** A router's link for each of 1,500 cells would be worked out anew with each choice: a tenth of a second. */
function useChoice(parts: EntityRefParts, search: EntitySearch): Choice {
  const router = useRouter();
  const navigate = useNavigate();
  const path = router.buildLocation({ to: '/catalog/$kind/$namespace/$name', params: parts }).href;
  const choose = useCallback(
    (workload: string, cluster: string) =>
      void navigate({
        to: '.',
        search: (before) => ({ ...before, ...FORGOTTEN, workload, cluster }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const hrefOf = (workload: string, cluster: string): string =>
    `${path}${stringifySearch({ ...search, ...FORGOTTEN, workload, cluster })}`;
  return { hrefOf, choose };
}

function ColumnTitle({ column, parts }: { readonly column: MatrixColumn; readonly parts: EntityRefParts }): ReactNode {
  if (column.clusters.length === 1) return column.title;
  return (
    <ChoiceLink
      to="/catalog/$kind/$namespace/$name"
      params={parts}
      search={{ view: 'running', scope: 'all' }}
      isOn={false}
      resetScroll={false}
      replace
    >
      {column.title}
    </ChoiceLink>
  );
}

function Row({
  workload,
  columns,
  odd,
  chosen,
  hrefOf,
  choose,
}: {
  readonly workload: RunningWorkload;
  readonly columns: readonly MatrixColumn[];
  /** Clusters that run another version than most. */
  readonly odd: ReadonlySet<string>;
  readonly chosen: RunningCell | undefined;
} & Choice): ReactNode {
  const byCluster = new Map(workload.cells.map((cell) => [cell.cluster, cell]));
  return (
    <tr>
      <th scope="row">
        {workload.name} <span className="faint">{workload.kind}</span>
      </th>
      {columns.map(({ title, clusters }) => {
        const cells = clusters.flatMap((cluster) => byCluster.get(cluster) ?? []);
        const [first] = cells;
        return (
          <td key={title}>
            {cells.length > 1 && <FoldedCell cells={cells} />}
            {cells.length === 1 && first !== undefined && (
              <OneCell
                href={hrefOf(workloadKey(workload), first.cluster)}
                workload={workloadKey(workload)}
                cluster={first.cluster}
                words={`${workload.name} in ${first.cluster}: ${cellWords(first)}, `}
                status={first.status}
                ready={readyText(first)}
                tag={first.images.slice(0, 1).map(imageTag)[0]}
                isOdd={odd.has(first.cluster)}
                isOn={first === chosen}
                choose={choose}
              />
            )}
          </td>
        );
      })}
    </tr>
  );
}

function cellWords({ status, reason }: RunningCell): string {
  return reason === undefined ? status : `${status}, ${reason}`;
}

interface OneCellProps extends Pick<Choice, 'choose'> {
  readonly href: string;
  readonly workload: string;
  readonly cluster: string;
  readonly words: string;
  readonly status: RunningCell['status'];
  readonly ready: string;
  readonly tag: string | undefined;
  readonly isOdd: boolean;
  readonly isOn: boolean;
}

/** Drawn anew only where what it says is another. */
const OneCell = memo(function OneCell(props: OneCellProps): ReactNode {
  const { href, workload, cluster, words, status, ready, tag, isOdd, isOn, choose } = props;
  const click = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    choose(workload, cluster);
  };
  return (
    <a
      href={href}
      onClick={click}
      className={`running-cell running-${status.toLowerCase()}`}
      aria-current={isOn ? 'true' : undefined}
    >
      <Mark state={healthMarks[status]}>
        <span className="visually-hidden">{words}</span>
        {ready}
      </Mark>
      {tag !== undefined && (
        <code className={isOdd ? 'running-odd' : undefined} title={isOdd ? 'Another version than most' : undefined}>
          {isOdd && <span className="visually-hidden">another version: </span>}
          {isOdd && <span aria-hidden="true">≠ </span>}
          {tag}
        </code>
      )}
    </a>
  );
});

/** Several clusters that are healthy, as one. */
function FoldedCell({ cells }: { readonly cells: readonly RunningCell[] }): ReactNode {
  const sum = (field: 'ready' | 'desired'): number => cells.reduce((total, cell) => total + (cell[field] ?? 0), 0);
  const tags = new Set(cells.flatMap(({ images }) => images.slice(0, 1).map(imageTag)));
  const [tag] = tags;
  return (
    <span className="running-cell running-healthy">
      <Mark state="healthy">{`${sum('ready')}/${sum('desired')}`}</Mark>
      {tag !== undefined && <code>{tags.size === 1 ? tag : `${tags.size} versions`}</code>}
    </span>
  );
}
