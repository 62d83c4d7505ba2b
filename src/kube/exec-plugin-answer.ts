import { certificateMistake } from './kubeconfig-user.ts';
import type { Proof } from './credential.ts';

/** What a plugin gave: a proof, and until when it holds, ms since 1970. */
export interface PluginCredential {
  readonly proof: Proof;
  readonly expiresAt?: number | undefined;
}

type Status = Readonly<Record<string, unknown>>;

/**
 * Reads the ExecCredential that a plugin wrote.
 *
 * @returns what is wrong with it where it is none, in words that hold nothing of it
 */
export function readPluginAnswer(output: string, apiVersion: string): PluginCredential | string {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    return 'what it wrote is not JSON';
  }
  const { kind, apiVersion: version, status } = asMap(answer);
  if (kind !== 'ExecCredential') return 'what it wrote is no ExecCredential';
  if (version !== apiVersion) return `it answers in another version than ${apiVersion}, which the kubeconfig asks for`;
  if (typeof status !== 'object' || status === null) return 'its answer has no status';
  return readStatus(asMap(status));
}

function readStatus(status: Status): PluginCredential | string {
  const { token = '', clientCertificateData: certificate = '', clientKeyData: key = '' } = status;
  if (typeof token !== 'string' || typeof certificate !== 'string' || typeof key !== 'string') {
    return 'its answer holds something else than texts';
  }
  if ((certificate === '') !== (key === ''))
    return 'its answer holds one of clientCertificateData and clientKeyData alone';
  if (token === '' && certificate === '') return 'its answer holds neither a token nor a certificate';
  if (!/^[\x21-\x7e]*$/.test(token)) return 'its token has white space in it';
  const mistake = certificate === '' ? undefined : certificateMistake(certificate, key);
  if (mistake !== undefined) return `its certificate ${mistake}`;
  const expiresAt = readExpiry(status['expirationTimestamp']);
  if (typeof expiresAt === 'string') return expiresAt;
  const proof = {
    ...(token !== '' && { authorization: `Bearer ${token}` }),
    ...(certificate !== '' && { certificate: { certificate, key } }),
  };
  return { proof, expiresAt };
}

function readExpiry(written: unknown): number | string | undefined {
  if (written === undefined || written === null) return undefined;
  const time = typeof written === 'string' ? Date.parse(written) : Number.NaN;
  return Number.isNaN(time) ? 'its expirationTimestamp is no time' : time;
}

function asMap(value: unknown): Status {
  return typeof value === 'object' && value !== null ? (value as Status) : {};
}
