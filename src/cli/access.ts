import type { Answer } from '../client.ts';
import type { OutputFormat } from './definition.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

/** What every `callboard access` command was told. */
export interface AccessRequest extends ServerTarget {
  readonly output: OutputFormat;
}

/** What `callboard access check` was told. */
export interface CheckRequest extends AccessRequest {
  readonly permission: string;
  readonly principal?: string;
  readonly entity?: string;
  readonly cluster?: string;
  readonly namespace?: string;
}

/** `callboard access check`: exit code 1 where it is denied. */
export async function runAccessCheck(request: CheckRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out } = surroundings;
  const { output, permission, principal, entity, cluster, namespace } = request;
  const body = {
    permission,
    ...(principal !== undefined && { principal }),
    ...(entity !== undefined && { entity }),
    ...(cluster !== undefined && { cluster }),
    ...(namespace !== undefined && { namespace }),
  };
  const answer = await connectServer(request, surroundings).call('POST /api/v1/access/check', { body });
  out(output === 'json' ? JSON.stringify(answer, undefined, 2) : checkText(answer));
  return answer.result === 'deny' ? exitCodes.failure : exitCodes.ok;
}

function checkText(answer: Answer<'POST /api/v1/access/check'>): string {
  const { principal, permission, result, reason, reasons, contact } = answer;
  const head = `${result}: ${permission} for ${principal}: ${reason}.`;
  const rows = reasons.map(({ role, binding, subject, where = '', holds }) => [holds, role, binding, subject, where]);
  return [
    printable(result === 'deny' ? `${head} ${contact}` : head),
    ...(rows.length === 0 ? [] : ['', textTable(['holds', 'role', 'binding', 'through', 'where'], rows)]),
  ].join('\n');
}

/** `callboard access policy`. */
export async function runAccessPolicy(request: AccessRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { output } = request;
  const { out } = surroundings;
  const policy = await connectServer(request, surroundings).call('GET /api/v1/access/policy');
  out(output === 'json' ? JSON.stringify(policy, undefined, 2) : policyText(policy));
  return exitCodes.ok;
}

function policyText({ engine, roles, bindings, problems }: Answer<'GET /api/v1/access/policy'>): string {
  const place = ({ kind, place: at }: (typeof roles)[number]['origin']): string => at ?? kind;
  const ruleRows = roles.flatMap(({ name, rules, origin }) =>
    rules.map(({ permissions, where = '' }, index) => [
      index === 0 ? name : '',
      index === 0 ? place(origin) : '',
      permissions.join(', '),
      where,
    ]),
  );
  const bindingRows = bindings.map(({ name, role, subjects, origin }) => [
    name,
    place(origin),
    role,
    subjects.join(', '),
  ]);
  return [
    ...(engine === 'opa' ? ['An Open Policy Agent decides; roles decide for built-in bindings alone.', ''] : []),
    textTable(['role', 'from', 'permissions', 'where'], ruleRows),
    '',
    textTable(['binding', 'from', 'role', 'subjects'], bindingRows),
    ...problems.map(({ place: at, message }) => printable(`${at}: ${message}`)),
  ].join('\n');
}
