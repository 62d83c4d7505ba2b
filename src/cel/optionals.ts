import { isOptional, makeCode, snippet, type Code, type Compiler, type Scope } from './code.ts';
import { mapKeys } from './equality.ts';
import { ExpressionFault } from './problem.ts';
import type { Node } from './syntax.ts';
import { isList, kindOf, numberOf, toOptional, Unknown, type MapValue, type Type, type Value } from './value.ts';

type Call = Extract<Node, { readonly op: 'call' }>;

/** Methods of optionals with their number of arguments. They are no functions, since they compute only what they need. */
const METHODS: ReadonlyMap<string, number> = new Map([
  ['hasValue', 0],
  ['value', 0],
  ['or', 1],
  ['orValue', 1],
  ['optMap', 2],
  ['optFlatMap', 2],
]);

/**
 * Compiles `optional.of(x)`, `optional.none()`, `optional.ofNonZeroValue(x)`, and what is called on optionals;
 * undefined for other calls. @throws ExpressionFault
 */
export function compileOptional(compiler: Compiler, node: Call, scope: Scope | undefined): Code | undefined {
  if (node.target?.op === 'name' && node.target.name === 'optional') return compileMaker(compiler, node, scope);
  const count = METHODS.get(node.name);
  if (count === undefined || !node.target) return undefined;
  const target = compiler.compile(node.target, scope);
  const text = snippet(compiler, target.span);
  if (target.type !== 'optional' && target.type !== 'dyn') {
    throw new ExpressionFault(
      `\`${node.name}\` is called on optionals such as \`map.?key\`, but \`${text}\` is none.`,
      node,
    );
  }
  if (node.args.length !== count) {
    throw new ExpressionFault(`\`${node.name}\` takes ${count} argument${count === 1 ? '' : 's'}.`, node);
  }
  if (count === 2) return compileMap(compiler, node, scope, target);
  const other = node.args[0] && compiler.compile(node.args[0], scope);
  const missing = new Unknown(`${text} has no value`);
  const wrong = new Unknown(`${text} is not an optional`);
  return makeCode(compiler, node, {
    type: typeOfMethod(node.name),
    parts: other ? [target, other] : [target],
    isLazy: node.name !== 'hasValue' && (target.isLazy || (other?.isLazy ?? false)),
    run: (frame) => {
      const optional = target.run(frame);
      if (optional instanceof Unknown) return optional;
      if (!isOptional(optional)) return wrong;
      if (node.name === 'hasValue') return optional.value !== undefined;
      if (optional.value !== undefined) return node.name === 'or' ? optional : optional.value;
      return other ? other.run(frame) : missing;
    },
  });
}

function typeOfMethod(name: string): Type {
  if (name === 'hasValue') return 'bool';
  return name === 'or' ? 'optional' : 'dyn';
}

function compileMaker(compiler: Compiler, node: Call, scope: Scope | undefined): Code {
  const [argument] = node.args;
  if (node.name === 'none' && !argument)
    return makeCode(compiler, node, { type: 'optional', parts: [], run: () => toOptional(undefined) });
  if ((node.name !== 'of' && node.name !== 'ofNonZeroValue') || !argument || node.args.length !== 1) {
    throw new ExpressionFault('Write `optional.of(x)`, `optional.ofNonZeroValue(x)` or `optional.none()`.', node);
  }
  const part = compiler.compile(argument, scope);
  return makeCode(compiler, node, {
    type: 'optional',
    parts: [part],
    isLazy: part.isLazy,
    run: (frame) => {
      const value = part.run(frame);
      if (value instanceof Unknown) return value;
      return toOptional(node.name === 'ofNonZeroValue' && isZero(value) ? undefined : value);
    },
  });
}

/** `optional.optMap(x, value)` and `optional.optFlatMap(x, optional)`. */
function compileMap(compiler: Compiler, node: Call, scope: Scope | undefined, target: Code): Code {
  const [variable, bodyNode] = node.args;
  if (variable?.op !== 'name' || !bodyNode)
    throw new ExpressionFault(`Write \`optional.${node.name}(x, result)\`.`, node);
  const slot = (scope?.slot ?? -1) + 1;
  const body = compiler.compile(bodyNode, {
    name: variable.name,
    slot,
    type: 'dyn',
    isLazy: target.isLazy,
    outer: scope,
  });
  const wrong = new Unknown(`${snippet(compiler, node)} has no meaning for the value`);
  return makeCode(compiler, node, {
    type: 'optional',
    parts: [target, body],
    binds: [slot],
    isLazy: body.isLazy,
    run: (frame) => {
      const optional = target.run(frame);
      if (optional instanceof Unknown) return optional;
      if (!isOptional(optional)) return wrong;
      if (optional.value === undefined) return optional;
      frame.slots[slot] = optional.value;
      const made = body.run(frame);
      if (made instanceof Unknown) return made;
      if (node.name === 'optMap') return toOptional(made);
      return isOptional(made) ? made : wrong;
    },
  });
}

function isZero(value: Value): boolean {
  if (value === null || value === false || value === '' || numberOf(value) === 0) return true;
  if (isList(value)) return value.length === 0;
  return kindOf(value) === 'map' && mapKeys(value as MapValue).length === 0;
}
