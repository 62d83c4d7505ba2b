import type { Logger } from 'pino';
import { Check } from 'typebox/value';
import type { Clock } from '../base/clock.ts';
import type { JsonValue } from '../model/json.ts';
import type { AccessRecord, AuditEntry, GoneAccessRecord } from '../store/access-records.ts';
import type { AccessState } from './access-state.ts';
import { accessError } from './errors.ts';
import { LastUse } from './last-use.ts';
import type { Principal } from './principal.ts';
import { isTokenText, newTokenText, tokenHint, tokenId } from './token-text.ts';
import { TokenValue, type Token, type TokenStart } from './token-value.ts';

/** Tokens that one principal may have at once. */
export const TOKENS_EACH = 100;

/** What tokens are made of. */
export interface TokensOptions {
  readonly state: AccessState;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Known {
  readonly record: AccessRecord;
  readonly token: Token;
  readonly principal: Principal;
}

/** Bearer tokens of people and services, on every server: by the hash of each. */
export class Tokens {
  readonly #options: TokensOptions;
  readonly #known = new Map<string, Known>();
  readonly #lastUse: LastUse;

  constructor(options: TokensOptions) {
    this.#options = options;
    const { state, clock, log } = options;
    this.#lastUse = new LastUse({ state, type: 'token', clock, log, used });
  }

  /**
   * Who asks with a token.
   * @param from address that it came from
   * @returns undefined where it opens nothing, or no longer; a promise where the records had to be caught up with
   */
  open(text: string, from: string | undefined): Principal | undefined | Promise<Principal | undefined> {
    if (!isTokenText(text)) return undefined;
    const id = tokenId(text);
    const known = this.#find(id);
    if (known !== undefined) return this.#use(known, from);
    return this.#options.state.catchUp().then(() => {
      const found = this.#find(id);
      return found === undefined ? undefined : this.#use(found, from);
    });
  }

  /** Who asks with a token now; the same object as long as the token lasts. */
  principalOf(id: string): Principal | undefined {
    return this.#find(id)?.principal;
  }

  /** One token. */
  get(id: string): Token | undefined {
    return this.#find(id)?.token;
  }

  /** All tokens. */
  *list(): Iterable<Token> {
    for (const record of this.#options.state.all('token')) {
      const known = this.#knownOf(record);
      if (known !== undefined) yield known.token;
    }
  }

  /**
   * Makes a token. Durable when this resolves.
   * @returns what opens it, which nobody can say again, and how it is kept
   * @throws TOKEN_LIMIT where its principal has as many as one may have
   */
  async make(start: TokenStart, audit: AuditEntry): Promise<{ readonly text: string; readonly token: Token }> {
    const { state, clock } = this.#options;
    let own = 0;
    for (const { principal } of this.list()) if (principal === start.principal) own += 1;
    if (own >= TOKENS_EACH) throw accessError('TOKEN_LIMIT', { principal: start.principal, limit: TOKENS_EACH });
    const { expiresAt, scopes, ...rest } = start;
    const text = newTokenText(start.kind, clock);
    const key = tokenId(text);
    const value: TokenValue = {
      ...rest,
      hint: tokenHint(text),
      createdAt: clock.now(),
      ...(scopes !== undefined && { scopes }),
    };
    const entry = { ...audit, target: `token:${key}` };
    await state.commit([{ op: 'put', type: 'token', key, value: value as JsonValue, expiresAt, expect: 0 }], [entry]);
    return { text, token: { ...value, id: key, expiresAt } };
  }

  /** Ends a token. @returns false where there is none */
  async end(id: string, audit: AuditEntry): Promise<boolean> {
    const { state } = this.#options;
    if (this.#find(id) === undefined) await state.catchUp();
    if (this.#find(id) === undefined) return false;
    await state.commit([{ op: 'delete', type: 'token', key: id }], [audit]);
    return true;
  }

  /**
   * Takes in changes of the records.
   * @returns true where a principal of before is no longer
   */
  changed(changes: readonly (AccessRecord | GoneAccessRecord)[]): boolean {
    let isOther = false;
    for (const { type, key } of changes) {
      const before = type === 'token' ? this.#known.get(key) : undefined;
      if (before !== undefined && this.#find(key)?.principal !== before.principal) isOther = true;
    }
    return isOther;
  }

  /** Writes down the last uses. */
  close(): Promise<void> {
    return this.#lastUse.flush();
  }

  #use({ token, principal }: Known, from: string | undefined): Principal {
    this.#lastUse.note(token.id, token.lastUsedAt ?? 0, from);
    return principal;
  }

  #find(id: string): Known | undefined {
    const record = this.#options.state.get('token', id);
    if (record !== undefined) return this.#knownOf(record);
    this.#known.delete(id);
    return undefined;
  }

  #knownOf(record: AccessRecord): Known | undefined {
    const before = this.#known.get(record.key);
    if (before?.record === record) return before;
    const { value, key: id, expiresAt } = record;
    if (expiresAt === undefined || !Check(TokenValue, value)) return undefined;
    const token: Token = { ...value, id, expiresAt };
    // Nothing of a token changes but its last use: decisions that are kept beside the principal stay.
    const known = { record, token, principal: before?.principal ?? principalOf(token) };
    this.#known.set(id, known);
    return known;
  }
}

function used(record: AccessRecord, at: number, from: string | undefined): Pick<AccessRecord, 'value' | 'expiresAt'> {
  const value = { ...(record.value as TokenValue), lastUsedAt: at, ...(from !== undefined && { lastUsedFrom: from }) };
  return { value, expiresAt: record.expiresAt };
}

function principalOf({ id, kind, principal, scopes, expiresAt }: Token): Principal {
  return {
    kind: kind === 'service' ? 'service' : 'user',
    ref: principal,
    credential: { kind: 'token', id },
    expiresAt,
    ...(scopes !== undefined && { scopes }),
  };
}
