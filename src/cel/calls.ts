import { nearestName } from '../base/nearest-name.ts';
import {
  makeCode,
  readingCode,
  snippet,
  whole,
  withArticle,
  type Code,
  type Compiler,
  type Run,
  type Scope,
} from './code.ts';
import { EXHAUSTED } from './frame.ts';
import { functionNamed, functionNames, methodNamed, methodNames } from './library.ts';
import { MACRO_NAMES } from './macros.ts';
import { callFirst, mayAccept, signatureText, type Candidate } from './overload.ts';
import { isVariable, NO_CLOCK } from './path.ts';
import { fitsPattern, patternOf, type Pattern } from './pattern.ts';
import { ExpressionFault, type Span } from './problem.ts';
import type { Node } from './syntax.ts';
import { Unknown, type Type, type Value } from './value.ts';

type Call = Extract<Node, { readonly op: 'call' }>;

/** Namespaces of functions: `sets.contains(a, b)` is no method of a variable `sets`. */
function namespacedName(node: Call, scope: Scope | undefined): string | undefined {
  if (node.target?.op !== 'name') return undefined;
  const { name } = node.target;
  for (let current = scope; current; current = current.outer) if (current.name === name) return undefined;
  const full = `${name}.${node.name}`;
  return !isVariable(name) && functionNamed(full).length > 0 ? full : undefined;
}

/** Compiles a call of a function or a method of the library. @throws ExpressionFault */
export function compileCall(compiler: Compiler, node: Call, scope: Scope | undefined): Code {
  const namespaced = namespacedName(node, scope);
  const isMethod = node.target !== undefined && namespaced === undefined;
  const name = namespaced ?? node.name;
  const named = isMethod ? methodNamed(name) : functionNamed(name);
  const operands = isMethod && node.target ? [node.target, ...node.args] : node.args;
  const parts = operands.map((operand) => whole(compiler.compile(operand, scope)));
  const place = nameSpan(compiler, node);
  if (named.length === 0) {
    const message = `There is no ${isMethod ? 'method' : 'function'} \`${name}\`.`;
    throw new ExpressionFault(message, place, nameHint(node, isMethod));
  }
  const candidates = named.filter(({ params }) => fits(params, parts));
  if (candidates.length === 0) {
    throw new ExpressionFault(wrongArguments(compiler, name, named, parts, isMethod), place);
  }
  const pattern = writtenPattern(compiler, name, isMethod, node, parts);
  const wrong = new Unknown(`${name}() has no meaning for the values of ${snippet(compiler, node)}`);
  const [text] = parts;
  return makeCode(compiler, node, {
    type: commonType(candidates),
    parts,
    run: name === 'matches' && text && pattern ? matchWith(text, pattern, wrong) : callWith(candidates, parts, wrong),
  });
}

function callWith(candidates: readonly Candidate[], parts: readonly Code[], wrong: Unknown): Run {
  return (frame) => {
    const args: Value[] = [];
    for (const part of parts) {
      const value = part.run(frame);
      if (value instanceof Unknown) return value;
      args.push(value);
    }
    const value = callFirst(candidates, args, frame);
    return value === undefined ? wrong : value;
  };
}

/** `matches` with a pattern that is written out keeps it, however many patterns others use. */
function matchWith(text: Code, pattern: Pattern, wrong: Unknown): Run {
  return (frame) => {
    const value = text.run(frame);
    if (typeof value === 'string') return fitsPattern(frame, value, pattern);
    return value instanceof Unknown ? value : wrong;
  };
}

/** Where the name of the function stands: after the receiver, for a method. */
function nameSpan(compiler: Compiler, node: Call): Span {
  const start = node.target ? compiler.source.indexOf(node.name, node.target.end) : node.start;
  return { start, end: start + node.name.length };
}

function fits(params: Candidate['params'], parts: readonly Code[]): boolean {
  return (
    params.length === parts.length && params.every((param, index) => mayAccept(param, parts[index]?.type ?? 'dyn'))
  );
}

