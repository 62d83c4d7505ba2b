import type { MadeToken, TokenItem } from '../api/tokens.ts';
import type { OutputFormat } from './definition.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

/** What every `callboard tokens` command was told. */
export interface TokensRequest extends ServerTarget {
  readonly output: OutputFormat;
  /** Everybody's tokens, and not one's own. */
  readonly all?: boolean;
}

/** What `callboard tokens make` was told. */
export interface MakeTokenRequest extends TokensRequest {
  readonly service: string;
  readonly name: string;
  readonly days: string;
  readonly scope?: readonly string[];
}

/** What `callboard tokens end` was told. */
export interface EndTokenRequest extends TokensRequest {
  readonly token: string;
}

/** `callboard tokens list`. */
export async function runListTokens(request: TokensRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out } = surroundings;
  const items = await listed(request, surroundings);
  if (request.output === 'json') out(JSON.stringify({ items }, undefined, 2));
  else if (items.length === 0) out('No tokens.');
  else out(textTable(['id', 'begins', 'name', 'of', 'scopes', 'ends', 'last used'], items.map(row)));
  return exitCodes.ok;
}

/** `callboard tokens make`: prints nothing but the token, so that it can be led into a file. */
export async function runMakeToken(request: MakeTokenRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { service, name, days, scope, output } = request;
  if (!/^\d{1,3}$/.test(days)) {
    throw commandFailure('ARGUMENT_INVALID', { argument: '--days', reason: 'a whole number of days is expected' });
  }
  const order = { service, name, expiresInDays: Number(days), ...(scope !== undefined && { scopes: [...scope] }) };
  const made: MadeToken = await connectServer(request, surroundings).call('POST /api/v1/access/tokens', {
    body: order,
  });
  surroundings.out(output === 'json' ? JSON.stringify(made, undefined, 2) : made.token);
  if (output === 'text') surroundings.err(`Ends ${made.item.expiresAt}. It cannot be shown again.`);
  return exitCodes.ok;
}

/** `callboard tokens end`, by the id of a token or by its first characters where they are those of one alone. */
export async function runEndToken(request: EndTokenRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { token, all } = request;
  const meant = (await listed(request, surroundings)).filter(({ id, hint }) => id === token || hint === token);
  const [item] = meant;
  if (item === undefined || meant.length > 1) {
    const reason =
      item === undefined ? 'no token has this id or begins so' : 'several tokens begin so; name one by its id';
    throw commandFailure('ARGUMENT_INVALID', { argument: token.slice(0, 100), reason });
  }
  const route = all === true ? 'DELETE /api/v1/access/tokens/:id' : 'DELETE /api/v1/account/tokens/:id';
  await connectServer(request, surroundings).call(route, { params: { id: item.id } });
  surroundings.out(printable(`Ended: ${item.name} (${item.principal})`));
  return exitCodes.ok;
}

async function listed(request: TokensRequest, surroundings: Surroundings): Promise<readonly TokenItem[]> {
  const route = request.all === true ? 'GET /api/v1/access/tokens' : 'GET /api/v1/account/tokens';
  return (await connectServer(request, surroundings).call(route)).items;
}

function row({ id, hint, name, principal, scopes, expiresAt, lastUsedAt = 'never' }: TokenItem): readonly string[] {
  return [id, hint, name, principal, scopes?.join(', ') ?? 'all', expiresAt, lastUsedAt];
}
