import type { RoleBody, RoleRule } from '../../../src/api/roles.ts';

/** A rule as it is being written: all fields are there, empty ones mean nothing. */
export interface RuleDraft {
  readonly permissions: readonly string[];
  readonly where: string;
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
}

/** A role as it is being written. */
export interface RoleDraft {
  readonly name: string;
  readonly description: string;
  readonly rules: readonly RuleDraft[];
}

/** A rule with nothing in it yet. */
export const EMPTY_RULE: RuleDraft = { permissions: [], where: '', clusters: [], namespaces: [] };

/** A role with nothing in it yet. */
export const EMPTY_ROLE: RoleDraft = { name: '', description: '', rules: [EMPTY_RULE] };

/** The draft that says what a role says now. */
export function draftOf(name: string, { description = '', rules }: RoleBody): RoleDraft {
  return {
    name,
    description,
    rules: rules.map(({ permissions, where = '', clusters = [], namespaces = [] }) => ({
      permissions,
      where,
      clusters,
      namespaces,
    })),
  };
}

/** The role that a draft means. */
export function bodyOf({ description, rules }: RoleDraft): RoleBody {
  const text = description.trim();
  return { ...(text !== '' && { description: text }), rules: rules.map(ruleOf) };
}

function ruleOf({ permissions, where, clusters, namespaces }: RuleDraft): RoleRule {
  return {
    permissions: [...permissions],
    ...(where.trim() !== '' && { where }),
    ...(clusters.length > 0 && { clusters: [...clusters] }),
    ...(namespaces.length > 0 && { namespaces: [...namespaces] }),
  };
}

/** The draft of a text that was kept in this tab, if it still is one. */
export function parseRoleDraft(kept: unknown): RoleDraft | undefined {
  if (!isRecord(kept) || typeof kept['name'] !== 'string' || typeof kept['description'] !== 'string') return undefined;
  const rules = kept['rules'];
  if (!Array.isArray(rules) || !rules.every(isRuleDraft)) return undefined;
  return { name: kept['name'], description: kept['description'], rules };
}

function isRuleDraft(kept: unknown): kept is RuleDraft {
  if (!isRecord(kept) || typeof kept['where'] !== 'string') return false;
  return [kept['permissions'], kept['clusters'], kept['namespaces']].every(
    (list) => Array.isArray(list) && list.every((item) => typeof item === 'string'),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
