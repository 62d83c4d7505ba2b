import { Type, type Static, type TObject, type TProperties } from 'typebox';
import { Check } from 'typebox/value';
import type { Predicate } from '../../model/predicate.ts';
import { RESOURCE_TYPE } from './catalog-permissions.ts';
import { compatibleError } from './errors.ts';
import type { Criteria } from './permission-contracts.ts';

/** A rule that conditions on entities are made of. */
export interface PermissionRule {
  readonly name: string;
  readonly description: string;
  readonly paramsSchema: TObject;
  /** @param params as `paramsSchema` says */
  predicateOf(params: unknown, decide: PredicateOf): Predicate;
}

/** The condition that the asking principal has a permission. */
export type PredicateOf = (permission: string) => Predicate;

/** Name of the rule that stands for a decision which Backstage's own rules cannot tell. */
export const DECISION_RULE = 'CALLBOARD_PERMISSION';

const text = (description: string) => Type.String({ description });
const value = (description: string) => Type.Optional(Type.String({ description }));

function rule<Properties extends TProperties>(
  name: string,
  description: string,
  params: Properties,
  predicateOf: (params: Static<TObject<Properties>>, decide: PredicateOf) => Predicate,
): PermissionRule {
  return {
    name,
    description,
    paramsSchema: Type.Object(params, { additionalProperties: false }),
    predicateOf: (given, decide) => predicateOf(given as Static<TObject<Properties>>, decide),
  };
}

/** Letter case does not count, as in Backstage. */
function field(key: string, values?: readonly string[]): Predicate {
  const lower = values?.map((one) => one.toLowerCase());
  return { op: 'field', key: key.toLowerCase(), ...(lower && { values: lower }) };
}

function fieldWith(key: string, wanted: string | undefined): Predicate {
  return field(key, wanted === undefined ? undefined : [wanted]);
}

/** Backstage's rules for entities, and the one that asks Callboard. */
export const permissionRules: readonly PermissionRule[] = [
  rule(
    'HAS_ANNOTATION',
    'Entities that have an annotation',
    { annotation: text('Its key'), value: value('Its value') },
    (params) => fieldWith(`metadata.annotations.${params.annotation}`, params.value),
  ),
  rule('HAS_LABEL', 'Entities that have a label', { label: text('Its key'), value: value('Its value') }, (params) =>
    fieldWith(`metadata.labels.${params.label}`, params.value),
  ),
  rule(
    'HAS_METADATA',
    'Entities that have a field of metadata',
    { key: text('Path below metadata'), value: value('Its value') },
    (params) => fieldWith(`metadata.${params.key}`, params.value),
  ),
  rule(
    'HAS_SPEC',
    'Entities that have a field of spec',
    { key: text('Path below spec'), value: value('Its value') },
    (params) => fieldWith(`spec.${params.key}`, params.value),
  ),
  rule(
    'IS_ENTITY_KIND',
    'Entities of some kinds',
    { kinds: Type.Array(Type.String(), { description: 'Kinds, one of them' }) },
    (params) => field('kind', params.kinds),
  ),
  rule(
    'IS_ENTITY_OWNER',
    'Entities that one of some claims owns',
    { claims: Type.Array(Type.String(), { description: 'Entity refs, one of them a target of ownedBy' }) },
    (params) => field('relations.ownedBy', params.claims),
  ),
  rule(
    DECISION_RULE,
    'Entities for which whoever asks has a permission of Callboard',
    { permission: text('Its name') },
    (params, decide) => decide(params.permission),
  ),
];

const rulesByName = new Map(permissionRules.map((one) => [one.name, one]));

/**
 * The predicate of a condition as it was sent.
 * @throws CONDITION_MALFORMED, CONDITION_RULE_UNKNOWN, CONDITION_PARAMS_INVALID
 */
export function predicateOf(criteria: Criteria, decide: PredicateOf): Predicate {
  const each = (parts: unknown): Predicate[] => {
    if (!Array.isArray(parts) || parts.length === 0) throw compatibleError('CONDITION_MALFORMED');
    return parts.map((part) => predicateOf(part as Criteria, decide));
  };
  if (typeof criteria !== 'object' || criteria === null) throw compatibleError('CONDITION_MALFORMED');
  if ('allOf' in criteria) return { op: 'and', args: each(criteria.allOf) };
  if ('anyOf' in criteria) return { op: 'or', args: each(criteria.anyOf) };
  if ('not' in criteria) return { op: 'not', arg: predicateOf(criteria.not, decide) };
  const { rule: name, resourceType, params = {} } = criteria;
  if (typeof name !== 'string' || resourceType !== RESOURCE_TYPE) throw compatibleError('CONDITION_MALFORMED');
  const known = rulesByName.get(name);
  const shown = name.slice(0, 100);
  if (known === undefined) throw compatibleError('CONDITION_RULE_UNKNOWN', { rule: shown, type: RESOURCE_TYPE });
  if (!Check(known.paramsSchema, params)) throw compatibleError('CONDITION_PARAMS_INVALID', { rule: shown });
  return known.predicateOf(params, decide);
}
