import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import { Check } from 'typebox/value';
import type { Clock } from '../base/clock.ts';
import { sameJson } from '../base/canonical-json.ts';
import type { JsonValue } from '../model/json.ts';
import type { AccessRecord, AccessWrite, AuditEntry, GoneAccessRecord } from '../store/access-records.ts';
import type { AccessState } from './access-state.ts';
import { LastUse } from './last-use.ts';
import type { Principal } from './principal.ts';
import type { SessionCookie } from './session-cookie.ts';
import { SessionValue, type Session, type SessionStart } from './session-value.ts';

/** Sessions that one principal may have at once; the one that was not used for longest gives way. */
const SESSIONS_EACH = 50;

/** Most characters that are kept of what a browser calls itself. */
const USER_AGENT_LENGTH = 300;

/** What a cookie holds: 32 random bytes. */
const cookieForm = /^[A-Za-z0-9_-]{43}$/;

/** What sessions are made of. */
export interface SessionsOptions {
  readonly state: AccessState;
  readonly cookie: SessionCookie;
  readonly clock: Clock;
  readonly log: Logger;
  /** A session that is not used for this long ends, ms. */
  readonly idleMs: number;
  /** A session ends this long after it began, ms. */
  readonly maxMs: number;
}

interface Known {
  readonly record: AccessRecord;
  readonly session: Session;
  readonly principal: Principal;
}

