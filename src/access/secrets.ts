import { join } from 'node:path';
import type { Logger } from 'pino';
import { Type, type Static } from 'typebox';
import { Check } from 'typebox/value';
import type { Clock } from '../base/clock.ts';
import type { SecretKey } from '../config/secret-keys.ts';
import type { AccessRecord, AccessWrite, AuditEntry } from '../store/access-records.ts';
import { registerSecret } from '../telemetry/mask.ts';
import type { AccessState } from './access-state.ts';
import { Cipher, keyIdOf } from './cipher.ts';
import { accessError } from './errors.ts';
import { fileSecretKeys, SECRET_KEY_FILE } from './secret-keys.ts';

/** What a record of type `secret` holds. Times are ms since the epoch. */
const SecretValue = Type.Object({ text: Type.String(), createdAt: Type.Integer(), changedAt: Type.Integer() });
type SecretValue = Static<typeof SecretValue>;

/** Tries of a rotation that others get in the way of. */
const ROTATION_TRIES = 5;

/** A kept secret, without its value. Times are ms since the epoch. */
export interface SecretInfo {
  readonly name: string;
  readonly keyId: string;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** What secrets stand on. */
export interface SecretsOptions {
  readonly state: AccessState;
  /** Keys of the configuration; undefined: the file in the data folder, made when it is missing. */
  readonly keys: readonly SecretKey[] | undefined;
  /** Absolute path. */
  readonly dataFolder: string;
  /** True where several servers may share the store. */
  readonly isShared: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Credentials that Callboard keeps for its integrations: encrypted in the store, never given out by an answer. Whatever
 * is decrypted is hidden from then on by the mask of logs, errors and audit records.
 */
export class Secrets {
  readonly #options: SecretsOptions;
  #opened: Cipher | undefined;

  constructor(options: SecretsOptions) {
    this.#options = options;
    for (const key of options.keys ?? []) registerKey(key);
  }

  /** Ids of the keys, the one that encrypts first. @throws SECRET_KEYS_INVALID */
  get keyIds(): readonly string[] {
    return this.#cipher.keyIds;
  }

  /** @param label what the text is; decrypting needs the same */
  encrypt(label: string, text: string): string {
    return this.#cipher.encrypt(label, text);
  }

  /** @throws SECRET_UNREADABLE where it was not encrypted here under this label, SECRET_KEYS_INVALID */
  decrypt(label: string, text: string): string {
    const plain = this.#cipher.decrypt(label, text);
    registerSecret(plain, 'passing');
    return plain;
  }

  /**
   * The value of a kept secret.
   * @throws SECRET_MISSING, SECRET_UNREADABLE
   */
  value(name: string): string {
    const record = this.#options.state.get('secret', name);
    if (record === undefined) throw accessError('SECRET_MISSING', { name });
    const value = this.#cipher.decrypt(labelOf(name), secretValue(record).text);
    registerSecret(value);
    return value;
  }

  /** All secrets by name. */
  list(): readonly SecretInfo[] {
    return [...this.#options.state.all('secret')].map(infoOf).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Sets or replaces a secret. @throws SECRET_TOO_SHORT for a value that the mask could not hide; STORE_* */
  async put(name: string, value: string, audit: AuditEntry): Promise<SecretInfo> {
    if (value.trim().length < 6) throw accessError('SECRET_TOO_SHORT', { name });
    registerSecret(value);
    const known = this.#options.state.get('secret', name);
    const now = this.#options.clock.now();
    const createdAt = known === undefined ? now : secretValue(known).createdAt;
    const kept: SecretValue = { text: this.#cipher.encrypt(labelOf(name), value), createdAt, changedAt: now };
    await this.#options.state.commit([{ op: 'put', type: 'secret', key: name, value: kept }], [audit]);
    return { name, keyId: this.#cipher.keyId, createdAt, changedAt: now };
  }

  /** @throws SECRET_MISSING, STORE_* */
  async delete(name: string, audit: AuditEntry): Promise<void> {
    const record = this.#options.state.get('secret', name);
    if (record === undefined) throw accessError('SECRET_MISSING', { name });
    await this.#options.state.commit([{ op: 'delete', type: 'secret', key: name }], [audit]);
  }

  /**
   * Encrypts every secret with the first key, all or none, so that older keys can go.
   * @returns how many were encrypted anew
   * @throws SECRET_UNREADABLE, STORE_*
   */
  async rotate(audit: AuditEntry): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      const writes = [...this.#options.state.all('secret')].flatMap((record) => this.#rotated(record));
      const result = await this.#options.state.commit(writes, [audit]);
      if (result.status === 'written') return writes.length;
      // Somebody set one of them meanwhile: with the values of now.
      if (tries === ROTATION_TRIES) throw accessError('SECRETS_BUSY');
    }
  }

  /** Says at the start what would otherwise be found when a secret is needed. */
  warn(): void {
    const { keys, dataFolder, isShared, log } = this.#options;
    if (keys === undefined && isShared) {
      const file = join(dataFolder, SECRET_KEY_FILE);
      log.warn({ file }, 'secrets are encrypted with a key of this server alone: several servers need secrets.keys');
    }
    const secrets = this.list();
    if (secrets.length === 0) return;
    const lost = secrets.filter(({ keyId }) => !this.keyIds.includes(keyId));
    if (lost.length === 0) return;
    log.error({ secrets: lost.map(({ name }) => name) }, 'secrets cannot be read: their keys are not configured');
  }

  /** Made when it is first needed: a server that keeps no secrets needs no file. */
  get #cipher(): Cipher {
    if (this.#opened !== undefined) return this.#opened;
    const { keys, dataFolder, clock } = this.#options;
    const settled = keys ?? fileSecretKeys(join(dataFolder, SECRET_KEY_FILE), clock);
    if (keys === undefined) settled.forEach(registerKey);
    this.#opened = new Cipher(settled, clock);
    return this.#opened;
  }

  #rotated(record: AccessRecord): AccessWrite[] {
    const { key: name, sequence } = record;
    const value = secretValue(record);
    if (keyIdOf(value.text) === this.#cipher.keyId) return [];
    const text = this.#cipher.encrypt(labelOf(name), this.#cipher.decrypt(labelOf(name), value.text));
    return [{ op: 'put', type: 'secret', key: name, value: { ...value, text }, expect: sequence }];
  }
}

function registerKey({ bytes }: SecretKey): void {
  registerSecret(Buffer.from(bytes).toString('base64'));
}

function labelOf(name: string): string {
  return `secret ${name}`;
}

function infoOf(record: AccessRecord): SecretInfo {
  const { text, createdAt, changedAt } = secretValue(record);
  return { name: record.key, keyId: keyIdOf(text), createdAt, changedAt };
}

function secretValue({ key, value }: AccessRecord): SecretValue {
  if (Check(SecretValue, value)) return value;
  throw accessError('SECRET_UNREADABLE', { label: labelOf(key), reason: 'its record is damaged' });
}
