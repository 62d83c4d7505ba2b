import type { PrincipalItem } from '../../src/api/session.ts';

/** The name of a principal as people call it. */
export function nameOf({ name, ref }: PrincipalItem): string {
  return name ?? ref.slice(ref.lastIndexOf('/') + 1);
}
