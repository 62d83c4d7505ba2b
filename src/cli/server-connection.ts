import { CallboardError, errorMessage } from '../base/errors.ts';
import { ClientError, createClient, type Client } from '../client.ts';
import { commandFailure } from './errors.ts';

/** A server as commands ask it. */
export type ServerConnection = Pick<Client, 'call' | 'text'>;

/**
 * Names a running server. It is asked when the first call is made.
 *
 * @param server http(s) URL
 * @returns calls that throw SERVER_UNREACHABLE, or the server's own error
 * @throws ARGUMENT_INVALID where it is no such URL
 */
export function connectServer(server: string): ServerConnection {
  const url = URL.parse(server);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const reason = 'an http:// or https:// URL is expected';
    throw commandFailure('ARGUMENT_INVALID', { argument: '--server', reason });
  }
  const client = createClient({ baseUrl: url.href });
  return {
    async call(route, ...options) {
      try {
        return await client.call(route, ...options);
      } catch (thrown) {
        throw failure(thrown, server);
      }
    },
    async *text(route, ...options) {
      try {
        yield* client.text(route, ...options);
      } catch (thrown) {
        throw failure(thrown, server);
      }
    },
  };
}

/** The client's error with the meaning that exit codes are made from. */
function failure(thrown: unknown, server: string): unknown {
  if (!(thrown instanceof ClientError)) return thrown;
  if (thrown.status === 0 || thrown.code === 'ANSWER_UNREADABLE') {
    const cause = thrown.cause instanceof Error ? (thrown.cause.cause ?? thrown.cause) : thrown;
    return commandFailure('SERVER_UNREACHABLE', { server, reason: errorMessage(cause) }, thrown);
  }
  return new CallboardError(thrown.code, thrown.status, thrown.message, {}, thrown);
}
