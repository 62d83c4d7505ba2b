import type { PermissionItem, RoleRule } from '../../api/roles.ts';
import type { PrincipalContext } from '../../model/predicate.ts';
import type { Decision } from '../policy.ts';
import type { ConditionCache } from './condition-cache.ts';
import { isPlaced } from './rule.ts';

const ALLOW: Decision = { result: 'allow' };

/**
 * What rules say of a permission that they all cover. Rules add to each other; none takes away.
 *
 * - `none`: what has no condition permits; there is nothing that a condition could be asked of.
 * - `entity`: what has no condition permits everything, else conditions filter. Clusters have no entities.
 * - `live`: what has neither condition nor place permits everything, else each object is asked about by itself.
 */
export function decideByRules(
  { name, resource }: PermissionItem,
  rules: readonly RoleRule[],
  context: PrincipalContext,
  conditions: ConditionCache,
): Decision {
  if (rules.some((rule) => rule.where === undefined && !isPlaced(rule))) return ALLOW;
  if (rules.length === 0) return { result: 'deny', reason: 'none of its roles has this permission' };
  if (resource === 'none') return { result: 'deny', reason: 'its roles have this permission with a condition only' };
  if (resource === 'live') {
    const key = `live ${name}`;
    return { result: 'condition', key, condition: { op: 'constant', value: false }, shared: true };
  }
  const sources = rules.flatMap((rule) => (rule.where === undefined || isPlaced(rule) ? [] : [rule.where]));
  if (sources.length === 0) return { result: 'deny', reason: 'its roles have this permission in clusters only' };
  return conditions.decision(sources, context);
}
