import { expect, test } from 'vitest';
import { sourceLanguage, sourcePieces, type SourceLanguage } from './source-language.ts';

const keys = (line: string, language: SourceLanguage): string[] =>
  sourcePieces(line, language).flatMap(({ kind, text }) => (kind === 'key' ? [text] : []));

test.each<[SourceLanguage, string, string[]]>([
  ['yaml', "  - { url: 'https://a.example', about: it } # url: no", ['url', 'about']],
  ['yaml', '  /orders/{id}/refund:', ['/orders/{id}/refund']],
  ['yaml', '  time: 12:30', ['time']],
  ['json', '  "a": "b: c",', ['"a"']],
  ['graphql', 'type Cue implements Node { # type', ['type', 'implements']],
  ['code', 'rpc Move(Bar) returns (stream Bar); // rpc', ['rpc', 'returns', 'stream']],
  ['text', 'type: x', []],
])('%s: %s', (language, line, found) => {
  expect(keys(line, language)).toEqual(found);
  const joined = sourcePieces(line, language).map(({ text }) => text);
  expect(joined.join('')).toBe(line);
});

test('a line as long as a book is one piece', () => {
  expect(sourcePieces('a: '.repeat(100_000), 'yaml').length).toBe(1);
});

test('JSON is told by its first character', () => {
  expect(['{}', 'openapi: 3'].map((text) => sourceLanguage('openapi', text))).toEqual(['json', 'yaml']);
});
