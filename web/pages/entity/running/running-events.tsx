import type { ReactNode } from 'react';
import { formatEntityRef, type EntityRefParts } from '../../../../src/model/ref.ts';
import { LatestEvents } from '../../clusters/timeline-strip.tsx';
import { useRunning } from './use-running.ts';

/** What happened last to an entity in the clusters; nothing of what runs in none. */
export function RunningEvents({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const { data, isPrevious } = useRunning(parts);
  if (data === undefined || isPrevious || data.workloads.length === 0) return null;
  return <LatestEvents entity={formatEntityRef(parts)} />;
}
