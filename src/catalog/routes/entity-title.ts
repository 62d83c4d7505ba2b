import type { Entity } from '../../model/entity.ts';
import { isJsonObject } from '../../model/json.ts';

/** What an entity is called: its display name, else its title, else its name; a generated Location by its target. */
export function entityTitle({ metadata, spec }: Entity): string {
  const profile = spec?.['profile'];
  const displayName = isJsonObject(profile) ? profile['displayName'] : undefined;
  if (typeof displayName === 'string' && displayName !== '') return displayName;
  return typeof metadata.title === 'string' && metadata.title !== '' ? metadata.title : metadata.name;
}
