import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor, type CursorContent, type Question } from './cursor.ts';

const text = fc.string({ maxLength: 20 });
const questions: fc.Arbitrary<Question> = fc.record({
  filter: fc.array(text, { maxLength: 3 }),
  query: fc.option(fc.constantFrom({ kind: 'api' }, { $not: { kind: { $in: ['a', 'b'] } } }), { nil: undefined }),
  orderField: fc.option(fc.record({ field: text, direction: fc.constantFrom('asc', 'desc') }), { nil: undefined }),
  fullText: fc.option(fc.record({ term: text, fields: fc.array(text, { maxLength: 2 }) }), { nil: undefined }),
  countTotal: fc.boolean(),
});

/** What a client finds when it looks into a cursor. */
function peek(cursor: string): unknown {
  return JSON.parse(Buffer.from(cursor, 'base64').toString());
}

test('carries the whole question', () => {
  fc.assert(
    fc.property(questions, text, fc.option(text, { nil: undefined }), (question, place, first) => {
      expect(decodeCursor(encodeCursor({ question, place, first }))).toEqual({ question, place, first });
    }),
  );
});

test('shows clients no query while it fits into a URL, so that they go on with GET', () => {
  const content: CursorContent = {
    place: 'p',
    question: { filter: [], query: { kind: 'api' }, orderField: undefined, fullText: undefined, countTotal: true },
  };
  expect(peek(encodeCursor(content))).toBeInstanceOf(Array);
  const long = {
    ...content,
    question: { ...content.question, query: { kind: { $in: Array.from({ length: 900 }, (_, n) => `kind-${n}`) } } },
  };
  expect(peek(encodeCursor(long))).toHaveProperty('query');
  expect(decodeCursor(encodeCursor(long))).toEqual(long);
});

test.each([
  'garbage',
  '',
  '"x"',
  '{}',
  '[1]',
  '[2,"p",[],null,null,null,true]',
  '[1,"p",[1],null,null,null,true]',
  '[1,"p",[],[],null,null,true]',
  '[1,"p",[],null,["a","up"],null,true]',
  '[1,"p",[],null,null,["a","b"],true]',
])('refuses %j', (content) => {
  const cursor = content === 'garbage' ? content : Buffer.from(content).toString('base64url');
  expect(() => decodeCursor(cursor)).toThrow(expect.objectContaining({ code: 'QUERY_CURSOR_INVALID', status: 400 }));
});
