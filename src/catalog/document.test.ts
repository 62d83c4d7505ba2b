import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentLimits, parseDocuments, type DescriptorDocument } from './document.ts';

function values(text: string): unknown[] {
  return parseDocuments(text).map((parsed) => (parsed.ok ? parsed.document.value : parsed.unreadable.code));
}

function only(text: string): DescriptorDocument {
  const [parsed] = parseDocuments(text);
  if (!parsed?.ok) throw new Error('expected a readable document');
  return parsed.document;
}

describe('documents of a file', () => {
  test('come in order with the line of their first key; empty ones are left out', () => {
    const text = '# head\n---\na: 1\n---\n---\n# nothing here\n---\n\n# c\nb: 2\n...\n---\nnull\n---\nc: 3\n';
    const documents = parseDocuments(text).map((parsed) => parsed.ok && [parsed.document.value, parsed.document.line]);
    expect(documents).toEqual([
      [{ a: 1 }, 3],
      [{ b: 2 }, 10],
      [{ c: 3 }, 15],
    ]);
  });

  test('may be JSON, begin with a byte order mark, and end lines as Windows does', () => {
    expect(values('\uFEFF{"a": [1, null, true]}')).toEqual([{ a: [1, null, true] }]);
    expect(values('a: 1\r\n---\r\nb: |\r\n  x\r\n')).toEqual([{ a: 1 }, { b: 'x\n' }]);
  });

  test('keep merge keys as plain keys, and dates and yes as text', () => {
    expect(values('<<: {k: 3}\nd: 2020-01-01\ny: yes\n')).toEqual([{ '<<': { k: 3 }, d: '2020-01-01', y: 'yes' }]);
  });

  test('that are broken do not hide those beside them', () => {
    const text = 'a: 1\n---\nb: [1\n---\nc: 3\n---\nd: x: y\n---\ne: 5\n';
    expect(values(text)).toEqual([{ a: 1 }, 'yaml-syntax', { c: 3 }, 'yaml-syntax', { e: 5 }]);
  });

  test('are cut only at document lines, not inside block text', () => {
    expect(values('a: |\n  ---\n  x\n---\nb: {\n')).toEqual([{ a: '---\nx\n' }, 'yaml-syntax']);
  });

  test('that are broken are placed by line and column in the file', () => {
    const broken = parseDocuments('a: 1\n---\nb: 2\nb: 3\n').find((parsed) => !parsed.ok);
    expect(broken).toMatchObject({
      unreadable: { line: 2, place: { line: 4, column: 1 }, message: expect.stringContaining('unique') },
    });
  });

  test('with unknown tags or keys that are not text are read', () => {
    expect(values('a: !Ref name\n')).toEqual([{ a: 'name' }]);
    expect(values('a: {{ b }}\n')).toEqual([{ a: { '{ b }': null } }]);
  });

  test('cannot reach object prototypes', () => {
    const { value } = only('__proto__: {polluted: true}\nconstructor: 1\n');
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('places', () => {
  const text = 'metadata:\n  name: x\n  tags:\n    - a\n    - "b"\n  "odd key": {deep: [1, 2]}\nspec:\n  owner: y\n';
  test.each([
    [['metadata'], 1, 1],
    [['metadata', 'name'], 2, 3],
    [['metadata', 'tags', 1], 5, 7],
    [['metadata', 'odd key', 'deep', 1], 6, 25],
    [['spec', 'owner'], 8, 3],
    [['spec', 'lifecycle'], 7, 1],
    [['nothing', 'here'], 1, 1],
    [[], 1, 1],
  ])('%j is at %i:%i', (path, line, column) => {
    expect(only(text).place(path)).toEqual({ line, column });
  });

  test('are counted from the start of the file', () => {
    const second = parseDocuments(`a: 1\n---\n${text}`)[1];
    expect(second?.ok && second.document.place(['spec', 'owner'])).toEqual({ line: 10, column: 3 });
  });
});

describe('limits', () => {
  test('aliases that stand for too much are refused before anything is built', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level <= 20; level += 1) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
    }
    expect(values(lines.join('\n'))).toEqual(['document-limit']);
  });

  test('an alias inside its own anchor is refused', () => {
    expect(values('a: &a [*a]')).toEqual(['document-limit']);
  });

  test('an anchor that is used a little is fine', () => {
    expect(values('a: &x {b: 1}\nc: *x\n')).toEqual([{ a: { b: 1 }, c: { b: 1 } }]);
  });

  test('deep nesting is refused, beside documents that are read', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect(values(`a: 1\n---\nx: ${deep}\n`)).toEqual([{ a: 1 }, 'yaml-syntax']);
  });

  test('more documents than allowed are refused', () => {
    const many = 'a: 1\n---\n'.repeat(5);
    expect(parseDocuments(many, { ...documentLimits, documents: 4 })).toMatchObject([
      { ok: false, unreadable: { code: 'document-limit' } },
    ]);
  });
});

test('any text is parsed without a fault, and the same way twice', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '\n',
    '---\n',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&x ',
    '*x',
    '|\n ',
    '%',
    '#',
    '\t',
    '!t ',
    '\0',
    '?',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      expect(JSON.stringify(parseDocuments(text))).toBe(JSON.stringify(parseDocuments(text)));
    }),
    { numRuns: 500 },
  );
});

test('documents that are fine alone are the same beside a broken one', () => {
  const value = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(fc.integer(), fc.string(), fc.boolean()), {
    minKeys: 1,
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), fc.nat(5), (documents, at) => {
      const texts = documents.map((document) => JSON.stringify(document));
      texts.splice(Math.min(at, texts.length), 0, 'x: [');
      const parsed = parseDocuments(texts.join('\n---\n'));
      expect(parsed.flatMap((each) => (each.ok ? [each.document.value] : []))).toEqual(documents);
    }),
    { numRuns: 200 },
  );
});
