import type { ReactNode } from 'react';
import type { Running } from '../../../../src/api/running.ts';
import type { RenderedEntity } from '../../../../src/model/entity.ts';
import type { EntityRefParts } from '../../../../src/model/ref.ts';
import { resources } from '../../../data/session.ts';
import { Mark } from '../../../ui/mark.tsx';
import { FailureNotice } from '../../../ui/notice.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { countText } from '../count-text.ts';
import { EntityFindings } from './entity-findings.tsx';
import { healthMarks } from './running-words.ts';
import { useFindings } from './use-findings.ts';
import { isClaimed, useRunning } from './use-running.ts';
import { WhereStrip } from './where-strip.tsx';

/** How an entity runs, on its first screen: where, as which versions, and what is wrong with it. */
export function RunningOverview({
  entity,
  parts,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
}): ReactNode {
  const running = useRunning(parts);
  const findings = useFindings(parts);
  const data = running.isPrevious ? undefined : running.data;
  const failure = running.failure ?? findings.failure;
  const failed = running.failure ? running : findings;
  return (
    <>
      {failure && <FailureNotice failure={failure} onRetry={() => resources.repeat(failed.key)} />}
      {data && data.workloads.length > 0 && <WhereStrip running={data} parts={parts} />}
      {data && data.workloads.length === 0 && isClaimed(entity) && <RunsNowhere running={data} entity={entity} />}
      {findings.data && !findings.isPrevious && <EntityFindings page={findings.data} parts={parts} />}
    </>
  );
}

/** The annotations by which an entity says what runs for it. */
const CLAIMS = ['backstage.io/kubernetes-label-selector', 'backstage.io/kubernetes-id', 'argocd/app-name'];

/** It says that something runs for it, and nothing does: what is declared and what is there have come apart. */
function RunsNowhere({
  running: { looked, verdict },
  entity,
}: {
  readonly running: Running;
  readonly entity: RenderedEntity;
}): ReactNode {
  if (looked === 0) return null;
  const { annotations = {} } = entity.metadata;
  const claim = CLAIMS.find((key) => annotations[key] !== undefined) ?? 'backstage.io/kubernetes-namespace';
  return (
    <Panel title="Declared, but not seen to run">
      <div className="runs-nowhere">
        <p>
          <Mark state={healthMarks[verdict.status]}>{verdict.status}</Mark> Nothing in {countText(looked, 'cluster')} is
          what its descriptor names by{' '}
          <code>
            {claim}: {annotations[claim]}
          </code>
          .
        </p>
        <p className="finding-fix">
          {verdict.message !== undefined && `${verdict.message} `}
          If it is gone, its descriptor can go too; if it runs, its workloads lack what the annotation names.
        </p>
      </div>
    </Panel>
  );
}