/** Who is signed in, on every server: what a cookie opens, by the hash of what it holds. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #known = new Map<string, Known>();
  readonly #lastUse: LastUse;

  constructor(options: SessionsOptions) {
    this.#options = options;
    const { state, clock, log } = options;
    const used = (record: AccessRecord, at: number): Pick<AccessRecord, 'value' | 'expiresAt'> => {
      const value = { ...(record.value as SessionValue), lastSeenAt: at };
      return { value, expiresAt: this.#expiry(value) };
    };
    this.#lastUse = new LastUse({ state, type: 'session', clock, log, used });
  }

  /** The cookie that sessions are opened with. */
  get cookie(): SessionCookie {
    return this.#options.cookie;
  }

  /**
   * Who a cookie's value belongs to.
   * @returns undefined where it opens nothing, or no longer; a promise where the records had to be caught up with
   */
  open(cookieValue: string): Principal | undefined | Promise<Principal | undefined> {
    if (!cookieForm.test(cookieValue)) return undefined;
    const id = hash('sha256', cookieValue, 'base64url');
    const known = this.#find(id);
    if (known !== undefined) return this.#use(known);
    return this.#options.state.catchUp().then(() => {
      const found = this.#find(id);
      return found === undefined ? undefined : this.#use(found);
    });
  }

  /** Who a session belongs to now; the same object until something about it changes. */
  principalOf(id: string): Principal | undefined {
    return this.#find(id)?.principal;
  }

  /** One session. */
  get(id: string): Session | undefined {
    return this.#find(id)?.session;
  }

  /** All sessions. */
  *list(): Iterable<Session> {
    for (const record of this.#options.state.all('session')) {
      const known = this.#knownOf(record);
      if (known !== undefined) yield known.session;
    }
  }

  /**
   * Begins a session. Durable, and known to every server when this resolves or at the first request with it.
   * @returns its id, and the `Set-Cookie` header that opens it
   */
  async begin(start: SessionStart, audit: AuditEntry): Promise<{ readonly id: string; readonly cookie: string }> {
    const { state, clock, cookie, maxMs } = this.#options;
    const secret = Buffer.from(clock.token(32), 'hex').toString('base64url');
    const id = hash('sha256', secret, 'base64url');
    const at = clock.now();
    const endsAt = Math.min(at + maxMs, start.endsAt ?? Infinity);
    const { userAgent, ...rest } = start;
    const value: SessionValue = {
      ...rest,
      ...(userAgent !== undefined && { userAgent: userAgent.slice(0, USER_AGENT_LENGTH) }),
      createdAt: at,
      lastSeenAt: at,
      endsAt,
    };
    const writes = [this.#put(id, value, 0), ...this.#surplus(start.principal).map(deletion)];
    await state.commit(writes, [audit]);
    return { id, cookie: cookie.write(secret, Math.ceil((endsAt - at) / 1000)) };
  }

  /**
   * Changes what a session holds.
   * @param change works out the new parts of what it holds; called again when another server was quicker
   * @returns false where the session has ended
   */
  async update(id: string, change: (session: Session) => Partial<SessionValue>): Promise<boolean> {
    const { state } = this.#options;
    for (;;) {
      const known = this.#find(id);
      if (known === undefined) return false;
      const value = { ...(known.record.value as SessionValue), ...change(known.session) };
      const commit = await state.commit([this.#put(id, value, known.record.sequence)], []);
      if (commit.status === 'written') return true;
      await state.catchUp();
    }
  }

  /** Ends a session. @returns false where there is none */
  async end(id: string, audit: AuditEntry): Promise<boolean> {
    return (await this.endWhere((session) => session.id === id, audit)) > 0;
  }

  /**
   * Ends the sessions for which a test is true, in one transaction with the record of it.
   * @returns how many they were; where there are none, nothing is written
   */
  async endWhere(test: (session: Session) => boolean, audit: AuditEntry): Promise<number> {
    const { state } = this.#options;
    await state.catchUp();
    const ending = [...this.list()].filter(test);
    if (ending.length > 0) await state.commit(ending.map(deletion), [audit]);
    return ending.length;
  }

  /**
   * Takes in changes of the records.
   * @returns true where a principal of before is no longer the same
   */
  changed(changes: readonly (AccessRecord | GoneAccessRecord)[]): boolean {
    let isOther = false;
    for (const { type, key } of changes) {
      const before = type === 'session' ? this.#known.get(key) : undefined;
      if (before === undefined) continue;
      if (this.#find(key)?.principal !== before.principal) isOther = true;
    }
    return isOther;
  }

  /** Writes down the last uses. */
  close(): Promise<void> {
    return this.#lastUse.flush();
  }

  #use(known: Known): Principal {
    this.#lastUse.note(known.session.id, known.session.lastSeenAt, undefined);
    return known.principal;
  }

  #find(id: string): Known | undefined {
    const record = this.#options.state.get('session', id);
    if (record !== undefined) return this.#knownOf(record);
    this.#known.delete(id);
    return undefined;
  }

  #knownOf(record: AccessRecord): Known | undefined {
    const before = this.#known.get(record.key);
    if (before?.record === record) return before;
    const { value, key: id, expiresAt } = record;
    if (!Check(SessionValue, value)) return undefined;
    const session: Session = { ...value, id, expiresAt: expiresAt ?? value.endsAt };
    const known = { record, session, principal: samePrincipal(before?.principal, principalOf(session)) };
    this.#known.set(id, known);
    return known;
  }

  #surplus(principal: string): readonly Session[] {
    const own = [...this.list()].filter((session) => session.principal === principal);
    return own.sort((a, b) => b.lastSeenAt - a.lastSeenAt).slice(SESSIONS_EACH - 1);
  }

  #expiry({ lastSeenAt, endsAt }: SessionValue): number {
    return Math.min(lastSeenAt + this.#options.idleMs, endsAt);
  }

  #put(key: string, value: SessionValue, expect: number): AccessWrite {
    // Through JSON: members that are undefined are none.
    const json = JSON.parse(JSON.stringify(value)) as JsonValue;
    return { op: 'put', type: 'session', key, value: json, expiresAt: this.#expiry(value), expect };
  }
}

function principalOf({ id, principal, provider, groups, endsAt }: Session): Principal {
  return {
    kind: 'user',
    ref: principal,
    credential: { kind: 'session', id, provider },
    expiresAt: endsAt,
    ...(groups !== undefined && { groups }),
  };
}

/** Keeps the object of before where it says the same: decisions are kept beside it. */
function samePrincipal(before: Principal | undefined, now: Principal): Principal {
  return before !== undefined && sameJson(before, now) ? before : now;
}

function deletion({ id }: Session): AccessWrite {
  return { op: 'delete', type: 'session', key: id };
}
