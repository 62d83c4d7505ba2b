import type { ReactNode } from 'react';
import { claimRuleWords } from '../../../../src/api/claim-rules.ts';
import type { Running } from '../../../../src/api/running.ts';
import type { EntityRefParts } from '../../../../src/model/ref.ts';
import { resources } from '../../../data/session.ts';
import { FailureNotice } from '../../../ui/notice.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { EntitySearch } from '../entity-search.ts';
import { chosenCell } from './chosen-cell.ts';
import { RunningBar } from './running-bar.tsx';
import { filterRunning } from './running-filter.ts';
import { RunningMatrix } from './running-matrix.tsx';
import { RunningWorkloadPane } from './running-pane.tsx';
import { useRunning } from './use-running.ts';

/** Where an entity runs: each workload in each cluster, the worst first, and the pods of the one that is chosen. */
export function RunningView({
  parts,
  search,
}: {
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const running = useRunning(parts);
  const { data, failure } = running;
  if (data === undefined || running.isPrevious) {
    if (failure) return <FailureNotice failure={failure} onRetry={() => resources.repeat(running.key)} />;
    return <Skeleton rows={6} label="Looking where it runs" />;
  }
  if (data.workloads.length === 0) return <NotRunning running={data} parts={parts} />;
  const shown = filterRunning(data, search);
  const chosen = chosenCell(shown, search);
  return (
    <div className="running">
      <Panel title="Workloads by cluster" aside={lookedText(data)}>
        <RunningBar running={data} shown={shown.clusters.length} parts={parts} search={search} />
        {shown.workloads.length === 0 ? (
          <p className="panel-empty">No cluster of this choice.</p>
        ) : (
          <RunningMatrix running={shown} search={search} parts={parts} chosen={chosen?.cell} />
        )}
        {data.rule !== undefined && <p className="panel-foot">Found by {claimRuleWords[data.rule]}.</p>}
      </Panel>
      {chosen && <RunningWorkloadPane {...chosen} parts={parts} search={search} />}
      {data.images.length > 1 && <Images running={data} />}
    </div>
  );
}

function lookedText({ looked, incomplete }: Running): string {
  const clusters = looked === 1 ? '1 cluster' : `${looked} clusters`;
  return incomplete.length === 0 ? clusters : `${clusters}, ${incomplete.length} not read as of now`;
}

function Images({ running }: { readonly running: Running }): ReactNode {
  return (
    <Panel title="Images" aside={`${running.images.length}`}>
      <ul className="running-images">
        {running.images.map(({ image, clusters }) => (
          <li key={image}>
            <code>{image}</code> <span className="faint">{clusters.join(', ')}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function NotRunning({ running, parts }: { readonly running: Running; readonly parts: EntityRefParts }): ReactNode {
  const { looked, incomplete } = running;
  return (
    <Panel title="Workloads by cluster" aside={lookedText(running)}>
      <p className="panel-empty">
        {looked === 0
          ? 'No cluster is connected, or none that you may see.'
          : `No workload of this entity was found${incomplete.length > 0 ? '; not every cluster could be read' : ''}.`}
      </p>
      {looked > 0 && (
        <p className="panel-foot">
          A workload is said to be its own by the label <code>backstage.io/kubernetes-id: {parts.name}</code> and the
          same annotation here, by the annotation <code>backstage.io/kubernetes-label-selector</code>, or by the label{' '}
          <code>app.kubernetes.io/name: {parts.name}</code>.
        </p>
      )}
    </Panel>
  );
}
