import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';
import type { Limits } from './limits.ts';
import { ExpressionFault, type Span } from './problem.ts';
import { explainSyntaxError } from './syntax-error.ts';
import { toDouble, type Value } from './value.ts';

/** Operators between two operands; `&&` and `||` stand apart. */
export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%';

/** A parsed expression. Macros are calls here. */
export type Node = Span &
  (
    | { readonly op: 'literal'; readonly value: Value }
    | { readonly op: 'name'; readonly name: string }
    | { readonly op: 'select'; readonly target: Node; readonly field: string; readonly optional: boolean }
    | { readonly op: 'index'; readonly target: Node; readonly index: Node; readonly optional: boolean }
    | {
        readonly op: 'call';
        readonly name: string;
        readonly target?: Node | undefined;
        readonly args: readonly Node[];
      }
    | { readonly op: 'list'; readonly items: readonly Node[] }
    | { readonly op: 'map'; readonly entries: readonly (readonly [Node, Node])[] }
    | { readonly op: 'conditional'; readonly test: Node; readonly yes: Node; readonly no: Node }
    | { readonly op: 'and' | 'or'; readonly args: readonly Node[] }
    | { readonly op: 'not' | 'negate'; readonly arg: Node }
    | { readonly op: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
  );

type Located<T extends ASTNode['op']> = Extract<ASTNode, { readonly op: T }>;

/**
 * Parses an expression into our own tree: the library's parser is used for the grammar only.
 * @throws ExpressionFault
 */
export function parseSource(source: string, limits: Limits): Node {
  const bytes = Buffer.byteLength(source);
  if (bytes > limits.sourceBytes) {
    const message = `The expression is ${bytes} bytes long; at most ${limits.sourceBytes} are allowed.`;
    throw new ExpressionFault(message, { start: 0, end: 1 });
  }
  if (source.trim() === '') throw new ExpressionFault('The expression is empty.', { start: 0, end: 1 });
  return convert(parseTree(source, limits), limits, 0);
}

function parseTree(source: string, limits: Limits): ASTNode {
  const environment = new Environment({
    enableOptionalTypes: true,
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: limits.nodes,
      maxDepth: limits.depth,
      maxListElements: limits.elements,
      maxMapEntries: limits.elements,
    },
  });
  try {
    return environment.parse(source).ast;
  } catch (error) {
    if (error instanceof ParseError) throw explainSyntaxError(source, error);
    // The parser calls itself for each `!` and `-` without counting them.
    if (error instanceof RangeError) throw tooDeep({ start: 0, end: 1 }, limits);
    throw error;
  }
}

function tooDeep(span: Span, limits: Limits): ExpressionFault {
  return new ExpressionFault(`The expression is nested too deeply; at most ${limits.depth} levels are allowed.`, span);
}

function convert(node: ASTNode, limits: Limits, depth: number): Node {
  if (depth > limits.depth) throw tooDeep(node, limits);
  const inner = (child: ASTNode): Node => convert(child, limits, depth + 1);
  const span = { start: node.start, end: node.end };
  switch (node.op) {
    case 'value':
      return { ...span, op: 'literal', value: convertLiteral(node) };
    case 'id':
      return { ...span, op: 'name', name: node.args };
    case '.':
    case '.?':
      return { ...span, op: 'select', target: inner(node.args[0]), field: node.args[1], optional: node.op === '.?' };
    case '[]':
    case '[?]':
      return {
        ...span,
        op: 'index',
        target: inner(node.args[0]),
        index: inner(node.args[1]),
        optional: node.op === '[?]',
      };
    case 'call':
      return { ...span, op: 'call', name: node.args[0], args: node.args[1].map(inner) };
    case 'rcall':
      return { ...span, op: 'call', name: node.args[0], target: inner(node.args[1]), args: node.args[2].map(inner) };
    case 'list':
      return { ...span, op: 'list', items: node.args.map(inner) };
    case 'map':
      return { ...span, op: 'map', entries: node.args.map(([key, value]) => [inner(key), inner(value)] as const) };
    case '?:':
      return {
        ...span,
        op: 'conditional',
        test: inner(node.args[0]),
        yes: inner(node.args[1]),
        no: inner(node.args[2]),
      };
    case '&&':
    case '||':
      return { ...span, op: node.op === '&&' ? 'and' : 'or', args: chain(node).map(inner) };
    case '!_':
    case '-_':
      return { ...span, op: node.op === '!_' ? 'not' : 'negate', arg: inner(node.args) };
    default:
      return { ...span, op: 'binary', operator: node.op, left: inner(node.args[0]), right: inner(node.args[1]) };
  }
}

/** The operands of `a && b && c`, which the parser nests to the left. */
function chain(node: Located<'&&' | '||'>): ASTNode[] {
  const operands: ASTNode[] = [];
  let rest: ASTNode = node;
  while (rest.op === node.op) {
    const [left, right]: [ASTNode, ASTNode] = rest.args as [ASTNode, ASTNode];
    operands.push(right);
    rest = left;
  }
  operands.push(rest);
  return operands.reverse();
}

function convertLiteral(node: Located<'value'>): Value {
  const value = node.args;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return toDouble(value);
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    const hint = 'write it as a double, with `.0` at the end';
    throw new ExpressionFault('Integers reach to 2^53 - 1 here, as in JSON.', node, hint);
  }
  if (value instanceof Uint8Array) {
    throw new ExpressionFault('Bytes are not supported: entities are JSON.', node, 'write a string without `b`');
  }
  throw new ExpressionFault('Unsigned integers are not supported.', node, 'write the number without `u`');
}
