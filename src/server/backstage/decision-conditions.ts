import type { FieldPath, Predicate, PrincipalContext, Scalar } from '../../model/predicate.ts';
import { RESOURCE_TYPE } from './catalog-permissions.ts';
import type { Criteria } from './permission-contracts.ts';
import { DECISION_RULE } from './permission-rules.ts';

/** Longest text that Backstage's rules find. */
const LONGEST_VALUE = 200;

/** A condition in Backstage's rules. Not exact: they are true for more, since letter case does not count for them. */
interface Told {
  readonly criteria: Criteria;
  readonly isExact: boolean;
}

/**
 * Tells a condition on entities in Backstage's rules as far as they go. Where they would permit more than the condition, or
 * cannot say it at all, a rule that asks Callboard for the decision stands beside them, or alone: who knows it not, refuses.
 *
 * @param permission name of the permission that was decided on
 */
export function criteriaOf(condition: Predicate, principal: PrincipalContext, permission: string): Criteria {
  const told = tell(condition, [...principal.claims]);
  const decision = rule(DECISION_RULE, { permission });
  if (told === undefined) return decision;
  return told.isExact ? told.criteria : { allOf: [told.criteria, decision] };
}

function rule(name: string, params: Readonly<Record<string, unknown>>): Criteria {
  return { rule: name, resourceType: RESOURCE_TYPE, params };
}

function tell(condition: Predicate, claims: readonly string[]): Told | undefined {
  switch (condition.op) {
    case 'and':
      return tellAll(condition.args, claims);
    case 'or':
      return tellAny(condition.args, claims);
    case 'not': {
      const inner = tell(condition.arg, claims);
      return inner?.isExact === true ? { criteria: { not: inner.criteria }, isExact: true } : undefined;
    }
    case 'owns':
      return { criteria: rule('IS_ENTITY_OWNER', { claims }), isExact: true };
    case 'compare':
      return condition.cmp === '==' ? tellValues(condition.path, [condition.value]) : undefined;
    case 'oneOf':
      return tellValues(condition.path, condition.values);
    default:
      return undefined;
  }
}

/** What cannot be told is left out: then more entities fit than should. */
function tellAll(parts: readonly Predicate[], claims: readonly string[]): Told | undefined {
  const told = parts.map((part) => tell(part, claims)).filter((part) => part !== undefined);
  if (told.length === 0) return undefined;
  const isExact = told.length === parts.length && told.every((part) => part.isExact);
  return { criteria: { allOf: told.map(({ criteria }) => criteria) }, isExact };
}

function tellAny(parts: readonly Predicate[], claims: readonly string[]): Told | undefined {
  const told = parts.map((part) => tell(part, claims)).filter((part) => part !== undefined);
  if (told.length < parts.length || told.length === 0) return undefined;
  return { criteria: { anyOf: told.map(({ criteria }) => criteria) }, isExact: told.every((part) => part.isExact) };
}

/** `path == value`, or one of several values. */
function tellValues(path: FieldPath, values: readonly Scalar[]): Told | undefined {
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length < values.length || texts.some(({ length }) => length > LONGEST_VALUE)) return undefined;
  const [first, second, third] = path;
  if (first === 'kind' && path.length === 1)
    return { criteria: rule('IS_ENTITY_KIND', { kinds: texts }), isExact: false };
  const one = (value: string): Criteria | undefined => {
    if (first === 'metadata' && second === 'labels' && path.length === 3)
      return rule('HAS_LABEL', { label: third, value });
    if (first === 'metadata' && second === 'annotations' && path.length === 3)
      return rule('HAS_ANNOTATION', { annotation: third, value });
    const key = path.slice(1).join('.');
    if (key === '') return undefined;
    if (first === 'metadata') return rule('HAS_METADATA', { key, value });
    return first === 'spec' ? rule('HAS_SPEC', { key, value }) : undefined;
  };
  const parts = texts.map(one).filter((part) => part !== undefined);
  const [only, another] = parts;
  if (only === undefined || parts.length < texts.length) return undefined;
  return { criteria: another === undefined ? only : { anyOf: parts }, isExact: false };
}
