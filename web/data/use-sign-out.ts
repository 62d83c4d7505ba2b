import { api } from './session.ts';
import { useAction, type Action } from './use-action.ts';

/** Ends the session of this browser, here and, where the provider has it, there; then the browser leaves the page. */
export function useSignOut(): Action<unknown, unknown> {
  return useAction(
    () => api.call('POST /api/v1/account/sign-out', { body: {} }),
    ({ next }) => location.assign(next ?? '/sign-in'),
  );
}
