import { add, divide, modulo, multiply, negate, subtract } from './arithmetic.ts';
import { makeCode, requireBool, snippet, whole, withArticle, type Code, type Compiler } from './code.ts';
import { equals, mapGet, order, toKey } from './equality.ts';
import { charge, chargeMade, type Frame } from './frame.ts';
import { ExpressionFault, type Span } from './problem.ts';
import type { BinaryOperator, Node } from './syntax.ts';
import { isList, kindOf, Unknown, type MapValue, type Result, type Type, type Value } from './value.ts';

/** Computes one operator; undefined where it has no meaning for the values. */
type Apply = (left: Value, right: Value, frame: Frame) => Result | undefined;

const APPLY: Readonly<Record<BinaryOperator, Apply>> = {
  '==': equals,
  '!=': (left, right, frame) => !equals(left, right, frame),
  '<': comparison((difference) => difference < 0),
  '<=': comparison((difference) => difference <= 0),
  '>': comparison((difference) => difference > 0),
  '>=': comparison((difference) => difference >= 0),
  in: isIn,
  '+': plus,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': modulo,
};

const ORDERED: ReadonlySet<Type> = new Set(['bool', 'int', 'double', 'string', 'timestamp', 'duration']);

/** Compiles an operator between two operands. @throws ExpressionFault where the types can have no meaning for it */
export function compileBinary(
  compiler: Compiler,
  node: Extract<Node, { op: 'binary' }>,
  left: Code,
  right: Code,
): Code {
  const type = resultType(node.operator, left.type, right.type);
  if (type === undefined)
    throw new ExpressionFault(noMeaning(compiler, node, left, right), node, hintFor(node, left, right));
  const apply = APPLY[node.operator];
  const first = whole(left);
  const second = node.operator === 'in' ? right : whole(right);
  const wrong = new Unknown(`${node.operator} has no meaning for the values of ${snippet(compiler, node)}`);
  return makeCode(compiler, node, {
    type,
    parts: [first, second],
    run:
      memberOfConstant(node.operator, first, second) ??
      ((frame) => {
        const one = first.run(frame);
        if (one instanceof Unknown) return one;
        const other = second.run(frame);
        if (other instanceof Unknown) return other;
        return apply(one, other, frame) ?? wrong;
      }),
  });
}

/** `&&` and `||` of two or more parts by Kleene: a part that decides does so whatever the others are. */
export function compileLogic(compiler: Compiler, span: Span, op: 'and' | 'or', parts: readonly Code[]): Code {
  for (const part of parts) requireBool(compiler, part, `Each side of \`${op === 'and' ? '&&' : '||'}\``);
  const decisive = op === 'or';
  const notBool = parts.map((part) => new Unknown(`${snippet(compiler, part.span)} is neither true nor false`));
  return makeCode(compiler, span, {
    type: 'bool',
    parts,
    run: (frame) => {
      let unknown: Unknown | undefined;
      for (const [index, part] of parts.entries()) {
        const value = part.run(frame);
        if (value === decisive) return decisive;
        if (value !== !decisive) unknown ??= value instanceof Unknown ? value : notBool[index];
      }
      return unknown ?? !decisive;
    },
  });
}

/** `!x`. */
export function compileNot(compiler: Compiler, span: Span, part: Code): Code {
  requireBool(compiler, part, 'What stands after `!`');
  const notBool = new Unknown(`${snippet(compiler, part.span)} is neither true nor false`);
  return makeCode(compiler, span, {
    type: 'bool',
    parts: [part],
    run: (frame) => {
      const value = part.run(frame);
      if (typeof value === 'boolean') return !value;
      return value instanceof Unknown ? value : notBool;
    },
  });
}

/** `-x`. */
export function compileNegate(compiler: Compiler, span: Span, part: Code): Code {
  if (!isNumeric(part.type) && part.type !== 'dyn') {
    throw new ExpressionFault(`\`-\` stands before numbers, but this is ${withArticle(part.type)}.`, span);
  }
  const wrong = new Unknown(`${snippet(compiler, part.span)} is not a number`);
  return makeCode(compiler, span, {
    type: part.type,
    parts: [part],
    run: (frame) => {
      const value = part.run(frame);
      return value instanceof Unknown ? value : (negate(value) ?? wrong);
    },
  });
}

function comparison(decide: (difference: number) => boolean): Apply {
  return (left, right, frame) => {
    const difference = order(left, right, frame);
    return difference === undefined ? undefined : decide(difference);
  };
}

