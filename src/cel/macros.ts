import { makeCode, requireBool, snippet, whole, withArticle, type Code, type Compiler, type Scope } from './code.ts';
import { mapGet, mapKeys, toKey } from './equality.ts';
import { charge, type Frame } from './frame.ts';
import { ExpressionFault } from './problem.ts';
import type { Node } from './syntax.ts';
import { isList, kindOf, Unknown, type MapValue, type Result, type Type, type Value } from './value.ts';

type Call = Extract<Node, { readonly op: 'call' }>;

/** One pass over a range. */
interface Loop {
  /** `list` or `map` keys; each item as the variables see it. */
  readonly items: readonly (readonly [first: Value, second: Value])[];
  readonly body: (frame: Frame) => Result;
  readonly filter: ((frame: Frame) => Result) | undefined;
  readonly bind: (frame: Frame, item: readonly [Value, Value]) => void;
}

interface Macro {
  readonly type: Type;
  /** Numbers of arguments, variables included. */
  readonly arities: readonly number[];
  /** True where the last argument must be true or false. */
  readonly isTest: boolean;
  readonly run: (loop: Loop, frame: Frame) => Result;
}

const NOT_BOOL = new Unknown('the condition of a macro is neither true nor false');

const MACROS: ReadonlyMap<string, Macro> = new Map<string, Macro>([
  ['all', { type: 'bool', arities: [2, 3], isTest: true, run: (loop, frame) => decide(loop, frame, false) }],
  ['exists', { type: 'bool', arities: [2, 3], isTest: true, run: (loop, frame) => decide(loop, frame, true) }],
  ['exists_one', { type: 'bool', arities: [2, 3], isTest: true, run: existsOne }],
  ['existsOne', { type: 'bool', arities: [2, 3], isTest: true, run: existsOne }],
  ['filter', { type: 'list', arities: [2], isTest: true, run: filter }],
  ['map', { type: 'list', arities: [2, 3], isTest: false, run: transform }],
  ['transformList', { type: 'list', arities: [3, 4], isTest: false, run: transform }],
  ['transformMap', { type: 'map', arities: [3, 4], isTest: false, run: transformMap }],
]);

/** Names of the macros over lists and maps. */
export const MACRO_NAMES: readonly string[] = [...MACROS.keys()];

/** Compiles `range.all(x, ...)` and its like; undefined for other calls. @throws ExpressionFault */
export function compileMacro(compiler: Compiler, node: Call, scope: Scope | undefined): Code | undefined {
  const macro = MACROS.get(node.name);
  if (!macro || !node.target) return undefined;
  if (!macro.arities.includes(node.args.length)) throw new ExpressionFault(usage(node.name), node);
  const { variables, filterNode, bodyNode } = splitArguments(node);
  const range = whole(compiler.compile(node.target, scope));
  if (!['list', 'map', 'dyn'].includes(range.type)) {
    const message = `\`${node.name}\` goes over a list or a map, but \`${snippet(compiler, range.span)}\` is ${withArticle(range.type)}.`;
    throw new ExpressionFault(message, range.span);
  }
  const bound = bindAll(variables, scope);
  const test = filterNode && compiler.compile(filterNode, bound);
  const body = whole(compiler.compile(bodyNode, bound));
  if (test) requireBool(compiler, test, 'The condition');
  if (macro.isTest) requireBool(compiler, body, 'The condition');
  const first = (scope?.slot ?? -1) + 1;
  const isPair = variables.length === 2;
  const wrong = new Unknown(`${snippet(compiler, range.span)} is neither a list nor a map`);
  return makeCode(compiler, node, {
    type: macro.type,
    parts: test ? [range, test, body] : [range, body],
    binds: variables.map((_, index) => first + index),
    run: (frame) => {
      const value = range.run(frame);
      if (value instanceof Unknown) return value;
      const items = itemsOf(value, isPair, frame);
      if (!items) return wrong;
      const bind: Loop['bind'] = ({ slots }, item) => {
        slots[first] = item[0];
        if (isPair) slots[first + 1] = item[1];
      };
      return macro.run({ items, body: body.run, filter: test?.run, bind }, frame);
    },
  });
}

function splitArguments(node: Call): {
  readonly variables: readonly string[];
  readonly filterNode: Node | undefined;
  readonly bodyNode: Node;
} {
  const takesPair = node.name.startsWith('transform') || (node.name !== 'map' && node.args.length === 3);
  const count = takesPair ? 2 : 1;
  const variables = node.args.slice(0, count).map((arg) => {
    if (arg.op === 'name') return arg.name;
    throw new ExpressionFault(usage(node.name), arg);
  });
  if (takesPair && variables[0] === variables[1])
    throw new ExpressionFault('The two variables need different names.', node);
  const bodyNode = node.args.at(-1) ?? node;
  return { variables, filterNode: node.args.length - count === 2 ? node.args[count] : undefined, bodyNode };
}

