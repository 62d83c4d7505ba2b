import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ProblemList } from '../problems/problem-list.tsx';
import { useEntityProblems } from './use-entity.ts';

/** What is wrong with this entity's descriptor, and what to do about it. */
export function EntityProblemsView({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const problems = useEntityProblems(parts);
  return (
    <Panel title="Problems" aside={problems.data && `${problems.data.total}`}>
      {problems.failure && <FailureNotice failure={problems.failure} />}
      {!problems.data && !problems.failure && <Skeleton rows={3} label="Loading the problems" />}
      {problems.data?.items.length === 0 && <p className="panel-empty">None is known.</p>}
      {problems.data && problems.data.items.length > 0 && <ProblemList problems={problems.data.items} />}
    </Panel>
  );
}
