import { parseEntityRef } from '../../../src/model/ref.ts';

/** What an entity is called beside others: its name, with the namespace where that is not `default`. */
export function nameText(ref: string): string {
  const parts = parseEntityRef(ref);
  if (!parts) return ref;
  return parts.namespace === 'default' ? parts.name : `${parts.namespace}/${parts.name}`;
}
