import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventParser, type ServerSentEvent } from './event-parser.ts';

function parse(chunks: readonly string[]): readonly ServerSentEvent[] {
  const parser = createEventParser();
  return chunks.flatMap((chunk) => parser.push(chunk).events);
}

test('reads name, data of several lines and id, and keeps the id for later events', () => {
  expect(parse(['event: change\nid: 7\ndata: {"a":\ndata: 1}\n\ndata: next\n\n'])).toEqual([
    { event: 'change', data: '{"a":\n1}', id: '7' },
    { event: 'message', data: 'next', id: '7' },
  ]);
});

test('drops comments and events without data, and tells the retry time', () => {
  const parser = createEventParser('3');
  expect(parser.push(': hello\n\nevent: empty\n\nretry: 2500\n\n')).toEqual({ events: [], retryMs: 2500 });
  expect(parser.push('data:x\n\n').events).toEqual([{ event: 'message', data: 'x', id: '3' }]);
});

test('an unfinished event is not told', () => {
  expect(parse(['data: half\n'])).toEqual([]);
});

test('refuses an event past the limit instead of filling the memory', () => {
  const parser = createEventParser(undefined, 100);
  expect(() => parser.push(`data: ${'x'.repeat(200)}`)).toThrow(RangeError);
  const slow = createEventParser(undefined, 100);
  expect(() => {
    for (let turn = 0; turn < 30; turn++) slow.push('data: 12345\n');
  }).toThrow(RangeError);
});

test('where the stream is cut does not matter, nor which line ends it uses', () => {
  const word = fc.string({ unit: fc.constantFrom('a', ':', ' ', '{', 'é', '\u{1f3ad}'), maxLength: 8 });
  const entry = fc.record({
    event: word,
    data: fc.array(word, { minLength: 1, maxLength: 3 }),
    end: fc.constantFrom('\n', '\r', '\r\n'),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), fc.array(fc.nat(200), { maxLength: 8 }), (entries, cuts) => {
      const text = entries
        .map(({ event, data, end }) => [`event: ${event}`, ...data.map((line) => `data: ${line}`), '', ''].join(end))
        .join('');
      const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b), text.length];
      const chunks = places.slice(1).map((place, index) => text.slice(places[index], place));
      // A final line feed decides a trailing CR.
      const told = parse([...chunks, ': end\n']);
      expect(told.map(({ event, data }) => ({ event, data }))).toEqual(
        entries.map(({ event, data }) => ({ event: event || 'message', data: data.join('\n') })),
      );
    }),
  );
});
