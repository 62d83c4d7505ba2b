import type { ReactNode } from 'react';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark } from '../../ui/mark.tsx';
import { countText } from './count-text.ts';
import { relationText } from './relation-text.ts';
import type { PageOf, RelationData } from './use-entity.ts';

const SHOWN = 5;

/** What is declared and is not there: refs that lead nowhere, each with the relation that names it. */
export function MissingTargets({
  page,
  kind,
}: {
  readonly page: PageOf<RelationData>;
  readonly kind: string;
}): ReactNode {
  const missing = page.items.filter(({ exists }) => !exists);
  if (missing.length === 0) return null;
  return (
    <p className="missing-targets">
      <Mark state="warning">{countText(missing.length, 'declared target')} not in the catalog</Mark>
      {missing.slice(0, SHOWN).map(({ type, targetRef }) => (
        <span key={`${type} ${targetRef}`}>
          <span className="faint">{relationText(type, kind)}</span> <EntityLink entityRef={targetRef} exists={false} />
        </span>
      ))}
      {missing.length > SHOWN && <span className="faint">and {missing.length - SHOWN} more</span>}
    </p>
  );
}
