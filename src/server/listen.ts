import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import { serverError } from './errors.ts';
import type { RunningScopes } from './request-scope.ts';

/** Where a server answers. */
export interface ListenAddress {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Starts to listen.
 * @throws LISTEN_FAILED with the system's error as its cause
 */
export async function startListening(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<ListenAddress> {
  await app.ready();
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw serverError('LISTEN_FAILED', { host, port, problem: errorMessage(error) }, error);
  }
  const address = app.server.address() as AddressInfo;
  return { url: `http://${urlHost(address.address)}:${address.port}`, host: address.address, port: address.port };
}

/**
 * Stops accepting and lets running requests end. Requests that still run when the time is over are told by their
 * signal, and their connections are cut.
 */
export async function drain(
  app: FastifyInstance,
  running: RunningScopes,
  { clock, log, drainMs }: { readonly clock: Clock; readonly log: Logger; readonly drainMs: number },
): Promise<void> {
  // Answers that were taken over (streams of plugins) have no end of their own.
  for (const scope of running) if (scope.reply.sent) scope.abort(new Error('The server closes'));
  const timer = clock.after(drainMs, () => {
    log.warn({ requests: running.size }, 'requests did not end in time and are cut off');
    for (const scope of running) scope.abort(new Error('The server closes'));
    app.server.closeAllConnections();
  });
  await app.close();
  timer.cancel();
}

/** An address that a person can open: the unspecified addresses mean every interface, of which loopback is one. */
function urlHost(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::') return '[::1]';
  return address.includes(':') ? `[${address}]` : address;
}
