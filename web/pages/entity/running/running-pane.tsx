import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import type { RunningCell } from '../../../../src/api/running.ts';
import { Age } from '../../../ui/age.tsx';
import { ChoiceLink } from '../../../ui/choice-link.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { PANES, type RunningPane } from '../entity-search.ts';
import { workloadKey, type PaneProps } from './chosen-cell.ts';
import { EntityFindings } from './entity-findings.tsx';
import { RunningPods } from './running-pods.tsx';
import { useFindings } from './use-findings.ts';

const titles: Readonly<Record<RunningPane, string>> = {
  pods: 'Pods',
  logs: 'Logs',
  events: 'Events',
  yaml: 'YAML',
  diff: 'Diff',
  actions: 'Actions',
};

/** What is not on the first of these is fetched when it is opened. */
const panes = {
  pods: RunningPods,
  logs: lazy(async () => ({ default: (await import('./pane/logs-pane.tsx')).LogsPane })),
  events: lazy(async () => ({ default: (await import('./pane/events-pane.tsx')).EventsPane })),
  yaml: lazy(async () => ({ default: (await import('./pane/manifest-pane.tsx')).ManifestPane })),
  diff: lazy(async () => ({ default: (await import('./pane/diff-pane.tsx')).DiffPane })),
  actions: lazy(async () => ({ default: (await import('./pane/actions-pane.tsx')).ActionsPane })),
};

/** A workload in a cluster: its pods, and what else can be asked about it. */
export function RunningWorkloadPane(props: PaneProps): ReactNode {
  const { workload, cell, search } = props;
  const { pane: chosen = 'pods' } = search;
  const Pane = panes[chosen];
  return (
    <Panel title={`${cell.cluster} · ${workload.name}`} aside={asideText(cell)}>
      {cell.message !== undefined && cell.status !== 'Healthy' && <p className="running-message">{cell.message}</p>}
      {chosen === 'pods' && <WorkloadFindings {...props} />}
      <nav className="tabs tabs-in-panel pane-tabs" aria-label="Of this workload">
        {PANES.map((pane) => (
          <PaneLink key={pane} {...props} pane={pane} isOn={pane === chosen} />
        ))}
      </nav>
      <Suspense fallback={<Skeleton rows={6} label={`Loading ${titles[chosen]}`} />}>
        {/* Another workload is another question: nothing of the one before stays. */}
        <Pane key={`${cell.cluster} ${workloadKey(workload)}`} {...props} />
      </Suspense>
    </Panel>
  );
}

/** What detectors find wrong with the workload in its cluster, with what to do. */
function WorkloadFindings({ workload, cell, parts }: PaneProps): ReactNode {
  const { data, isPrevious } = useFindings(parts);
  if (data === undefined || isPrevious) return null;
  const pods = new Set(cell.failing.map(({ name }) => name));
  const items = data.items.filter(
    ({ cluster, kind, namespace, name }) =>
      cluster === cell.cluster &&
      namespace === workload.namespace &&
      ((kind === workload.kind && name === workload.name) || pods.has(name)),
  );
  return items.length === 0 ? null : <EntityFindings page={{ ...data, items }} parts={parts} />;
}

function PaneLink({
  workload,
  cell,
  parts,
  search,
  pane,
  isOn,
}: PaneProps & { readonly pane: RunningPane; readonly isOn: boolean }): ReactNode {
  const { view, scope, environment, find, state } = search;
  const kept = { view, scope, environment, find, state };
  return (
    <ChoiceLink
      to="/catalog/$kind/$namespace/$name"
      params={parts}
      search={{
        ...kept,
        workload: workloadKey(workload),
        cluster: cell.cluster,
        pane: pane === 'pods' ? undefined : pane,
      }}
      className="tab"
      isOn={isOn}
      resetScroll={false}
    >
      {titles[pane]}
    </ChoiceLink>
  );
}

function asideText({ status, reason, asOf, pods }: RunningCell): ReactNode {
  const words = [status, reason, `${pods} ${pods === 1 ? 'pod' : 'pods'}`]
    .filter((word) => word !== undefined)
    .join(' · ');
  if (asOf === undefined) return words;
  return (
    <>
      {words} · as of <Age at={Date.parse(asOf)} suffix=" ago" />
    </>
  );
}