function plus(left: Value, right: Value, frame: Frame): Result | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    chargeMade(frame, left.length + right.length);
    return left + right;
  }
  if (isList(left) && isList(right)) {
    charge(frame, left.length + right.length);
    return [...left, ...right];
  }
  return add(left, right);
}

function isIn(item: Value, range: Value, frame: Frame): Result | undefined {
  if (isList(range)) return range.some((other) => equals(other, item, frame));
  if (kindOf(range) !== 'map') return undefined;
  const found = mapGet(range as MapValue, item);
  return found instanceof Unknown ? found : found !== undefined;
}

/** `x in [constants]` as one look-up, where all are scalars. */
function memberOfConstant(operator: BinaryOperator, item: Code, range: Code): Code['run'] | undefined {
  const list = range.constant;
  if (operator !== 'in' || list === undefined || list instanceof Unknown || !isList(list)) return undefined;
  const keys = list.map((value) => (value === null ? null : toKey(value)));
  if (keys.some((key) => key === undefined || Number.isNaN(key))) return undefined;
  const members = new Set(keys);
  return (frame) => {
    const value = item.run(frame);
    if (value instanceof Unknown) return value;
    const key = value === null ? null : toKey(value);
    return key !== undefined && members.has(key);
  };
}

/** The type an operator gives, undefined where it can have no meaning. */
function resultType(operator: BinaryOperator, left: Type, right: Type): Type | undefined {
  const isOpen = left === 'dyn' || right === 'dyn';
  switch (operator) {
    case '==':
    case '!=':
      return isOpen || left === right || left === 'null' || right === 'null' || areNumeric(left, right)
        ? 'bool'
        : undefined;
    case 'in':
      return right === 'list' || right === 'map' || right === 'dyn' ? 'bool' : undefined;
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const known = left === 'dyn' ? right : left;
      if (isOpen) return known === 'dyn' || ORDERED.has(known) ? 'bool' : undefined;
      return (left === right && ORDERED.has(left)) || areNumeric(left, right) ? 'bool' : undefined;
    }
    default:
      return arithmeticType(operator, left, right);
  }
}

function arithmeticType(operator: BinaryOperator, left: Type, right: Type): Type | undefined {
  if (left === 'dyn' || right === 'dyn') {
    const known = left === 'dyn' ? right : left;
    return known === 'dyn' || hasArithmetic(operator, known) ? 'dyn' : undefined;
  }
  if (areNumeric(left, right)) {
    if (left === 'int' && right === 'int') return 'int';
    return operator === '%' ? undefined : 'double';
  }
  const isTime = (type: Type): boolean => type === 'timestamp' || type === 'duration';
  if (operator === '+' && left === right && (left === 'string' || left === 'list')) return left;
  if (!isTime(left) || !isTime(right)) return undefined;
  if (operator === '+') return left === right ? (left === 'duration' ? left : undefined) : 'timestamp';
  if (operator !== '-') return undefined;
  if (left === right) return 'duration';
  return left === 'timestamp' ? 'timestamp' : undefined;
}

function hasArithmetic(operator: BinaryOperator, type: Type): boolean {
  if (isNumeric(type)) return operator !== '%' || type === 'int';
  if (operator === '+') return ['string', 'list', 'timestamp', 'duration'].includes(type);
  return operator === '-' && (type === 'timestamp' || type === 'duration');
}

function isNumeric(type: Type): boolean {
  return type === 'int' || type === 'double';
}

function areNumeric(left: Type, right: Type): boolean {
  return isNumeric(left) && isNumeric(right);
}

function noMeaning(compiler: Compiler, node: Extract<Node, { op: 'binary' }>, left: Code, right: Code): string {
  const [one, other] = [left, right].map((code) => `\`${snippet(compiler, code.span)}\` is ${withArticle(code.type)}`);
  if (node.operator === 'in') return `\`in\` looks into a list or a map, but ${other}.`;
  if (node.operator === '==' || node.operator === '!=') return `These are never equal: ${one}, ${other}.`;
  return `\`${node.operator}\` has no meaning here: ${one}, ${other}.`;
}

function hintFor(node: Extract<Node, { op: 'binary' }>, left: Code, right: Code): string | undefined {
  if (node.operator === 'in' && right.type === 'string') return 'text in text is `text.contains("part")`';
  const types = [left.type, right.type];
  if (node.operator !== '==' && node.operator !== '!=') return undefined;
  if (types.includes('list')) return 'an element of a list is found with `x in list`';
  return types.includes('string') && types.some(isNumeric) ? 'numbers stand without quotes' : undefined;
}
