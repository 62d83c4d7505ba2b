import { countCharacters } from './characters.ts';

/** What is wrong with an expression, where, and what to write instead. */
export interface ExpressionProblem {
  /** One sentence on one line. */
  readonly message: string;
  /** 1-based line, and 1-based column in characters (code points). */
  readonly line: number;
  readonly column: number;
  /** Characters concerned, on this line; at least 1. */
  readonly length: number;
  readonly hint?: string | undefined;
}

/** A place in a source, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How compiling stops inside the room; `compileExpression` turns it into a value. */
export class ExpressionFault extends Error {
  readonly span: Span;
  readonly hint: string | undefined;

  constructor(message: string, span: Span, hint?: string) {
    super(message);
    this.name = 'ExpressionFault';
    this.span = span;
    this.hint = hint;
  }
}

/** A fault as the problem that is shown. */
export function problemOf(source: string, fault: ExpressionFault): ExpressionProblem {
  const start = Math.min(Math.max(fault.span.start, 0), source.length);
  const before = source.slice(0, start);
  const lineStart = before.lastIndexOf('\n') + 1;
  const rest = source.slice(start, Math.max(fault.span.end, start)).split('\n', 1)[0] ?? '';
  return {
    message: fault.message,
    line: before.split('\n').length,
    column: countCharacters(before.slice(lineStart)) + 1,
    length: Math.max(1, countCharacters(rest)),
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
  };
}
