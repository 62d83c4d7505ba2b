import { nearestName } from '../base/nearest-name.ts';
import {
  constantCode,
  isOptional,
  makeCode,
  readingCode,
  snippet,
  whole,
  withArticle,
  type Code,
  type Compiler,
  type Scope,
} from './code.ts';
import { mapGet } from './equality.ts';
import { TYPE_NAMES } from './functions/conversion.ts';
import { isVariable, NO_CLOCK, pathTypeOf, readerOf, VARIABLES, WRITTEN_SHORT } from './path.ts';
import { ExpressionFault, type Span } from './problem.ts';
import type { Node } from './syntax.ts';
import {
  isList,
  KIND,
  kindOf,
  numberOf,
  toOptional,
  Unknown,
  type MapValue,
  type Result,
  type Value,
} from './value.ts';

/** A chain of constant keys below a variable: `metadata.annotations["a/b"]`. */
export interface PathNode {
  readonly root: string;
  readonly keys: readonly string[];
}

type Select = Extract<Node, { readonly op: 'select' }>;
type NameNode = Extract<Node, { readonly op: 'name' }>;
type Index = Extract<Node, { readonly op: 'index' }>;

/** Reads a node as a path, where it is one. Variables of macros are none. */
export function pathOf(node: Node, scope: Scope | undefined): PathNode | undefined {
  if (node.op === 'name')
    return isVariable(node.name) && !find(scope, node.name) ? { root: node.name, keys: [] } : undefined;
  if ((node.op !== 'select' && node.op !== 'index') || node.optional) return undefined;
  const key = node.op === 'select' ? node.field : literalKey(node.index);
  const target = key === undefined ? undefined : pathOf(node.target, scope);
  return target && key !== undefined ? { root: target.root, keys: [...target.keys, key] } : undefined;
}

function literalKey(node: Node): string | undefined {
  return node.op === 'literal' && typeof node.value === 'string' ? node.value : undefined;
}

function find(scope: Scope | undefined, name: string): Scope | undefined {
  let current = scope;
  while (current && current.name !== name) current = current.outer;
  return current;
}

/** Compiles a path. @throws ExpressionFault */
export function compilePath(compiler: Compiler, span: Span, path: PathNode, isRecorded = true): Code {
  const reader = readerOf(path.root, path.keys);
  if (typeof reader === 'string') throw new ExpressionFault(reader, span);
  if (isRecorded) compiler.fields.add(reader.field);
  const { read } = reader;
  const type = pathTypeOf(path.root, path.keys);
  if (path.root === 'principal' && compiler.isForOne) {
    const { subject, context } = compiler.folding;
    return constantCode(span, type, read(subject, context) ?? null);
  }
  const text = snippet(compiler, span);
  const absent = new Unknown(`${text} is absent`);
  const stale = new Unknown(`${text} is stale or failed`);
  const run: Code['run'] = ({ subject, context }) => {
    const value = read(subject, context);
    if (value === undefined) return absent;
    return value instanceof Unknown ? stale : value;
  };
  return readingCode(span, type, run, path.root === 'facts');
}

/** Compiles a bare name: a variable, or a type such as `string`. @throws ExpressionFault */
export function compileName(compiler: Compiler, node: NameNode, scope: Scope | undefined): Code {
  const { name } = node;
  const bound = find(scope, name);
  if (bound) {
    const { slot, type, isLazy } = bound;
    const unset = new Unknown(`${name} has no value`);
    const run: Code['run'] = ({ slots }) => {
      const value = slots[slot];
      return value === undefined ? unset : value;
    };
    return { span: node, type, run, reads: false, free: new Set([slot]), isLazy };
  }
  if (isVariable(name)) return compilePath(compiler, node, { root: name, keys: [] });
  const type = TYPE_NAMES.get(name);
  if (type) return constantCode(node, 'type', { [KIND]: 'type', name });
  throw new ExpressionFault(`\`${name}\` is not a variable.`, node, nameHint(compiler, node, scope));
}

function nameHint(compiler: Compiler, { name, start }: NameNode, scope: Scope | undefined): string {
  // `metadata.annotations.backstage.io/x` reads as a division.
  if (/[\w\])][/-]$/.test(compiler.source.slice(0, start))) {
    return 'a key with other characters than letters, digits and _ is written `map["the/key"]`';
  }
  if (name === 'now') return NO_CLOCK;
  const written = WRITTEN_SHORT.get(name);
  if (written) return `write \`${written}\``;
  const known: string[] = [...VARIABLES];
  for (let current = scope; current; current = current.outer) known.push(current.name);
  const near = nearestName(name, known);
  if (near) return `did you mean \`${near}\`?`;
  return `the variables are ${VARIABLES.join(', ')}; text stands in quotes`;
}

/** Compiles `a.b`, `a.?b`, `a[b]`, `a[?b]`. @throws ExpressionFault */
export function compileAccess(compiler: Compiler, node: Select | Index, scope: Scope | undefined): Code {
  const typeName = protobufType(compiler, node);
  if (typeName) return constantCode(node, 'type', { [KIND]: 'type', name: typeName });
  const path = pathOf(node, scope);
  if (path) return compilePath(compiler, node, path);
  const target = compiler.compile(node.target, scope);
  const key =
    node.op === 'select' ? constantCode(node, 'string', node.field) : whole(compiler.compile(node.index, scope));
  checkAccess(compiler, node, target, key);
  const absent = new Unknown(`${snippet(compiler, node)} is absent`);
  const isOptionalAccess = node.optional;
  return makeCode(compiler, node, {
    type: isOptionalAccess || target.type === 'optional' ? 'optional' : 'dyn',
    parts: [target, key],
    isLazy: target.isLazy,
    run: (frame) => {
      const value = target.run(frame);
      if (value instanceof Unknown) return value;
      const at = key.run(frame);
      if (at instanceof Unknown) return at;
      if (isOptionalAccess || isOptional(value)) return optionalAt(value, at, absent);
      const found = valueAt(value, at, absent);
      return found === undefined ? absent : found;
    },
  });
}

/** What stands at a key; undefined where nothing does; unknown where the value has no keys. */
export function valueAt(value: Value, key: Value, absent: Unknown): Result | undefined {
  if (isList(value)) {
    const index = numberOf(key);
    return index === undefined ? absent : value[index];
  }
  return kindOf(value) === 'map' ? mapGet(value as MapValue, key) : absent;
}

function optionalAt(value: Value, key: Value, absent: Unknown): Result {
  const inside = isOptional(value) ? value.value : value;
  if (inside === undefined) return value;
  const found = valueAt(inside, key, absent);
  return found instanceof Unknown ? found : toOptional(found);
}

function checkAccess(compiler: Compiler, node: Select | Index, target: Code, key: Code): void {
  const what = `\`${snippet(compiler, target.span)}\` is ${withArticle(target.type)}`;
  if (node.op === 'select' && !['map', 'optional', 'dyn'].includes(target.type)) {
    throw new ExpressionFault(`${what} and has no fields.`, node);
  }
  if (node.op !== 'index') return;
  if (!['map', 'list', 'optional', 'dyn'].includes(target.type)) {
    throw new ExpressionFault(`${what} and has no elements.`, node);
  }
  if (target.type === 'list' && !['int', 'double', 'dyn'].includes(key.type)) {
    throw new ExpressionFault(`${what}; its elements are counted from 0.`, node.index);
  }
}

function protobufType(compiler: Compiler, node: Node): string | undefined {
  const text = compiler.source.slice(node.start, node.end);
  return text === 'google.protobuf.Timestamp' || text === 'google.protobuf.Duration' ? text : undefined;
}
