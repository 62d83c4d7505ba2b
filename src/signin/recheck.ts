import type { Logger } from 'pino';
import type { Session } from '../access/session-value.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { Collector } from '../manifest/manifest.ts';
import type { RedirectProvider } from './provider.ts';
import { providerSessionOf, renewalOf } from './session-grant.ts';
import type { Vault } from './vault.ts';

/** Time between two looks at all sessions, ms. */
const LOOK_MS = 15_000;

/** Time until a provider that was away is asked again about a session, ms. */
const RETRY_MS = 60_000;

/** Sessions held against their providers at once. */
const AT_ONCE = 8;

/** What sessions are held against their providers with. */
export interface RecheckOptions {
  readonly sessions: Sessions;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Logger;
  /** A provider, and how often its sessions are held against it, ms; `undefined`: never. */
  providerOf(id: string): { readonly provider: RedirectProvider; readonly everyMs: number } | undefined;
}

/** Holds sessions that are used against the providers they came from: who was locked out there is soon signed out here. */
export function recheckCollector(options: RecheckOptions): Collector {
  return {
    id: 'signin',
    description: 'Holds sessions against the providers they came from',
    facts: [],
    async run(_context, signal) {
      while (!signal.aborted) {
        await options.clock.sleep(LOOK_MS, signal);
        await recheckDue(options);
      }
    },
  };
}

/** Holds every session that is due against its provider. */
export async function recheckDue(options: RecheckOptions): Promise<void> {
  const due = [...options.sessions.list()].filter((session) => isDue(session, options));
  for (let at = 0; at < due.length; at += AT_ONCE) {
    await Promise.all(due.slice(at, at + AT_ONCE).map((session) => recheck(session, options)));
  }
}

/** One that nobody used since the last time waits until somebody does: an idle server asks and writes nothing. */
function isDue(session: Session, { providerOf, clock }: RecheckOptions): boolean {
  const checkedAt = session.checkedAt ?? session.createdAt;
  const everyMs = providerOf(session.provider)?.everyMs;
  if (session.refresh === undefined || everyMs === undefined) return false;
  return checkedAt + everyMs <= clock.now() && session.lastSeenAt > checkedAt;
}

async function recheck(session: Session, options: RecheckOptions): Promise<void> {
  const { sessions, vault, clock, log } = options;
  const known = options.providerOf(session.provider);
  if (known?.provider.recheck === undefined || !(await claim(session, options))) return;
  try {
    const result = await known.provider.recheck(providerSessionOf(session, vault));
    if (result.status === 'holds') {
      const renewal = renewalOf(result.renewal, vault);
      await sessions.update(session.id, () => renewal);
      return;
    }
    await sessions.end(session.id, {
      at: clock.now(),
      actor: session.principal,
      action: 'access.session.delete',
      target: `session:${session.id}`,
      outcome: 'success',
      data: { principal: session.principal, provider: session.provider, reason: result.reason },
    });
  } catch (error) {
    // Whoever is signed in stays so while the provider is away, until the session’s own end.
    log.warn(
      { provider: session.provider, reason: errorMessage(error) },
      'a session was not held against its provider',
    );
    await sessions.update(session.id, () => ({ checkedAt: clock.now() - known.everyMs + RETRY_MS }));
  }
}

/** Of several servers one asks: a refresh token that is used twice counts as stolen. */
async function claim(session: Session, { sessions, clock }: RecheckOptions): Promise<boolean> {
  let isMine = false;
  const known = await sessions.update(session.id, (now) => {
    isMine = now.checkedAt === session.checkedAt;
    return isMine ? { checkedAt: clock.now() } : {};
  });
  return known && isMine;
}
