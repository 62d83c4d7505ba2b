import { errorMessage } from '../base/errors.ts';
import type { Evaluate, EvaluationContext, FieldPath, Predicate, Scalar, Subject, Tri } from '../model/predicate.ts';
import { pathOf } from './access.ts';
import { requireBool, type Code, type Compiler } from './code.ts';
import { EXHAUSTED, type Frame } from './frame.ts';
import { patternOf } from './pattern.ts';
import type { BinaryOperator, Node } from './syntax.ts';
import { isList, numberOf, Unknown, type Result, type Value } from './value.ts';

/** Steps of each leaf of one expression, known when all leaves are. */
export interface Budget {
  leaves: number;
  steps: number;
}

/** What a condition says of one subject: true, false, or unknown with the reason. */
export type Decide = (subject: Subject, context: EvaluationContext) => boolean | Unknown;

/** A part of an expression that is true, false or unknown: as a predicate for plans, and as a function. */
export interface Condition {
  readonly predicate: Predicate;
  readonly decide: Decide;
}

type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
type TextFunction = 'startsWith' | 'endsWith' | 'contains' | 'matches';

const FLIPPED: Readonly<Record<Comparison, Comparison>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
const NOT_BOOL = new Unknown('the result is neither true nor false');
const OUT_OF_STEPS = new Unknown('it takes too many steps');

/** The third outcome without its reason. */
export function toTri(outcome: boolean | Unknown): Tri {
  return outcome instanceof Unknown ? 'unknown' : outcome;
}

/**
 * Compiles a node to a condition: `&&`, `||` and `!` become a tree whose leaves are answered each for itself, so that
 * an index may answer some of them. The meaning of the whole is by definition the tree's.
 * @throws ExpressionFault
 */
export function compileCondition(compiler: Compiler, node: Node, budget: Budget): Condition {
  if (node.op === 'and' || node.op === 'or') {
    const side = `Each side of \`${node.op === 'and' ? '&&' : '||'}\``;
    return combine(
      node.op,
      node.args.map((arg) => compileOperand(compiler, arg, budget, side)),
    );
  }
  if (node.op === 'not') return negated(compileOperand(compiler, node.arg, budget, 'What stands after `!`'));
  return compileOperand(compiler, node, budget, 'A condition');
}

function compileOperand(compiler: Compiler, node: Node, budget: Budget, place: string): Condition {
  if (node.op === 'and' || node.op === 'or' || node.op === 'not') return compileCondition(compiler, node, budget);
  const code = compiler.compile(node, undefined);
  requireBool(compiler, code, place);
  return leaf(compiler, node, code, budget);
}

function constant(outcome: boolean | Unknown): Condition {
  return { predicate: { op: 'constant', value: toTri(outcome) }, decide: () => outcome };
}

function combine(op: 'and' | 'or', conditions: readonly Condition[]): Condition {
  const decisive = op === 'or';
  const parts: Condition[] = [];
  for (const part of conditions) {
    const { predicate } = part;
    if (predicate.op !== 'constant' || predicate.value === 'unknown') parts.push(part);
    else if (predicate.value === decisive) return constant(decisive);
  }
  const [first] = parts;
  if (!first) return constant(!decisive);
  if (parts.length === 1) return first;
  const decides = parts.map((part) => part.decide);
  const decide: Decide = (subject, context) => {
    let unknown: Unknown | undefined;
    for (const decidePart of decides) {
      const outcome = decidePart(subject, context);
      if (outcome === decisive) return decisive;
      if (outcome instanceof Unknown) unknown ??= outcome;
    }
    return unknown ?? !decisive;
  };
  return { predicate: { op, args: parts.map((part) => part.predicate) }, decide };
}

function negated({ predicate, decide }: Condition): Condition {
  const opposite: Decide = (subject, context) => {
    const outcome = decide(subject, context);
    return outcome instanceof Unknown ? outcome : !outcome;
  };
  if (predicate.op === 'not') return { predicate: predicate.arg, decide: opposite };
  if (predicate.op !== 'constant') return { predicate: { op: 'not', arg: predicate }, decide: opposite };
  const value = predicate.value === 'unknown' ? predicate.value : !predicate.value;
  return { predicate: { op: 'constant', value }, decide: opposite };
}

function leaf(compiler: Compiler, node: Node, code: Code, budget: Budget): Condition {
  if (code.constant !== undefined) return constant(asOutcome(code.constant));
  budget.leaves += 1;
  const { run } = code;
  const decide: Decide = (subject, context) => {
    const frame: Frame = { subject, context, left: budget.steps, slots: [] };
    try {
      return asOutcome(run(frame));
    } catch (error) {
      // An evaluation never throws. Besides used-up steps this is a stack or a string beyond the engine's limits.
      return error === EXHAUSTED ? OUT_OF_STEPS : new Unknown(`it failed: ${errorMessage(error)}`);
    }
  };
  const evaluate: Evaluate = (subject, context) => toTri(decide(subject, context));
  return { predicate: leafPredicate(compiler, node, evaluate), decide };
}

