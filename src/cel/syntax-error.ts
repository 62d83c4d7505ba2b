import type { ParseError } from '@marcbachmann/cel-js';
import { ExpressionFault } from './problem.ts';

/** What people write who come from another language, with what CEL writes. */
const FOREIGN: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/^=/, 'equality is `==`'],
  [/^&/, 'and is `&&`'],
  [/^\|/, 'or is `||`'],
  [/^and\b/i, 'and is `&&`'],
  [/^or\b/i, 'or is `||`'],
  [/^not\b/i, 'not is `!`'],
  [/^~/, 'a regular expression is `text.matches("...")`'],
  [/^`/, 'a field with other characters than letters, digits and _ is written `map["field-name"]`'],
  [/^[/:-]/, 'a key with other characters than letters, digits and _ is written `map["the/key"]`'],
];

const TOKENS: Readonly<Record<string, string>> = {
  EOF: 'the end',
  IDENTIFIER: 'a name',
  NUMBER: 'a number',
  STRING: 'a string',
  BYTES: 'a bytes literal',
  BOOLEAN: 'true or false',
  NULL: 'null',
  LPAREN: '`(`',
  RPAREN: '`)`',
  LBRACKET: '`[`',
  RBRACKET: '`]`',
  LBRACE: '`{`',
  RBRACE: '`}`',
  DOT: '`.`',
  COMMA: '`,`',
  COLON: '`:`',
  QUESTION: '`?`',
};

/** The parser's errors in words: what stands there, and what was expected. */
export function explainSyntaxError(source: string, error: ParseError): ExpressionFault {
  const span = error.range ?? { start: 0, end: 1 };
  const rest = source.slice(span.start);
  const found = rest === '' ? 'the expression ends' : `${quote(rest)} stands`;
  const hint = FOREIGN.find(([pattern]) => pattern.test(rest))?.[1];
  switch (error.code) {
    case 'expected_token': {
      const token = /^Expected (\w+)/.exec(error.summary)?.[1] ?? '';
      return new ExpressionFault(`Expected ${TOKENS[token] ?? token}, but ${found} here.`, span, hint);
    }
    case 'unexpected_token':
      return new ExpressionFault(`Expected a value, but ${found} here.`, span, hint);
    case 'unexpected_character':
      return new ExpressionFault(`Expected an operator or the end, but ${found} here.`, span, hint);
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
      return new ExpressionFault('The string that begins here has no end.', span, 'close it with the same quotes');
    case 'newline_in_string':
      return new ExpressionFault('A string in single quotes cannot span lines.', span, 'use `"""` around it');
    case 'reserved_identifier':
      return new ExpressionFault(`${quote(rest)} is a reserved word.`, span);
    case 'invalid_macro_argument':
      return new ExpressionFault('A macro such as `exists(x, ...)` begins with the name of its variable.', span);
    case 'limit_exceeded':
      return new ExpressionFault(`The expression is too large: ${limitName(error.summary)}.`, span);
    default:
      return new ExpressionFault(`${oneLine(error.summary)}.`, span);
  }
}

/** The word or the character at the beginning of a text, in backticks. */
function quote(rest: string): string {
  return `\`${/^\w+/.exec(rest)?.[0].slice(0, 40) ?? String.fromCodePoint(rest.codePointAt(0) ?? 0x20)}\``;
}

function limitName(summary: string): string {
  const [, name = '', limit = ''] = /^Exceeded (\w+) \((\d+)\)/.exec(summary) ?? [];
  const words: Readonly<Record<string, string>> = {
    maxAstNodes: 'parts',
    maxDepth: 'levels of nesting',
    maxListElements: 'elements in a list',
    maxMapEntries: 'entries in a map',
    maxCallArguments: 'arguments of a call',
  };
  return `at most ${limit} ${words[name] ?? name} are allowed`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 200);
}
