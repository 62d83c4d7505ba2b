import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineSplitter, LineTooLong } from './lines.ts';

describe('a stream of bytes', () => {
  test('gives the same lines wherever it was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string().map((text) => text.replaceAll('\n', ' '))),
        fc.array(fc.nat(40)),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const splitter = new LineSplitter();
          const found: string[] = [];
          let from = 0;
          for (const cut of [...cuts, bytes.length]) {
            const chunk = bytes.subarray(from, from + cut);
            from += chunk.length;
            for (const line of splitter.take(chunk)) found.push(line.toString());
          }
          expect(found).toEqual(lines.filter((line) => line !== ''));
          expect(splitter.hasRest).toBe(false);
        },
      ),
    );
  });

  test('keeps the beginning of a line until its end comes', () => {
    const splitter = new LineSplitter();
    expect(splitter.take(Buffer.from('one\ntw'))).toEqual([Buffer.from('one')]);
    expect(splitter.hasRest).toBe(true);
    expect(splitter.take(Buffer.from('o\n'))).toEqual([Buffer.from('two')]);
  });

  test('refuses a line that does not end, and one that is too long when it does', () => {
    const growing = new LineSplitter(10);
    growing.take(Buffer.from('123456'));
    expect(() => growing.take(Buffer.from('78901'))).toThrow(LineTooLong);
    expect(() => new LineSplitter(10).take(Buffer.from('12345678901\n'))).toThrow(LineTooLong);
    expect(new LineSplitter(10).take(Buffer.from('1234567890\n'))).toHaveLength(1);
  });
});
