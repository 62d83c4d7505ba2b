import { parseEntityRef } from '../../../src/model/ref.ts';
import type { FacetKey } from './catalog-search.ts';

/** How a facet's value reads: owners by their name, users told from groups, the rest as it is. */
export function facetLabel(facet: FacetKey, value: string): string {
  if (facet !== 'owner') return value;
  const parts = parseEntityRef(value);
  if (!parts) return value;
  const name = parts.namespace === 'default' ? parts.name : `${parts.namespace}/${parts.name}`;
  return parts.kind === 'group' ? name : `${name} (${parts.kind})`;
}