/** How a macro is written. */
function usage(name: string): string {
  if (name === 'map') return 'Write `list.map(x, value)` or `list.map(x, condition, value)`.';
  if (name.startsWith('transform')) return `Write \`map.${name}(key, value, result)\`.`;
  return `Write \`list.${name}(x, condition)\`${name === 'filter' ? '' : ` or \`map.${name}(key, value, condition)\``}.`;
}

/** Puts variables into a scope, each with a slot of its own. */
function bindAll(names: readonly string[], scope: Scope | undefined): Scope | undefined {
  let inner = scope;
  for (const name of names) inner = { name, slot: (inner?.slot ?? -1) + 1, type: 'dyn', isLazy: false, outer: inner };
  return inner;
}

/** Elements of a list or keys of a map; with two variables index and element, or key and value. */
function itemsOf(value: Value, isPair: boolean, frame: Frame): Loop['items'] | undefined {
  if (isList(value)) {
    charge(frame, value.length / 8);
    return value.map((item, index) => (isPair ? [index, item] : [item, item]));
  }
  if (kindOf(value) !== 'map') return undefined;
  const map = value as MapValue;
  const keys = mapKeys(map);
  charge(frame, keys.length / 8);
  return keys.map((key) => [key, (isPair ? (mapGet(map, key) as Value | undefined) : key) ?? null]);
}

function decide({ items, body, bind }: Loop, frame: Frame, decisive: boolean): Result {
  let unknown: Unknown | undefined;
  for (const item of items) {
    charge(frame, 1);
    bind(frame, item);
    const value = body(frame);
    if (value === decisive) return decisive;
    if (value !== !decisive) unknown ??= value instanceof Unknown ? value : NOT_BOOL;
  }
  return unknown ?? !decisive;
}

/** Unlike `exists` it needs to know all of them (CEL: errors are not absorbed). */
function existsOne({ items, body, bind }: Loop, frame: Frame): Result {
  let count = 0;
  for (const item of items) {
    charge(frame, 1);
    bind(frame, item);
    const value = body(frame);
    if (typeof value !== 'boolean') return value instanceof Unknown ? value : NOT_BOOL;
    if (value) count += 1;
  }
  return count === 1;
}

function filter({ items, body, bind }: Loop, frame: Frame): Result {
  const kept: Value[] = [];
  for (const item of items) {
    charge(frame, 1);
    bind(frame, item);
    const value = body(frame);
    if (typeof value !== 'boolean') return value instanceof Unknown ? value : NOT_BOOL;
    if (value) kept.push(item[0]);
  }
  return kept;
}

function transform(loop: Loop, frame: Frame): Result {
  const made: Value[] = [];
  return eachKept(loop, frame, (_, value) => made.push(value)) ?? made;
}

function transformMap(loop: Loop, frame: Frame): Result {
  const made = new Map<string | number | boolean, Value>();
  return eachKept(loop, frame, ([key], value) => made.set(toKey(key) ?? '', value)) ?? made;
}

function eachKept(
  { items, body, filter: test, bind }: Loop,
  frame: Frame,
  keep: (item: readonly [Value, Value], value: Value) => unknown,
): Unknown | undefined {
  for (const item of items) {
    charge(frame, 1);
    bind(frame, item);
    const isKept = test ? test(frame) : true;
    if (typeof isKept !== 'boolean') return isKept instanceof Unknown ? isKept : NOT_BOOL;
    const value = isKept ? body(frame) : undefined;
    if (value instanceof Unknown) return value;
    if (value !== undefined) keep(item, value);
  }
  return undefined;
}

/** `cel.bind(x, value, expression)`; undefined for other calls. @throws ExpressionFault */
export function compileBind(compiler: Compiler, node: Call, scope: Scope | undefined): Code | undefined {
  if (node.target?.op !== 'name' || node.target.name !== 'cel' || node.name !== 'bind') return undefined;
  const [variable, valueNode, bodyNode] = node.args;
  if (variable?.op !== 'name' || !valueNode || !bodyNode || node.args.length !== 3) {
    throw new ExpressionFault('Write `cel.bind(x, value, expression)`.', node);
  }
  const value = compiler.compile(valueNode, scope);
  const slot = (scope?.slot ?? -1) + 1;
  const inner: Scope = { name: variable.name, slot, type: value.type, isLazy: value.isLazy, outer: scope };
  const body = compiler.compile(bodyNode, inner);
  return makeCode(compiler, node, {
    type: body.type,
    parts: [value, body],
    binds: [slot],
    isLazy: body.isLazy,
    run: (frame) => {
      frame.slots[slot] = value.run(frame);
      return body.run(frame);
    },
  });
}
