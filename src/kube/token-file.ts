import { readFile, stat } from 'node:fs/promises';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import { certificateMistake } from './kubeconfig-user.ts';
import type { Credential, Proof } from './credential.ts';

/** Files are read again after this long, as client-go does with bound tokens, ms. */
const MAX_AGE_MS = 60_000;
/** Larger files hold no token and no certificate. */
const MAX_BYTES = 1024 * 1024;

/** Makes the error of a credential. @param reason without secrets */
export type CredentialFailure = (reason: string, cause?: unknown) => Error;

/**
 * A proof that stands in files: read again when it is a minute old and after a refusal, so that files that are renewed in place
 * are taken up. While they cannot be read, or do not fit together, the last good proof goes on.
 */
export class FileCredential implements Credential {
  readonly #read: () => Promise<Proof>;
  readonly #clock: Clock;
  readonly #onKept: (error: unknown) => void;
  #held: { readonly proof: Proof; readonly readAt: number } | undefined;
  #reading: Promise<Proof> | undefined;

  /** @param onKept told why the last good proof goes on */
  constructor(read: () => Promise<Proof>, clock: Clock, onKept: (error: unknown) => void) {
    this.#read = read;
    this.#clock = clock;
    this.#onKept = onKept;
  }

  proof(): Promise<Proof> {
    const held = this.#held;
    if (held !== undefined && this.#clock.monotonic() - held.readAt < MAX_AGE_MS) return Promise.resolve(held.proof);
    this.#reading ??= this.#renew().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  refuse(proof: Proof): boolean {
    // Somebody else may have been refused before, and the files read anew.
    if (this.#held?.proof !== proof) return true;
    this.#held = { proof, readAt: -Infinity };
    return true;
  }

  async #renew(): Promise<Proof> {
    const readAt = this.#clock.monotonic();
    try {
      const proof = await this.#read();
      this.#held = { proof: isSame(proof, this.#held?.proof) ? (this.#held?.proof ?? proof) : proof, readAt };
    } catch (error) {
      if (this.#held === undefined) throw error;
      this.#onKept(error);
      this.#held = { proof: this.#held.proof, readAt };
    }
    return this.#held.proof;
  }
}

function isSame(left: Proof, right: Proof | undefined): boolean {
  return (
    left.authorization === right?.authorization &&
    left.certificate?.certificate === right?.certificate?.certificate &&
    left.certificate?.key === right?.certificate?.key
  );
}

/** Reads the token of a file. */
export async function readTokenFile(path: string, failure: CredentialFailure): Promise<Proof> {
  const token = (await readProofFile(path, failure)).trim();
  if (token === '') throw failure(`the token file ${path} is empty`);
  if (!/^[\x21-\x7e]+$/.test(token)) throw failure(`the token file ${path} holds no token: it has white space in it`);
  return { authorization: `Bearer ${token}` };
}

/** Reads a client certificate and its key. */
export async function readCertificateFiles(
  certificatePath: string,
  keyPath: string,
  failure: CredentialFailure,
): Promise<Proof> {
  const certificate = await readProofFile(certificatePath, failure);
  const key = await readProofFile(keyPath, failure);
  const mistake = certificateMistake(certificate, key);
  if (mistake !== undefined) throw failure(`the client certificate ${certificatePath} ${mistake}`);
  return { certificate: { certificate, key } };
}

async function readProofFile(path: string, failure: CredentialFailure): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > MAX_BYTES) throw new Error('it is no file of at most 1 MiB');
    return await readFile(path, 'utf8');
  } catch (error) {
    throw failure(`${path} cannot be read: ${errorMessage(error)}`, error);
  }
}
