import type { FieldPath, PrincipalContext, Subject } from '../model/predicate.ts';
import { isFactMap } from './fact-tree.ts';
import { charge, type Frame } from './frame.ts';
import type { Limits } from './limits.ts';
import { ExpressionFault, type Span } from './problem.ts';
import type { Node } from './syntax.ts';
import { KIND, toOptional, Unknown, type Result, type Type, type Value } from './value.ts';

/** Computes one part of an expression. @throws EXHAUSTED */
export type Run = (frame: Frame) => Result;

/** A compiled part of an expression. */
export interface Code {
  readonly span: Span;
  /** What is known of the result before it is computed. */
  readonly type: Type;
  readonly run: Run;
  /** The result, where it depends on nothing. */
  readonly constant?: Result | undefined;
  /** True where it reads the subject or the principal. */
  readonly reads: boolean;
  /** Slots of variables of macros around it that it reads. */
  readonly free: ReadonlySet<number>;
  /** True where the result may be a map of facts, which is read key by key. */
  readonly isLazy: boolean;
}

/** A variable that a macro binds. The innermost scope comes first. */
export interface Scope {
  readonly name: string;
  readonly slot: number;
  readonly type: Type;
  readonly isLazy: boolean;
  readonly outer: Scope | undefined;
}

/** What compiling one expression shares. */
export interface Compiler {
  readonly source: string;
  readonly limits: Limits;
  /** Pays for computing constants. */
  readonly folding: Frame;
  /** Pays for compiling the regular expressions that are written out. */
  readonly patterns: Frame;
  /** Paths that the expression reads. */
  readonly fields: FieldSet;
  /** True where the expression is compiled for one principal alone, which `folding` knows: what it reads is constant. */
  readonly isForOne: boolean;
  compile(node: Node, scope: Scope | undefined): Code;
}

/** A set of paths. */
export class FieldSet {
  readonly #paths = new Map<string, FieldPath>();

  add(path: FieldPath): void {
    this.#paths.set(JSON.stringify(path), path);
  }

  list(): readonly FieldPath[] {
    return [...this.#paths.values()];
  }
}

const NOTHING: ReadonlySet<number> = new Set();
const NO_SUBJECT: Subject = {
  ref: '',
  entity: { apiVersion: '', kind: '', metadata: { name: '' } },
  relations: {},
  facts: {},
};

const NO_PRINCIPAL: PrincipalContext = { ref: '', claims: new Set() };

/** The frame in which constants are computed; nothing that reads a subject is. */
export function foldingFrame(steps: number, principal = NO_PRINCIPAL): Frame {
  return { subject: NO_SUBJECT, context: { principal }, left: steps, slots: [] };
}

/** A constant. */
export function constantCode(span: Span, type: Type, constant: Result): Code {
  return { span, type, run: () => constant, constant, reads: false, free: NOTHING, isLazy: false };
}

/** A part that reads the subject or the principal. */
export function readingCode(span: Span, type: Type, run: Run, isLazy = false): Code {
  return { span, type, run, reads: true, free: NOTHING, isLazy };
}

/** A part made of others. It is computed at once where it depends on nothing. */
export function makeCode(
  compiler: Compiler,
  span: Span,
  made: {
    readonly type: Type;
    readonly parts: readonly Code[];
    readonly run: Run;
    readonly isLazy?: boolean;
    /** Slots that it binds itself. */
    readonly binds?: readonly number[];
  },
): Code {
  const free = new Set<number>();
  for (const part of made.parts) for (const slot of part.free) if (!made.binds?.includes(slot)) free.add(slot);
  const reads = made.parts.some((part) => part.reads);
  if (!reads && free.size === 0) {
    const constant = fold(compiler, made.run);
    if (constant !== undefined) return constantCode(span, made.type, constant);
  }
  return { span, type: made.type, run: made.run, reads, free, isLazy: made.isLazy ?? false };
}

function fold(compiler: Compiler, run: Run): Result | undefined {
  if (compiler.folding.left < 0) return undefined;
  try {
    return run(compiler.folding);
  } catch {
    // Too long to compute beforehand, or beyond the engine's limits: it stays as it is, and an evaluation, which tells
    // why, ends in the same way.
    return undefined;
  }
}

/** The same part where a whole value is needed: a map of facts is unknown where any fact in it is. */
export function whole(code: Code): Code {
  if (!code.isLazy) return code;
  return { ...code, isLazy: false, run: (frame) => toWhole(code.run(frame), frame) };
}

function toWhole(value: Result, frame: Frame): Result {
  if (isFactMap(value)) {
    charge(frame, value.size);
    return value.toMap();
  }
  if (isOptional(value) && value.value !== undefined) {
    const inside = toWhole(value.value, frame);
    return inside instanceof Unknown ? inside : toOptional(inside);
  }
  return value;
}

/** True for an optional. */
export function isOptional(value: Result): value is Extract<Value, { readonly [KIND]: 'optional' }> {
  return typeof value === 'object' && value !== null && KIND in value && value[KIND] === 'optional';
}

/** The text of a part, shortened, for messages. */
export function snippet(compiler: Compiler, span: Span): string {
  const text = compiler.source.slice(span.start, span.end).replaceAll(/\s+/g, ' ').trim();
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** @throws ExpressionFault where a part cannot be true or false */
export function requireBool(compiler: Compiler, code: Code, place: string): void {
  if (code.type === 'bool' || code.type === 'dyn') return;
  const message = `${place} must be true or false, but \`${snippet(compiler, code.span)}\` is ${withArticle(code.type)}.`;
  throw new ExpressionFault(message, code.span);
}

/** `an int`, `a string`. */
export function withArticle(type: Type): string {
  if (type === 'dyn') return 'of any type';
  return type === 'null' ? 'null' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
