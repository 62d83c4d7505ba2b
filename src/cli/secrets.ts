import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errorMessage } from '../base/errors.ts';
import type { OutputFormat } from './definition.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { plural } from './finding-text.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

/** What all of these commands are told. */
interface SecretsRequest extends ServerTarget {
  readonly output: OutputFormat;
}

/** What `callboard secrets set` and `delete` are told. */
export interface SecretRequest extends SecretsRequest {
  readonly name: string;
  /** File with the value; otherwise standard input. Never an argument: others see those. */
  readonly file?: string;
}

/** `callboard secrets list`: names and what uses them, never a value. */
export async function runSecretsList(request: SecretsRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { output } = request;
  const { out } = surroundings;
  const { items, missing, keys } = await connectServer(request, surroundings).call('GET /api/v1/secrets');
  if (output === 'json') {
    out(JSON.stringify({ items, missing, keys }, undefined, 2));
    return exitCodes.ok;
  }
  const rows = items.map(({ name, keyId, updatedAt, usedBy }) => [name, keyId, updatedAt, usedBy.join(', ') || '-']);
  out(rows.length === 0 ? 'No secret is kept.' : textTable(['name', 'key', 'changed', 'used by'], rows));
  for (const { name, usedBy } of missing) out(printable(`${name} is missing: ${usedBy.join(', ')} needs it`));
  return exitCodes.ok;
}

/** `callboard secrets set`: the value comes from a file or from standard input. */
export async function runSecretsSet(request: SecretRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { output, name } = request;
  const value = await readValue(request, surroundings);
  const item = await connectServer(request, surroundings).call('PUT /api/v1/secrets/:name', {
    params: { name },
    body: { value },
  });
  surroundings.out(output === 'json' ? JSON.stringify(item, undefined, 2) : `${item.name} is set.`);
  return exitCodes.ok;
}

/** `callboard secrets delete` */
export async function runSecretsDelete(request: SecretRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { name } = request;
  const { out } = surroundings;
  await connectServer(request, surroundings).call('DELETE /api/v1/secrets/:name', { params: { name } });
  out(printable(`${name} is removed.`));
  return exitCodes.ok;
}

/** `callboard secrets rotate`: encrypts everything with the first key, so that older keys can go. */
export async function runSecretsRotate(request: SecretsRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { output } = request;
  const { out } = surroundings;
  const answer = await connectServer(request, surroundings).call('POST /api/v1/secrets/rotation');
  const { rotated, keyId } = answer;
  out(output === 'json' ? JSON.stringify(answer) : `${plural(rotated, 'secret')} encrypted anew with key ${keyId}.`);
  return exitCodes.ok;
}

async function readValue({ file }: SecretRequest, { cwd, input }: Surroundings): Promise<string> {
  if (file === undefined) return input();
  try {
    return (await readFile(resolve(cwd, file), 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw commandFailure('ARGUMENT_INVALID', { argument: '--file', reason: errorMessage(error) }, error);
  }
}
