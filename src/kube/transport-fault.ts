import { CallboardError, errorMessage } from '../base/errors.ts';
import { failure } from './errors.ts';

/** Why a cluster cannot be read, in one word; the `code` of a `LiveReason`. */
export type FaultCode =
  | 'ConnectionRefused'
  | 'ConnectionLost'
  | 'NetworkUnreachable'
  | 'HostUnknown'
  | 'Timeout'
  | 'CertificateUnknown'
  | 'CertificateExpired'
  | 'NameMismatch'
  | 'ProxyFailed'
  | 'Unauthorized'
  | 'CredentialFailed'
  | 'ProtocolError'
  | 'TooLarge';

/** What went wrong with a connection or an answer. */
export interface TransportFault {
  readonly code: FaultCode;
  /** For people, without secrets. */
  readonly message: string;
}

/** Makes the error that a transport throws: KUBE_UNREACHABLE with the word in its details. */
export function transportError(cluster: string, { code, message }: TransportFault, cause?: unknown): CallboardError {
  return failure('KUBE_UNREACHABLE', { cluster, code, reason: message }, cause);
}

/** The fault that a transport threw; undefined for anything else, such as an abort. */
export function faultOf(thrown: unknown): TransportFault | undefined {
  if (!(thrown instanceof CallboardError)) return undefined;
  if (thrown.code === 'KUBE_CREDENTIAL_FAILED') return { code: 'CredentialFailed', message: thrown.message };
  if (thrown.code !== 'KUBE_UNREACHABLE') return undefined;
  const { code, reason } = thrown.details;
  return { code: code as FaultCode, message: String(reason) };
}

const codesByErrno: Readonly<Record<string, FaultCode>> = {
  ECONNREFUSED: 'ConnectionRefused',
  ENOTFOUND: 'HostUnknown',
  EAI_AGAIN: 'HostUnknown',
  ETIMEDOUT: 'Timeout',
  EHOSTUNREACH: 'NetworkUnreachable',
  ENETUNREACH: 'NetworkUnreachable',
  EADDRNOTAVAIL: 'NetworkUnreachable',
  CERT_HAS_EXPIRED: 'CertificateExpired',
  CERT_NOT_YET_VALID: 'CertificateExpired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'NameMismatch',
};

/** The fault that an error of a socket, of TLS or of HTTP means. @param place what was asked, e.g. `10.0.0.1:6443` */
export function socketFault(place: string, thrown: unknown): TransportFault {
  const errno =
    thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const code = errno === undefined ? undefined : codesByErrno[errno];
  if (code !== undefined) return { code, message: `${sentences[code] ?? code} (${place})` };
  if (errno === 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' || /ALERT_(BAD|UNKNOWN|EXPIRED)_C/i.test(errno ?? ''))
    return { code: 'Unauthorized', message: `${place} refuses the client certificate (${errno})` };
  if (/^(EPROTO|ERR_SSL_|HPE_|Z_)/.test(errno ?? ''))
    return { code: 'ProtocolError', message: `${place} does not speak as an API server does (${errno})` };
  return { code: 'ConnectionLost', message: `The connection to ${place} broke off: ${errno ?? errorMessage(thrown)}` };
}

const sentences: Partial<Record<FaultCode, string>> = {
  ConnectionRefused: 'Nothing answers there: the API server is down, or its address is another one',
  HostUnknown: 'The name of the API server is not known here',
  Timeout: 'The API server did not answer in time',
  NetworkUnreachable: 'There is no way to the API server from here',
};
