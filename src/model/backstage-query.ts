import { modelError } from './errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import type { Predicate } from './predicate.ts';

const MAX_DEPTH = 32;
const MAX_NODES = 20_000;

interface Budget {
  nodes: number;
}

/**
 * Compiles Backstage's predicate language (rules: the catalog's REST API, `query` of POST bodies): field maps joined by
 * AND, `$all`, `$any`, `$not`, and the value operators `$exists`, `$in`, `$contains`, `$hasPrefix`. Letter case does not
 * count. An empty object holds for everything.
 *
 * @throws PREDICATE_INVALID with the place and what is wrong there; also when it is nested deeper than 32 levels or has
 * more than 20,000 parts
 * @example parseBackstageQuery({ kind: 'component', 'spec.type': { $in: ['service', 'website'] } })
 */
export function parseBackstageQuery(query: JsonValue): Predicate {
  return parseNode(query, '', 0, { nodes: MAX_NODES });
}

function invalid(path: string, reason: string): Error {
  return modelError('PREDICATE_INVALID', { reason: path === '' ? reason : `${path.replace(/\.$/, '')}: ${reason}` });
}

function nameOf(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value).slice(0, 60)}`;
}

function spend(budget: Budget, count: number, path: string): void {
  budget.nodes -= count;
  if (budget.nodes < 0) throw invalid(path, `the query has more than ${MAX_NODES} parts`);
}

function parseNode(node: JsonValue | undefined, path: string, depth: number, budget: Budget): Predicate {
  if (!isJsonObject(node)) throw invalid(path, `expected an object of fields or an operator, got ${nameOf(node)}`);
  if (depth > MAX_DEPTH) throw invalid(path, `nested deeper than ${MAX_DEPTH} levels`);
  const keys = Object.keys(node);
  spend(budget, keys.length + 1, path);
  const operator = keys.find((key) => key.startsWith('$'));
  if (operator !== undefined) {
    if (keys.length > 1) throw invalid(path, `${operator} must stand alone in its object`);
    return parseOperator(operator, node[operator], `${path}${operator}`, depth, budget);
  }
  return join(
    'and',
    keys.map((key) => parseField(key, node[key], `${path}${key}`, budget)),
  );
}

function join(op: 'and' | 'or', args: readonly Predicate[]): Predicate {
  const [first, ...others] = args;
  if (first === undefined) return { op: 'constant', value: op === 'and' };
  return others.length === 0 ? first : { op, args };
}

function parseOperator(
  operator: string,
  value: JsonValue | undefined,
  path: string,
  depth: number,
  budget: Budget,
): Predicate {
  if (operator === '$not') return { op: 'not', arg: parseNode(value, `${path}.`, depth + 1, budget) };
  if (operator !== '$all' && operator !== '$any') throw invalid(path, 'unknown operator; use $all, $any or $not');
  if (!Array.isArray(value)) throw invalid(path, `expected a list, got ${nameOf(value)}`);
  const args = value.map((item: JsonValue, index) => parseNode(item, `${path}[${index}].`, depth + 1, budget));
  return join(operator === '$all' ? 'and' : 'or', args);
}

function isPrimitive(value: JsonValue | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function equals(key: string, values: readonly (string | number | boolean)[]): Predicate {
  if (values.length === 0) return { op: 'constant', value: false };
  return { op: 'field', key: key.toLowerCase(), values: values.map((value) => String(value).toLowerCase()) };
}

function exists(key: string, wanted: boolean): Predicate {
  const field: Predicate = { op: 'field', key: key.toLowerCase() };
  return wanted ? field : { op: 'not', arg: field };
}

/** Where an object holds several operators, the first that is well-formed in this order decides (as Backstage does). */
function parseField(key: string, value: JsonValue | undefined, path: string, budget: Budget): Predicate {
  if (isPrimitive(value)) return equals(key, [value]);
  if (!isJsonObject(value)) throw invalid(path, `expected a value or an operator, got ${nameOf(value)}`);
  const { $exists, $in, $contains, $hasPrefix } = value;
  if (typeof $exists === 'boolean') return exists(key, $exists);
  if (Array.isArray($in) && $in.every(isPrimitive)) {
    spend(budget, $in.length, path);
    return equals(key, $in);
  }
  if (isPrimitive($contains)) return equals(key, [$contains]);
  if (isJsonObject($contains)) return parseContains(key, $contains, path, budget);
  if (typeof $hasPrefix === 'string')
    return { op: 'fieldPrefix', key: key.toLowerCase(), prefix: $hasPrefix.toLowerCase() };
  throw invalid(
    path,
    'expected $exists (true or false), $in (a list of values), $contains (a value) or $hasPrefix (a text)',
  );
}

/** `$contains` with an object: only relations can be asked so, by type and target. */
function parseContains(key: string, value: JsonObject, path: string, budget: Budget): Predicate {
  if (key.toLowerCase() !== 'relations')
    throw invalid(path, 'an object in $contains is only supported for the field "relations"');
  const foreign = Object.keys(value).find((name) => name !== 'type' && name !== 'targetRef');
  if (foreign !== undefined) throw invalid(path, `unsupported key "${foreign}" in $contains; use type and targetRef`);
  if (typeof value.type !== 'string') throw invalid(path, '$contains needs a type, as text');
  const field = `relations.${value.type}`;
  const target = value.targetRef;
  if (target === undefined) return exists(field, true);
  if (typeof target === 'string') return equals(field, [target]);
  const targets = isJsonObject(target) ? target.$in : undefined;
  if (!Array.isArray(targets) || targets.length === 0 || !targets.every((item) => typeof item === 'string'))
    throw invalid(path, 'targetRef must be an entity ref or {"$in": [entity refs]}');
  spend(budget, targets.length, path);
  return equals(field, targets);
}
