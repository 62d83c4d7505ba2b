import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Failure } from '../../ui/notice.tsx';
import { changeSearch, type CatalogSearch } from './catalog-search.ts';
import { CelField } from './cel-field.tsx';
import { ExplainPanel } from './explain-panel.tsx';
import { TokenField } from './token-field.tsx';
import type { ChangeSearch } from './use-search-draft.ts';

const CONDITION_CODES = new Set(['EXPRESSION_INVALID', 'QUERY_TOO_EXPENSIVE']);

/** True where it is the condition that the server cannot answer: told at the field, not as a failure of the page. */
export function isConditionWrong(failure: Failure | undefined): boolean {
  return failure !== undefined && CONDITION_CODES.has(failure.code);
}

/** Filters and words, or a condition in CEL beside the chosen filters. */
export function FilterBar({
  search,
  change,
  failure,
}: {
  readonly search: CatalogSearch;
  readonly change: ChangeSearch;
  readonly failure: Failure | undefined;
}): ReactNode {
  const [isExplained, setIsExplained] = useState(false);
  const isCel = search.where !== undefined;
  return (
    <>
      <div className="filter-bar">
        {isCel ? (
          <CelField
            written={search.where}
            commit={(where) => change((now) => changeSearch(now, { where }), true)}
            failure={isConditionWrong(failure) ? failure : undefined}
          />
        ) : (
          <TokenField search={search} change={change} />
        )}
        {isCel && (
          <button
            type="button"
            className="button"
            aria-expanded={isExplained}
            onClick={() => setIsExplained(!isExplained)}
          >
            Explain
          </button>
        )}
        <fieldset className="segments">
          <legend className="visually-hidden">What the field holds</legend>
          <ModeButton
            isOn={!isCel}
            label="Filters"
            choose={() => change((now) => changeSearch(now, { where: undefined }))}
          />
          <ModeButton isOn={isCel} label="CEL" choose={() => change((now) => changeSearch(now, { where: '' }))} />
        </fieldset>
      </div>
      {isCel && isExplained && !isConditionWrong(failure) && <ExplainPanel search={search} />}
    </>
  );
}

function ModeButton({
  isOn,
  label,
  choose,
}: {
  readonly isOn: boolean;
  readonly label: string;
  readonly choose: () => void;
}): ReactNode {
  return (
    <button type="button" className="segment" aria-pressed={isOn} onClick={() => !isOn && choose()}>
      {label}
    </button>
  );
}
