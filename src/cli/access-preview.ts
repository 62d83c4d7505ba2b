import { basename, resolve } from 'node:path';
import { readPolicy } from '../access/policy/policy-document.ts';
import type { PolicyProblem } from '../access/policy/policy-set.ts';
import type { Binding, Role } from '../access/policy/rule.ts';
import type { PolicyChange } from '../api/roles.ts';
import { sameJson } from '../base/canonical-json.ts';
import type { Answer } from '../client.ts';
import { readConfigText } from '../config/yaml-file.ts';
import type { AccessRequest } from './access.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { plural } from './finding-text.ts';
import { connectServer } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

type Policy = Answer<'GET /api/v1/access/policy'>;
type Preview = Answer<'POST /api/v1/access/preview'>;

/** What `callboard access preview` was told. */
export interface PreviewRequest extends AccessRequest {
  readonly file: string;
}

/** `callboard access preview`: exit code 1 where the file is no good, or would lock out who asks. */
export async function runAccessPreview(request: PreviewRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { output, file } = request;
  const { cwd, out } = surroundings;
  const text = await readConfigText(resolve(cwd, file));
  const connection = connectServer(request, surroundings);
  const policy = await connection.call('GET /api/v1/access/policy');
  const permissions = new Map(policy.permissions.map((item) => [item.name, item]));
  // Which facts there are only the server knows; it looks at the conditions again.
  const { layer, problems, isGood } = readPolicy(text, basename(file), { permissions, storedFacts: () => true });
  const changes = isGood ? changesTo(layer, policy) : [];
  const preview =
    changes.length === 0 ? undefined : await connection.call('POST /api/v1/access/preview', { body: { changes } });
  if (output === 'json') out(JSON.stringify({ problems, changes: changes.length, ...preview }, undefined, 2));
  else out(previewText(problems, isGood, preview));
  return isGood && preview?.locksOut !== true ? exitCodes.ok : exitCodes.failure;
}

/** What the file would change of the roles and bindings that are in force. */
function changesTo(
  { roles, bindings }: { readonly roles: readonly Role[]; readonly bindings: readonly Binding[] },
  policy: Policy,
): PolicyChange[] {
  const changes: PolicyChange[] = [];
  for (const { name, description, rules } of roles) {
    const body = { ...(description !== undefined && { description }), rules: [...rules] };
    const known = policy.roles.find((role) => role.name === name);
    if (sameJson({ description: known?.description, rules: known?.rules }, body)) continue;
    changes.push({ type: 'role', name, body });
  }
  for (const { name, role, subjects } of bindings) {
    const known = policy.bindings.find((binding) => binding.name === name);
    if (known?.role === role && sameJson(known.subjects, subjects)) continue;
    changes.push({ type: 'binding', name, body: { role, subjects: [...subjects] } });
  }
  for (const { name, origin } of policy.bindings) {
    const isGone = origin.kind === 'file' && !bindings.some((kept) => kept.name === name);
    if (isGone) changes.push({ type: 'binding', name, body: null });
  }
  for (const { name, origin } of policy.roles) {
    const isGone = origin.kind === 'file' && !roles.some((kept) => kept.name === name);
    if (isGone) changes.push({ type: 'role', name, body: null });
  }
  return changes;
}

function previewText(problems: readonly PolicyProblem[], isGood: boolean, preview: Preview | undefined): string {
  const lines = problems.map(({ place, message }) => printable(`${place}: ${message}`));
  if (!isGood) return [...lines, 'The file cannot be in force.'].join('\n');
  if (preview === undefined) return [...lines, 'Nothing would change.'].join('\n');
  const rows = preview.effects.map((effect) => [
    effect.principal,
    effect.loses.join(', ') || '-',
    effect.gains.join(', ') || '-',
    entitiesText(effect),
  ]);
  return [
    ...lines,
    ...(rows.length === 0 ? [] : [textTable(['principal', 'loses', 'gains', 'entities'], rows), '']),
    `Affected: ${preview.affected} of ${plural(preview.principals, 'principal')}.`,
    ...(preview.locksOut ? ['You could not take it back: you would lose access.policy.update.'] : []),
  ].join('\n');
}

function entitiesText(effect: Preview['effects'][number]): string {
  const { entitiesBefore, entitiesAfter, entitiesLost, entitiesGained, exampleLost, exampleGained } = effect;
  const parts = [
    ...(entitiesLost > 0 ? [`-${entitiesLost}${exampleLost === undefined ? '' : ` such as ${exampleLost}`}`] : []),
    ...(entitiesGained > 0
      ? [`+${entitiesGained}${exampleGained === undefined ? '' : ` such as ${exampleGained}`}`]
      : []),
  ];
  return `${entitiesBefore} -> ${entitiesAfter}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}