function commonType(candidates: readonly Candidate[]): Type {
  const [first, ...rest] = candidates.map(({ overload }) => overload.result);
  return first !== undefined && rest.every((type) => type === first) ? first : 'dyn';
}

/** A regular expression that is written out is checked when it is compiled, not when it is first used. */
function writtenPattern(
  compiler: Compiler,
  name: string,
  isMethod: boolean,
  node: Call,
  parts: readonly Code[],
): Pattern | undefined {
  if (name !== 'matches' && !(isMethod && (name === 'find' || name === 'findAll'))) return undefined;
  const source = parts[1]?.constant;
  if (typeof source !== 'string') return undefined;
  const place = node.args[isMethod ? 0 : 1] ?? node;
  const pattern = compiledPattern(compiler, source, place);
  if (!(pattern instanceof Unknown)) return pattern;
  throw new ExpressionFault(`${pattern.reason.slice(0, 1).toUpperCase()}${pattern.reason.slice(1)}.`, place);
}

function compiledPattern(compiler: Compiler, source: string, place: Span): Pattern | Unknown {
  try {
    return patternOf(source, compiler.patterns);
  } catch (error) {
    if (error !== EXHAUSTED) throw error;
    throw new ExpressionFault('The regular expressions are too many, or too large together.', place);
  }
}

function nameHint(node: Call, isMethod: boolean): string | undefined {
  const { name } = node;
  if (name === 'now') return NO_CLOCK;
  if (!isMethod && methodNamed(name).length > 0) return `it is a method: \`value.${name}(...)\``;
  if (isMethod && functionNamed(name).length > 0) return `it is a function: \`${name}(value)\``;
  const words: Readonly<Record<string, string>> = {
    toLowerCase: 'lowerAscii',
    toUpperCase: 'upperAscii',
    length: 'size',
    len: 'size',
    count: 'size',
    any: 'exists',
    some: 'exists',
    every: 'all',
    match: 'matches',
    test: 'matches',
  };
  const known = isMethod ? [...methodNames(), ...MACRO_NAMES] : [...functionNames(), 'has', 'owns'];
  const near = words[name] ?? nearestName(name, known);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

function wrongArguments(
  compiler: Compiler,
  name: string,
  named: readonly Candidate[],
  parts: readonly Code[],
  isMethod: boolean,
): string {
  const forms = [...new Set(named.map(({ overload }) => `\`${signatureText(overload)}\``))];
  const shown = forms.length > 3 ? [...forms.slice(0, 3), '...'] : forms;
  const given = parts.map((part) => `\`${snippet(compiler, part.span)}\` is ${withArticle(part.type)}`);
  const takes = `\`${name}\` is called as ${shown.join(', ')}`;
  const count = parts.length - Number(isMethod);
  return given.length === 0
    ? `${takes}, not without arguments.`
    : `${takes}; here with ${count} argument${count === 1 ? '' : 's'}: ${given.join(', ')}.`;
}

/**
 * `owns(principal, entity)`: a target of `ownedBy` is among the principal's claims. It is never unknown: an entity
 * that names no owner is nobody's, so `owns` is false and `!owns` true of it, and a permission that asks for it is
 * not given. (Were it unknown, neither a rule nor its opposite would ever reach the entities that need an owner.)
 * @throws ExpressionFault for other arguments
 */
export function compileOwns(compiler: Compiler, node: Call): Code {
  const names = node.args.map((arg) => (arg.op === 'name' ? arg.name : ''));
  if (node.target || names.join(',') !== 'principal,entity') {
    throw new ExpressionFault('`owns` is called as `owns(principal, entity)`.', node);
  }
  compiler.fields.add(['relations', 'ownedBy']);
  return readingCode(node, 'bool', ({ subject, context }) => {
    const { relations } = subject;
    const owners = Object.hasOwn(relations, 'ownedBy') ? relations['ownedBy'] : undefined;
    return owners?.some((owner) => context.principal.claims.has(owner)) ?? false;
  });
}
