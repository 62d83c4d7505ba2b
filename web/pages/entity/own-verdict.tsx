import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { isClaimed, mayRun, useRunning } from './running/use-running.ts';
import { Verdict } from './verdict.tsx';

interface OwnVerdictProps {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
  /** Web address of its file, for links to commits. */
  readonly page: string | undefined;
}

/** The verdict of an entity that holds no others: how it runs, where that can be asked, and what the catalog says of it. */
export function OwnVerdict({ entity, ...verdict }: OwnVerdictProps): ReactNode {
  const isSeen = isAble(useUi().data, 'fleet.object.read');
  return isSeen && mayRun(entity) ? <RunningVerdict {...verdict} entity={entity} /> : <Verdict {...verdict} />;
}

function RunningVerdict({ entity, ...verdict }: OwnVerdictProps): ReactNode {
  const { data, failure, isPrevious } = useRunning(verdict.parts);
  const answer = isPrevious ? undefined : data;
  return <Verdict {...verdict} running={{ answer, failure, isClaimed: isClaimed(entity) }} />;
}
