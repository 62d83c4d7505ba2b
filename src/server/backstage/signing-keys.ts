import type { CryptoKey } from 'jose';
import type { Logger } from 'pino';
import { Type, type Static } from 'typebox';
import { Check } from 'typebox/value';
import type { AccessState } from '../../access/access-state.ts';
import type { Clock } from '../../base/clock.ts';
import { errorMessage } from '../../base/errors.ts';
import type { Vault } from '../../signin/vault.ts';
import type { AccessRecord, AuditEntry } from '../../store/access-records.ts';

/** How identity tokens are signed. */
export const ALGORITHM = 'ES256';

/** How long a key signs, ms. */
const SIGNS_MS = 24 * 3_600_000;

/** How long a key is published after it has signed for the last time, ms: longer than any token holds. */
const PUBLISHED_MS = 25 * 3_600_000;

const coordinate = Type.String({ minLength: 43, maxLength: 43 });

/** What the record of a signing key holds; its key is the `kid`. */
const SigningKeyValue = Type.Object({
  publicKey: Type.Object({ kty: Type.Literal('EC'), crv: Type.Literal('P-256'), x: coordinate, y: coordinate }),
  /** PKCS #8, encrypted. */
  privateKey: Type.String(),
  /** ms since the epoch. */
  createdAt: Type.Integer(),
});
type SigningKeyValue = Static<typeof SigningKeyValue>;

/** A key to sign with. */
export interface SigningKey {
  readonly kid: string;
  readonly key: CryptoKey;
}

/** What the keys are made of. */
export interface SigningKeysOptions {
  readonly state: AccessState;
  readonly vault: Pick<Vault, 'encrypt' | 'decrypt'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The keys of identity tokens, the same for all servers of one store. A key is made when a token is asked for and none
 * signs, so that a server that nobody asks writes nothing; it signs for a day and is published until its last token has
 * ended.
 */
export class SigningKeys {
  readonly #options: SigningKeysOptions;
  readonly #private = new Map<string, Promise<CryptoKey | undefined>>();
  readonly #public = new Map<string, Promise<CryptoKey>>();
  #making: Promise<SigningKey> | undefined;

  constructor(options: SigningKeysOptions) {
    this.#options = options;
  }

  /** The key that signs now. @throws STORE_* where a new one cannot be kept */
  async current(): Promise<SigningKey> {
    const begin = this.#options.clock.now() - SIGNS_MS;
    const signing = [...this.#all()]
      .filter(({ value }) => value.createdAt > begin)
      .sort((a, b) => b.value.createdAt - a.value.createdAt);
    for (const { kid, value } of signing) {
      const key = await this.#privateKey(kid, value);
      if (key !== undefined) return { kid, key };
    }
    this.#making ??= this.#make().finally(() => (this.#making = undefined));
    return this.#making;
  }

  /** The public keys of every token that may still hold, as a key set has them; those of other servers too. */
  async published(): Promise<readonly Record<string, string>[]> {
    const { state, log } = this.#options;
    try {
      await state.catchUp();
    } catch (error) {
      // What was known stays true.
      log.debug({ error: errorMessage(error) }, 'the key set is told as it was known');
    }
    return [...this.#all()].map(({ kid, value }) => ({ ...value.publicKey, kid, alg: ALGORITHM, use: 'sig' }));
  }

  /** The public key of a `kid`, which another server may just have made; `undefined` where there is none. */
  async verifying(kid: string): Promise<CryptoKey | undefined> {
    const { state } = this.#options;
    if (state.get('signing-key', kid) === undefined) await state.catchUp();
    const record = state.get('signing-key', kid);
    const value = record && valueOf(record);
    if (value === undefined) {
      this.#public.delete(kid);
      return undefined;
    }
    let key = this.#public.get(kid);
    if (key === undefined) {
      key = importPublic(value);
      this.#public.set(kid, key);
    }
    return key;
  }

  *#all(): Generator<{ readonly kid: string; readonly value: SigningKeyValue }> {
    for (const record of this.#options.state.all('signing-key')) {
      const value = valueOf(record);
      if (value !== undefined) yield { kid: record.key, value };
    }
  }

  #privateKey(kid: string, value: SigningKeyValue): Promise<CryptoKey | undefined> {
    let key = this.#private.get(kid);
    if (key === undefined) {
      key = this.#decrypt(kid, value);
      this.#private.set(kid, key);
    }
    return key;
  }

  /** Undefined where it was encrypted with a key that this server does not have: it then makes one of its own. */
  async #decrypt(kid: string, { privateKey }: SigningKeyValue): Promise<CryptoKey | undefined> {
    const { vault, log } = this.#options;
    try {
      const { importPKCS8 } = await import('jose');
      return await importPKCS8(vault.decrypt(labelOf(kid), privateKey), ALGORITHM);
    } catch (error) {
      log.warn({ kid, error: errorMessage(error) }, 'a signing key cannot be decrypted');
      return undefined;
    }
  }

  async #make(): Promise<SigningKey> {
    const { state, vault, clock, log } = this.#options;
    const kid = clock.uuid();
    const { exportJWK, exportPKCS8, generateKeyPair } = await import('jose');
    const pair = await generateKeyPair(ALGORITHM, { extractable: true });
    const { x = '', y = '' } = await exportJWK(pair.publicKey);
    const createdAt = clock.now();
    const privateKey = vault.encrypt(labelOf(kid), await exportPKCS8(pair.privateKey));
    const value: SigningKeyValue = { publicKey: { kty: 'EC', crv: 'P-256', x, y }, privateKey, createdAt };
    const expiresAt = createdAt + SIGNS_MS + PUBLISHED_MS;
    this.#private.set(kid, Promise.resolve(pair.privateKey));
    const audit: AuditEntry = {
      at: createdAt,
      actor: 'callboard',
      action: 'access.signing-key.create',
      target: `signing-key:${kid}`,
      outcome: 'success',
    };
    await state.commit([{ op: 'put', type: 'signing-key', key: kid, value, expiresAt, expect: 0 }], [audit]);
    log.info({ kid }, 'a signing key for identity tokens was made');
    return { kid, key: pair.privateKey };
  }
}

function valueOf({ value }: AccessRecord): SigningKeyValue | undefined {
  return Check(SigningKeyValue, value) ? value : undefined;
}

/** The library is loaded by who first needs it: most servers never do. */
async function importPublic({ publicKey }: SigningKeyValue): Promise<CryptoKey> {
  const { importJWK } = await import('jose');
  return (await importJWK(publicKey, ALGORITHM)) as CryptoKey;
}

/** Ties the encrypted key to its `kid`. */
function labelOf(kid: string): string {
  return `signing-key:${kid}`;
}
