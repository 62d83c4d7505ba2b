import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { SecretKey } from '../config/secret-keys.ts';
import { accessError } from './errors.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** `v1.<key id>.<base64url of nonce, tag and encrypted text>` */
const form = /^v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{38,})$/;

/** AES-256-GCM under the first of several keys; whatever one of them encrypted can be decrypted. */
export class Cipher {
  readonly #keys: ReadonlyMap<string, SecretKey>;
  readonly #current: SecretKey;
  readonly #clock: Clock;

  /** @param keys at least one; the first one encrypts */
  constructor(keys: readonly SecretKey[], clock: Clock) {
    const [current] = keys;
    if (current === undefined)
      throw accessError('SECRET_KEYS_INVALID', { file: 'secrets.keys', reason: 'it is empty' });
    this.#current = current;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
    this.#clock = clock;
  }

  /** Id of the key that encrypts. */
  get keyId(): string {
    return this.#current.id;
  }

  /** Ids of all keys, the one that encrypts first. */
  get keyIds(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** @param label what the text is; decrypting needs the same, so that one text cannot stand in for another */
  encrypt(label: string, text: string): string {
    const nonce = Buffer.from(this.#clock.token(NONCE_BYTES), 'hex');
    const cipher = createCipheriv(ALGORITHM, this.#current.bytes, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(label));
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `v1.${this.#current.id}.${Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url')}`;
  }

  /**
   * Takes any text, however hostile.
   * @throws SECRET_UNREADABLE where it was not encrypted here under this label, or its key is not there any more
   */
  decrypt(label: string, text: string): string {
    const [, id = '', body = ''] = form.exec(text) ?? [];
    const key = this.#keys.get(id);
    if (key === undefined) throw unreadable(label, id === '' ? 'it is damaged' : `there is no key ${id}`);
    const bytes = Buffer.from(body, 'base64url');
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key.bytes, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(label));
    try {
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const rest = bytes.subarray(NONCE_BYTES + TAG_BYTES);
      return decipher.update(rest, undefined, 'utf8') + decipher.final('utf8');
    } catch (error) {
      throw unreadable(label, 'it was changed, or encrypted as something else', error);
    }
  }
}

/** Id of the key that a text was encrypted with. */
export function keyIdOf(encrypted: string): string {
  return form.exec(encrypted)?.[1] ?? '';
}

function unreadable(label: string, reason: string, cause?: unknown): Error {
  return accessError('SECRET_UNREADABLE', { label, reason }, cause);
}
