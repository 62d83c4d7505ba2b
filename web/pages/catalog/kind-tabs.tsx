import { ChoiceLink } from '../../ui/choice-link.tsx';
import type { ReactNode } from 'react';
import { changeSearch, type CatalogSearch } from './catalog-search.ts';
import { useKindCounts } from './use-catalog.ts';

/** One tab a kind, with its count under the other filters; the chosen kind stays even when nothing of it is left. */
export function KindTabs({ search }: { readonly search: CatalogSearch }): ReactNode {
  const { data } = useKindCounts(search);
  const counted = data?.values ?? [];
  const isCounted = counted.some(({ value }) => value.toLowerCase() === search.kind);
  const kinds = search.kind === undefined || isCounted ? counted : [...counted, { value: search.kind, count: 0 }];
  const sum = counted.reduce((total, { count }) => total + count, 0);
  return (
    <nav className="tabs" aria-label="Kinds">
      <KindTab label="All" count={data && sum} kind={undefined} search={search} />
      {kinds.map(({ value, count }) => (
        <KindTab key={value} label={value} count={count} kind={value.toLowerCase()} search={search} />
      ))}
    </nav>
  );
}

function KindTab({
  label,
  count,
  kind,
  search,
}: {
  readonly label: string;
  readonly count: number | undefined;
  readonly kind: string | undefined;
  readonly search: CatalogSearch;
}): ReactNode {
  const isOn = search.kind === kind;
  return (
    <ChoiceLink
      to="/catalog"
      search={(now: CatalogSearch) => changeSearch(now, { kind })}
      className="tab"
      isOn={isOn}
      resetScroll={false}
    >
      {label} <span className="tab-count">{count?.toLocaleString()}</span>
    </ChoiceLink>
  );
}
