import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { Environment } from '../config/environment.ts';
import { ClientError, createClient, type Client } from '../client.ts';
import { commandFailure } from './errors.ts';
import type { Surroundings } from './surroundings.ts';

/** Which server a command asks, and as whom. */
export interface ServerTarget {
  /** http(s) URL. */
  readonly server: string;
  /** File with the token. */
  readonly tokenFile?: string;
}

/** A server as commands ask it. */
export type ServerConnection = Pick<Client, 'call' | 'text'>;

/**
 * Names a running server. It is asked when the first call is made, with the token of the file or of `CALLBOARD_TOKEN`.
 *
 * @returns calls that throw SERVER_UNREACHABLE, or the server's own error
 * @throws ARGUMENT_INVALID where it is no such URL, or the token cannot be read
 */
export function connectServer(
  { server, tokenFile }: ServerTarget,
  { cwd, env }: Pick<Surroundings, 'cwd' | 'env'>,
): ServerConnection {
  const url = URL.parse(server);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const reason = 'an http:// or https:// URL is expected';
    throw commandFailure('ARGUMENT_INVALID', { argument: '--server', reason });
  }
  const token = tokenFile === undefined ? tokenOf(env) : readToken(resolve(cwd, tokenFile));
  const client = createClient({ baseUrl: url.href, token });
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

function tokenOf(env: Environment): string | undefined {
  const token = env['CALLBOARD_TOKEN']?.trim() ?? '';
  return token === '' ? undefined : checkedToken(token, 'CALLBOARD_TOKEN');
}

function readToken(file: string): string {
  try {
    return checkedToken(readFileSync(file, 'utf8').trim(), '--token-file');
  } catch (error) {
    if (error instanceof CallboardError) throw error;
    throw commandFailure('ARGUMENT_INVALID', { argument: '--token-file', reason: errorMessage(error) }, error);
  }
}

/** A token is one word; anything else in its place would fail as a header, without saying why. */
function checkedToken(token: string, argument: string): string {
  if (/^[\x21-\x7e]{1,16384}$/.test(token)) return token;
  throw commandFailure('ARGUMENT_INVALID', { argument, reason: 'it does not hold a token' });
}

/** The client's error with the meaning that exit codes are made from. */
function failure(thrown: unknown, server: string): unknown {
  if (!(thrown instanceof ClientError)) return thrown;
  if (thrown.status === 0 || thrown.code === 'ANSWER_UNREADABLE') {
    const cause = thrown.cause instanceof Error ? (thrown.cause.cause ?? thrown.cause) : thrown;
    return commandFailure('SERVER_UNREACHABLE', { server, reason: errorMessage(cause) }, thrown);
  }
  if (thrown.status === 401) return commandFailure('SIGN_IN_NEEDED', { server, reason: thrown.message }, thrown);
  return new CallboardError(thrown.code, thrown.status, thrown.message, {}, thrown);
}
