import type { ReactNode } from 'react';
import { Mark } from '../../ui/mark.tsx';
import { countText } from './count-text.ts';
import type { Trouble } from './worst-first.ts';

/** How much is wrong, as a mark; for nothing wrong a word that only who listens hears. */
export function TroubleMark({ trouble }: { readonly trouble: Trouble | undefined }): ReactNode {
  if (trouble === undefined || trouble.errors + trouble.warnings === 0) {
    return <span className="visually-hidden">no problem known</span>;
  }
  const { errors, warnings } = trouble;
  if (errors === 0) return <Mark state="warning">{countText(warnings, 'warning')}</Mark>;
  return (
    <Mark state="degraded">
      {countText(errors, 'error')}
      {warnings > 0 && `, ${countText(warnings, 'warning')}`}
    </Mark>
  );
}