function asOutcome(value: Result): boolean | Unknown {
  return typeof value === 'boolean' || value instanceof Unknown ? value : NOT_BOOL;
}

function leafPredicate(compiler: Compiler, node: Node, evaluate: Evaluate): Predicate {
  const indexed =
    node.op === 'binary' ? binaryPredicate(compiler, node, evaluate) : callPredicate(compiler, node, evaluate);
  return indexed ?? { op: 'scan', source: compiler.source.slice(node.start, node.end), evaluate };
}

function callPredicate(compiler: Compiler, node: Node, evaluate: Evaluate): Predicate | undefined {
  const bare = indexedPath(node);
  // A bare path is true where `true` stands and false where `false` does; `path == true` would be false for text.
  if (bare) return { op: 'compare', path: bare, cmp: '>=', value: true, evaluate };
  if (node.op !== 'call') return undefined;
  const [first] = node.args;
  if (node.target === undefined) {
    if (node.name === 'owns') return { op: 'owns', evaluate };
    const path = node.name === 'has' && first ? indexedPath(first) : undefined;
    return path && { op: 'has', path, evaluate };
  }
  const path = indexedPath(node.target);
  const arg = first && node.args.length === 1 ? constantOf(compiler, first) : undefined;
  const test = typeof arg === 'string' ? textTest(compiler, node.name, arg) : undefined;
  if (!path || !test || typeof arg !== 'string') return undefined;
  return { op: 'text', path, fn: node.name as TextFunction, arg, test, evaluate };
}

function textTest(compiler: Compiler, name: string, arg: string): ((value: string) => boolean) | undefined {
  switch (name) {
    case 'startsWith':
      return (value) => value.startsWith(arg);
    case 'endsWith':
      return (value) => value.endsWith(arg);
    case 'contains':
      return (value) => value.includes(arg);
    case 'matches': {
      const pattern = patternOf(arg, compiler.patterns);
      return pattern instanceof Unknown ? undefined : (value) => pattern.regex.test(value);
    }
    default:
      return undefined;
  }
}

function binaryPredicate(
  compiler: Compiler,
  node: Extract<Node, { readonly op: 'binary' }>,
  evaluate: Evaluate,
): Predicate | undefined {
  const { operator, left, right } = node;
  const leftPath = indexedPath(left);
  const rightPath = indexedPath(right);
  if (operator === 'in') {
    if (leftPath) return oneOf(leftPath, constantOf(compiler, right), evaluate);
    const value = rightPath && toScalar(constantOf(compiler, left));
    return rightPath && value !== undefined ? { op: 'member', path: rightPath, value, evaluate } : undefined;
  }
  if (!isComparison(operator)) return undefined;
  const path = leftPath ?? rightPath;
  const value = toScalar(constantOf(compiler, leftPath ? right : left));
  if (!path || value === undefined) return undefined;
  return { op: 'compare', path, cmp: leftPath ? operator : FLIPPED[operator], value, evaluate };
}

function oneOf(path: FieldPath, list: Value | undefined, evaluate: Evaluate): Predicate | undefined {
  if (list === undefined || !isList(list)) return undefined;
  const values: Scalar[] = [];
  for (const item of list) {
    const value = toScalar(item);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return { op: 'oneOf', path, values, evaluate };
}

function isComparison(operator: BinaryOperator): operator is Comparison {
  return operator in FLIPPED;
}

/** The path of a node from the entity's root, where indexes have it. */
function indexedPath(node: Node): FieldPath | undefined {
  const path = pathOf(node, undefined);
  if (!path) return undefined;
  const { root, keys } = path;
  switch (root) {
    case 'entity':
      return keys.length > 0 ? keys : undefined;
    case 'ref':
    case 'principal':
      return undefined;
    case 'relations':
      return keys.length === 1 ? [root, ...keys] : undefined;
    case 'facts':
      // A key with a dot may be a part of a fact's path or a key in its value: only an evaluation can tell.
      return keys.length > 1 && !keys.some((key) => key.includes('.')) ? [root, ...keys] : undefined;
    default:
      return [root, ...keys];
  }
}

function constantOf(compiler: Compiler, node: Node): Value | undefined {
  const { constant: value } = compiler.compile(node, undefined);
  return value instanceof Unknown ? undefined : value;
}

/** A constant as an index looks it up. */
function toScalar(value: Value | undefined): Scalar | undefined {
  if (value === undefined) return undefined;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  const number = numberOf(value);
  return number !== undefined && Number.isFinite(number) ? number + 0 : undefined;
}
