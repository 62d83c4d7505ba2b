import { parseEntityRef } from '../../../src/model/ref.ts';
import { searchFilter } from '../../../src/model/search-filters.ts';

/** How a value of a filter reads: refs by their name, told from those of the usual kind, the rest as it is. */
export function facetLabel(key: string, value: string): string {
  const [usualKind] = searchFilter(key)?.refKinds ?? [];
  const parts = usualKind === undefined ? undefined : parseEntityRef(value, { defaultKind: usualKind });
  if (!parts) return value;
  const name = parts.namespace === 'default' ? parts.name : `${parts.namespace}/${parts.name}`;
  return parts.kind === usualKind ? name : `${name} (${parts.kind})`;
}
