import type { ReactNode } from 'react';
import type { VerdictItem } from '../../../../src/api/running.ts';
import { HealthMark, versionsOf, whereText } from './health-mark.tsx';
import { VersionText } from './version-text.tsx';

/** Heads of the columns that say how something runs, in a table of parts. */
export function RunningHeads(): ReactNode {
  return (
    <>
      <th scope="col">Health</th>
      <th scope="col">Where</th>
      <th scope="col">Version</th>
    </>
  );
}

/** How one entity does, where, and as which version. */
export function RunningCells({ item }: { readonly item: VerdictItem | undefined }): ReactNode {
  return (
    <>
      <td title={item?.verdict.reason}>{item && <HealthMark status={item.verdict.status} />}</td>
      <td>{item && whereText(item)}</td>
      <td>{item && <VersionText versions={versionsOf(item)} />}</td>
    </>
  );
}
