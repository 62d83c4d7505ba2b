import type { Static } from 'typebox';
import type { checkAccess } from '../../../src/api/roles.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';

/** Whether and why somebody may do something. */
export type CheckData = Static<typeof checkAccess.response>;

/** Asks why; `principal` absent: about oneself. */
export function useCheck(question: {
  readonly principal?: string | undefined;
  readonly permission: string;
  readonly entity?: string | undefined;
}): Answer<CheckData> {
  const { principal, permission, entity } = question;
  const body = { principal, permission, entity };
  return useResource<CheckData>({
    key: `check ${JSON.stringify(body)}`,
    load: (signal) => api.call('POST /api/v1/access/check', { body, signal }),
    // Memberships and the entity itself decide, and both are entities.
    isAffected: (batch) => batch.changes.length > 0,
  });
}
