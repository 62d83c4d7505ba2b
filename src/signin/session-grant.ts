import type { Session, SessionStart } from '../access/session-value.ts';
import type { Identity, ProviderGrant } from './identity.ts';
import type { ProviderSession, Renewal } from './provider.ts';
import type { Vault } from './vault.ts';

const LABEL = 'session-grant';

/** What a session keeps of its provider’s answer: who the person is, and what holding it against the provider takes. */
export function startOf(
  grant: ProviderGrant,
  principal: { readonly ref: string; readonly name?: string | undefined },
  vault: Vault,
): SessionStart {
  const { identity } = grant;
  return {
    principal: principal.ref,
    provider: identity.provider,
    providerSubject: identity.subject,
    ...(grant.session !== undefined && { providerSession: grant.session }),
    ...profileOf(identity, principal.name),
    ...keptOf(grant, vault),
  };
}

/** What of a renewed session is kept. */
export function renewalOf(renewal: Renewal, vault: Vault): Pick<SessionStart, 'groups' | 'refresh' | 'idToken'> {
  const { groups } = renewal;
  return { ...(groups !== undefined && { groups: [...groups] }), ...keptOf(renewal, vault) };
}

/** What a provider needs to know of a session. @throws where it was encrypted with keys that are gone */
export function providerSessionOf(session: Session, vault: Vault): ProviderSession {
  const { providerSubject: subject = '', refresh, idToken } = session;
  return {
    subject,
    refreshToken: refresh === undefined ? undefined : vault.decrypt(LABEL, refresh),
    idToken: idToken === undefined ? undefined : vault.decrypt(LABEL, idToken),
  };
}

function profileOf({ groups, name, email, picture }: Identity, entityName: string | undefined): Partial<SessionStart> {
  const shown = entityName ?? name;
  return {
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(shown !== undefined && { name: shown }),
    ...(email !== undefined && { email }),
    ...(picture !== undefined && { picture }),
  };
}

function keptOf(
  { refreshToken, idToken }: Pick<ProviderGrant, 'refreshToken' | 'idToken'>,
  vault: Vault,
): Pick<SessionStart, 'refresh' | 'idToken'> {
  return {
    ...(refreshToken !== undefined && { refresh: vault.encrypt(LABEL, refreshToken) }),
    ...(idToken !== undefined && { idToken: vault.encrypt(LABEL, idToken) }),
  };
}
