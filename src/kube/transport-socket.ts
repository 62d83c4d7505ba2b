import { readFile } from 'node:fs/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { ClusterConnection } from './connection.ts';
import type { Proof } from './credential.ts';
import { openTunnel, ProxyRefusal } from './proxy-tunnel.ts';
import { socketFault, type TransportFault, transportError } from './transport-fault.ts';

/** How long a connection may take to be made, with TLS, ms. */
export const CONNECT_MS = 10_000;

/** The place of an API server. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** `host:port`, for people. */
  readonly place: string;
}

/** Where a connection goes. */
export function addressOf({ server }: Pick<ClusterConnection, 'server'>): ServerAddress {
  const url = new URL(server);
  const isTls = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (isTls ? 443 : 80));
  return { host, port, isTls, place: `${host.includes(':') ? `[${host}]` : host}:${port}` };
}

/** True where the server is on this machine: its bytes cost nothing to send. */
export function isNear(connection: Pick<ClusterConnection, 'server'>): boolean {
  const { host } = addressOf(connection);
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** What a socket is opened with. */
export interface SocketOptions {
  readonly connection: ClusterConnection;
  readonly certificate: Proof['certificate'];
  /** Protocols that may be spoken, the best first. */
  readonly protocols: readonly ('h2' | 'http/1.1')[];
  readonly clock: Clock;
}

/**
 * Opens a connection to an API server, through its proxy where it has one, and checks who answers.
 *
 * @returns a socket that is ready; of TLS where the server's URL says https
 * @throws KUBE_UNREACHABLE
 */
export async function openSocket(options: SocketOptions): Promise<Socket | TLSSocket> {
  const { connection, clock } = options;
  const address = addressOf(connection);
  const limit = new AbortController();
  const timer = clock.after(CONNECT_MS, () => limit.abort());
  try {
    const raw = await openRaw(connection, address, limit.signal);
    return address.isTls ? await secure(raw, address, options, limit.signal) : (raw as Socket);
  } catch (thrown) {
    const told = limit.signal.aborted
      ? { code: 'Timeout' as const, message: `${address.place} did not answer within ${CONNECT_MS / 1000} s` }
      : thrown instanceof Refusal
        ? thrown.fault
        : thrown instanceof ProxyRefusal
          ? { code: 'ProxyFailed' as const, message: thrown.message }
          : socketFault(address.place, thrown);
    throw transportError(connection.name, told, thrown);
  } finally {
    timer.cancel();
  }
}

/** A fault that was found here, on its way to `openSocket`. */
class Refusal extends Error {
  readonly fault: TransportFault;
  constructor(fault: TransportFault) {
    super(fault.message);
    this.fault = fault;
  }
}

async function openRaw(connection: ClusterConnection, address: ServerAddress, signal: AbortSignal): Promise<Duplex> {
  const { host, port } = address;
  if (connection.proxyUrl !== undefined) return openTunnel(connection.proxyUrl, host, port, signal);
  const socket = connectTcp({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
  await settled(socket, 'connect', signal);
  return socket;
}

async function secure(
  raw: Duplex,
  { host, place }: ServerAddress,
  { connection, certificate, protocols }: SocketOptions,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { tlsServerName, isInsecure } = connection;
  const authority = await authorityOf(connection);
  const servername = tlsServerName ?? (isIP(host) === 0 ? host : undefined);
  const socket = connectTls({
    socket: raw,
    host: tlsServerName ?? host,
    ...(servername !== undefined && { servername }),
    ...(authority !== undefined && { ca: authority }),
    ...(certificate && { cert: certificate.certificate, key: certificate.key }),
    ALPNProtocols: [...protocols],
    minVersion: 'TLSv1.2',
    // Checked right below, where the certificate can still be told of.
    rejectUnauthorized: false,
  });
  await settled(socket, 'secureConnect', signal);
  if (!isInsecure && !socket.authorized) {
    const fault = certificateFault(place, socket);
    socket.destroy();
    throw new Refusal(fault);
  }
  return socket;
}

async function authorityOf({ authority, authorityPath }: ClusterConnection): Promise<string | undefined> {
  if (authority !== undefined || authorityPath === undefined) return authority;
  try {
    return await readFile(authorityPath, 'utf8');
  } catch (thrown) {
    const message = `The certificate authority cannot be read: ${errorMessage(thrown)}`;
    throw new Refusal({ code: 'CertificateUnknown', message });
  }
}

function certificateFault(place: string, socket: TLSSocket): TransportFault {
  const found = socket.authorizationError as unknown;
  const known = String(
    found instanceof Error && 'code' in found ? found.code : found instanceof Error ? found.message : found,
  );
  const { subject, issuer, valid_from, valid_to, subjectaltname } = socket.getPeerCertificate();
  const name = `The certificate of ${place} (${String(subject?.CN ?? 'without a name').slice(0, 200)})`;
  if (known === 'CERT_HAS_EXPIRED' || known === 'CERT_NOT_YET_VALID') {
    const message = `${name} holds from ${valid_from} to ${valid_to}: it must be renewed, or this machine’s clock is wrong`;
    return { code: 'CertificateExpired', message };
  }
  if (known === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = String(subjectaltname ?? 'no name').slice(0, 500);
    const message = `${name} is for ${names}: give one of these as tls-server-name, or another address`;
    return { code: 'NameMismatch', message };
  }
  const by = String(issuer?.CN ?? 'nobody who says a name').slice(0, 200);
  const message = `${name} is issued by ${by}, which is not trusted here (${known}): give the certificate-authority of the cluster`;
  return { code: 'CertificateUnknown', message };
}

/** Waits for the event that says a socket is ready. */
function settled(socket: Duplex, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    const onClose = (): void => reject(new Error('closed before it was ready'));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', reject);
    socket.once('close', onClose);
    socket.once(event, () => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', reject);
      socket.off('close', onClose);
      resolve();
    });
  });
}
