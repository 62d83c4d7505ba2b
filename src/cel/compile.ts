import type { PrincipalContext } from '../model/predicate.ts';
import { compileAccess, compileName, compilePath, pathOf, valueAt } from './access.ts';
import { compileCall, compileOwns } from './calls.ts';
import {
  constantCode,
  FieldSet,
  foldingFrame,
  isOptional,
  makeCode,
  requireBool,
  snippet,
  whole,
  type Code,
  type Compiler,
  type Scope,
} from './code.ts';
import { toKey } from './equality.ts';
import { charge } from './frame.ts';
import type { Limits } from './limits.ts';
import { compileBind, compileMacro } from './macros.ts';
import { compileBinary, compileLogic, compileNegate, compileNot } from './operators.ts';
import { compileOptional } from './optionals.ts';
import { readerOf } from './path.ts';
import { ExpressionFault } from './problem.ts';
import type { Node } from './syntax.ts';
import { kindOf, Unknown, type Value } from './value.ts';

type Of<T extends Node['op']> = Extract<Node, { readonly op: T }>;

/** Makes the compiler of one expression. @param principal where it is for one principal alone */
export function createCompiler(source: string, limits: Limits, principal?: PrincipalContext): Compiler {
  const compiler: Compiler = {
    source,
    limits,
    folding: foldingFrame(limits.steps, principal),
    patterns: foldingFrame(limits.steps),
    fields: new FieldSet(),
    isForOne: principal !== undefined,
    compile: (node, scope) => compileNode(compiler, node, scope),
  };
  return compiler;
}

function compileNode(compiler: Compiler, node: Node, scope: Scope | undefined): Code {
  const compile = (child: Node): Code => compiler.compile(child, scope);
  switch (node.op) {
    case 'literal':
      return constantCode(node, kindOf(node.value), node.value);
    case 'name':
      return compileName(compiler, node, scope);
    case 'select':
    case 'index':
      return compileAccess(compiler, node, scope);
    case 'call':
      return compileAnyCall(compiler, node, scope);
    case 'list':
      return compileList(compiler, node, node.items.map(compile));
    case 'map':
      return compileMap(compiler, node, scope);
    case 'conditional':
      return compileConditional(compiler, node, compile(node.test), compile(node.yes), compile(node.no));
    case 'and':
    case 'or':
      return compileLogic(compiler, node, node.op, node.args.map(compile));
    case 'not':
      return compileNot(compiler, node, compile(node.arg));
    case 'negate':
      return compileNegate(compiler, node, compile(node.arg));
    case 'binary':
      return compileBinary(compiler, node, compile(node.left), compile(node.right));
  }
}

function compileAnyCall(compiler: Compiler, node: Of<'call'>, scope: Scope | undefined): Code {
  if (!node.target && node.name === 'has') return compileHas(compiler, node, scope);
  if (!node.target && node.name === 'owns') return compileOwns(compiler, node);
  return (
    compileBind(compiler, node, scope) ??
    compileOptional(compiler, node, scope) ??
    compileMacro(compiler, node, scope) ??
    compileCall(compiler, node, scope)
  );
}

/** `has(a.b)`: true or false where `a` is a map, else unknown. */
function compileHas(compiler: Compiler, node: Of<'call'>, scope: Scope | undefined): Code {
  const [field] = node.args;
  if (field?.op !== 'select' || node.args.length !== 1) {
    const hint = field?.op === 'index' ? '`key in map` asks for a key' : undefined;
    throw new ExpressionFault('`has` takes one field, as in `has(spec.owner)`.', node, hint);
  }
  const path = pathOf(field, scope);
  const parentPath = pathOf(field.target, scope);
  if (path) {
    const reader = readerOf(path.root, path.keys);
    if (typeof reader === 'string') throw new ExpressionFault(reader, field);
    compiler.fields.add(reader.field);
  }
  const parent = parentPath
    ? compilePath(compiler, field.target, parentPath, false)
    : compiler.compile(field.target, scope);
  const wrong = new Unknown(`${snippet(compiler, field.target)} is not a map`);
  return makeCode(compiler, node, {
    type: 'bool',
    parts: [parent],
    run: (frame) => {
      const value = parent.run(frame);
      if (value instanceof Unknown) return value;
      const inside = isOptional(value) ? value.value : value;
      if (inside === undefined) return false;
      if (kindOf(inside) !== 'map') return wrong;
      const found = valueAt(inside, field.field, wrong);
      return found instanceof Unknown ? found : found !== undefined;
    },
  });
}

function compileList(compiler: Compiler, node: Of<'list'>, items: readonly Code[]): Code {
  const parts = items.map(whole);
  return makeCode(compiler, node, {
    type: 'list',
    parts,
    run: (frame) => {
      charge(frame, parts.length / 8);
      const made: Value[] = [];
      for (const part of parts) {
        const value = part.run(frame);
        if (value instanceof Unknown) return value;
        made.push(value);
      }
      return made;
    },
  });
}

function compileMap(compiler: Compiler, node: Of<'map'>, scope: Scope | undefined): Code {
  const entries = node.entries.map(
    ([key, value]) => [whole(compiler.compile(key, scope)), whole(compiler.compile(value, scope))] as const,
  );
  const badKey = new Unknown('a key of a map is neither a string, an int, true nor false, or stands there twice');
  return makeCode(compiler, node, {
    type: 'map',
    parts: entries.flat(),
    run: (frame) => {
      charge(frame, entries.length / 4);
      const made = new Map<string | number | boolean, Value>();
      for (const [keyCode, valueCode] of entries) {
        const keyValue = keyCode.run(frame);
        if (keyValue instanceof Unknown) return keyValue;
        const value = valueCode.run(frame);
        if (value instanceof Unknown) return value;
        const key = kindOf(keyValue) === 'double' ? undefined : toKey(keyValue);
        if (key === undefined || made.has(key)) return badKey;
        made.set(key, value);
      }
      return made;
    },
  });
}

function compileConditional(compiler: Compiler, node: Node, test: Code, yes: Code, no: Code): Code {
  requireBool(compiler, test, 'What stands before `?`');
  const notBool = new Unknown(`${snippet(compiler, test.span)} is neither true nor false`);
  return makeCode(compiler, node, {
    type: yes.type === no.type ? yes.type : 'dyn',
    parts: [test, yes, no],
    isLazy: yes.isLazy || no.isLazy,
    run: (frame) => {
      const decided = test.run(frame);
      if (typeof decided !== 'boolean') return decided instanceof Unknown ? decided : notBool;
      return decided ? yes.run(frame) : no.run(frame);
    },
  });
}
