import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { DescriptorDocument } from './document.ts';
import { resolvePlaceholders, type Included } from './placeholders.ts';

const files: Readonly<Record<string, string>> = {
  './note.txt': 'hello\n',
  './data.json': '{"a": [1, {"b": null}]}',
  './data.yaml': 'x: 1\ny: [a]\n',
  './two.yaml': 'a: 1\n---\nb: 2\n',
  './broken.yaml': 'a: [unclosed\n',
  './empty.yaml': '',
  './deep.json': `${'['.repeat(200)}${']'.repeat(200)}`,
  './large.txt': 'x'.repeat(5 * 1024 * 1024),
  './large-too.txt': 'x'.repeat(5 * 1024 * 1024),
};

function include(target: string): Included | undefined {
  if (target.startsWith('later:')) return undefined;
  const text = files[target];
  return text === undefined ? { status: 'failed', message: 'there is no such file' } : { status: 'text', text };
}

function documentOf(spec: JsonObject): DescriptorDocument {
  return { line: 1, value: { spec }, place: () => ({ line: 1, column: 1 }) };
}

function resolved(spec: JsonObject): { readonly spec: JsonValue | undefined; readonly findings: readonly string[] } {
  const { document, findings } = resolvePlaceholders(documentOf(spec), include, 'error');
  return { spec: (document.value as JsonObject)['spec'], findings: findings.map(({ message }) => message) };
}

describe('placeholders', () => {
  test('stand for text, JSON and the one document of a YAML file, wherever they are', () => {
    const spec = {
      text: { $text: './note.txt' },
      list: [{ $json: './data.json' }, 'plain'],
      deep: { er: { $yaml: './data.yaml' } },
      nothing: { $yaml: './empty.yaml' },
    };
    expect(resolved(spec)).toEqual({
      spec: {
        text: 'hello\n',
        list: [{ a: [1, { b: null }] }, 'plain'],
        deep: { er: { x: 1, y: ['a'] } },
        nothing: null,
      },
      findings: [],
    });
  });

  test('stay as they are with an unknown key, with other keys, and with a target that is no text', () => {
    const spec = {
      unknown: { $openapi: './note.txt' },
      two: { $text: './note.txt', other: { $text: './note.txt' } },
      list: { $text: ['./note.txt'] },
      inherited: { $toString: './note.txt' },
    };
    expect(resolved(spec)).toEqual({ spec, findings: [] });
  });

  test.each([
    ['$text', './none.txt', '"./none.txt" cannot be read: there is no such file'],
    ['$yaml', './two.yaml', '"./two.yaml" cannot be read: it holds more than one YAML document'],
    ['$json', './deep.json', '"./deep.json" cannot be read: it is nested deeper than 100'],
  ])('%s of %s is told', (key, target, message) => {
    const { document, findings } = resolvePlaceholders(documentOf({ a: { [key]: target } }), include, 'error');
    expect(document.value).toEqual({ spec: { a: { [key]: target } } });
    expect(findings).toMatchObject([
      { code: 'placeholder-unreadable', severity: 'error', message, path: ['spec', 'a'] },
    ]);
  });

  test('broken content is told with what is wrong in it', () => {
    expect(resolved({ a: { $json: './note.txt' }, b: { $yaml: './broken.yaml' } }).findings).toEqual([
      expect.stringMatching(/^"\.\/note\.txt" cannot be read: .*JSON$/s),
      expect.stringMatching(/^"\.\/broken\.yaml" cannot be read: .*\(line [12]\)$/),
    ]);
  });

  test('stand for a bounded amount of text, and are a bounded number', () => {
    expect(resolved({ a: { $text: './large.txt' }, b: { $text: './large-too.txt' } }).findings).toEqual([
      'The placeholders stand for more than 8388608 characters',
    ]);
    const many = Array.from({ length: 102 }, (_, index) => ({ $text: `./${index}.txt` }));
    const { findings } = resolved({ many });
    expect(findings.filter((message) => message === 'More than 100 placeholders in one document')).toHaveLength(2);
  });

  test('that must be fetched first are named', () => {
    const spec = { a: { $text: 'later:a' }, b: { $text: './note.txt' }, c: { $text: 'later:a' } };
    const { targets, unknown, findings } = resolvePlaceholders(documentOf(spec), include, 'error');
    expect({ targets, unknown, findings }).toEqual({
      targets: ['later:a', './note.txt'],
      unknown: ['later:a'],
      findings: [],
    });
  });
});
