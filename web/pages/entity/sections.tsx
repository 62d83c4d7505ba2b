import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import type { EntitySearch, EntityView } from './entity-search.ts';
import { useEntityProblems, useFacts, useRelations } from './use-entity.ts';

/** The parts of the page with what they hold. */
export function Sections({
  parts,
  kind,
  runs,
}: {
  readonly parts: EntityRefParts;
  readonly kind: string;
  /** Whether it may run somewhere that can be seen. */
  readonly runs: boolean;
}): ReactNode {
  const relations = useRelations(parts).data?.total;
  const facts = useFacts(parts).data?.total;
  const problems = useEntityProblems(parts).data?.total;
  return (
    <nav className="sections" aria-label="Parts of this page">
      <Section parts={parts} view="overview" label="Overview" />
      {runs && <Section parts={parts} view="running" label="Running" />}
      <Section parts={parts} view="relations" label="Relations" count={relations} />
      {kind === 'API' && <Section parts={parts} view="definition" label="Definition" />}
      {/* Of people and groups nobody observes anything. */}
      {facts !== 0 && <Section parts={parts} view="facts" label="Facts" count={facts} />}
      <Section parts={parts} view="problems" label="Problems" count={problems} isBad={(problems ?? 0) > 0} />
      <Section parts={parts} view="history" label="History" />
      <Section parts={parts} view="descriptor" label="Descriptor" />
    </nav>
  );
}

function Section({
  parts,
  view,
  label,
  count,
  isBad = false,
}: {
  readonly parts: EntityRefParts;
  readonly view: EntityView;
  readonly label: string;
  readonly count?: number | undefined;
  readonly isBad?: boolean;
}): ReactNode {
  const search: EntitySearch = useSearch({ from: '/catalog/$kind/$namespace/$name' });
  const isOn = (search.view ?? 'overview') === view;
  return (
    <ChoiceLink
      to="/catalog/$kind/$namespace/$name"
      params={parts}
      search={{ view: view === 'overview' ? undefined : view }}
      className="section-link"
      isOn={isOn}
      resetScroll={false}
      replace
    >
      {label}
      {count !== undefined && (
        <span className={isBad ? 'section-count is-bad' : 'section-count'}>{count.toLocaleString()}</span>
      )}
    </ChoiceLink>
  );
}
