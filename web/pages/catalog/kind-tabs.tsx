import { ChoiceLink } from '../../ui/choice-link.tsx';
import type { ReactNode } from 'react';
import { valuesOf, withValues, type CatalogSearch } from './catalog-search.ts';
import { useKindCounts } from './use-catalog.ts';

/** One tab a kind, with its count under the other filters; the chosen kind stays even when nothing of it is left. */
export function KindTabs({ search }: { readonly search: CatalogSearch }): ReactNode {
  const { data } = useKindCounts(search);
  const counted = data?.values ?? [];
  const chosen = valuesOf(search, 'kind').map((kind) => kind.toLowerCase());
  const isExcluding = valuesOf(search, 'kind', true).length > 0;
  const missing = chosen.filter((kind) => !counted.some(({ value }) => value.toLowerCase() === kind));
  const kinds = [...counted, ...missing.map((value) => ({ value, count: 0 }))];
  const sum = counted.reduce((total, { count }) => total + count, 0);
  return (
    <nav className="tabs" aria-label="Kinds">
      <KindTab label="All" count={data && sum} kind={undefined} isOn={chosen.length === 0 && !isExcluding} />
      {kinds.map(({ value, count }) => {
        const kind = value.toLowerCase();
        return <KindTab key={value} label={value} count={count} kind={kind} isOn={chosen.includes(kind)} />;
      })}
    </nav>
  );
}

function KindTab({
  label,
  count,
  kind,
  isOn,
}: {
  readonly label: string;
  readonly count: number | undefined;
  readonly kind: string | undefined;
  readonly isOn: boolean;
}): ReactNode {
  return (
    <ChoiceLink
      to="/catalog"
      search={(now: CatalogSearch) => withValues(now, 'kind', kind === undefined ? [] : [kind], [])}
      className="tab"
      isOn={isOn}
      resetScroll={false}
    >
      {label} <span className="tab-count">{count?.toLocaleString()}</span>
    </ChoiceLink>
  );
}
