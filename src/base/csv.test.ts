import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test('quotes texts, doubles quotes inside, and ends lines as RFC 4180 says', () => {
  expect(csvLine(['a', 'b "c", d\ne', 3, true, undefined, null, { x: 1 }])).toBe(
    '"a","b ""c"", d\ne",3,true,,,"{""x"":1}"\r\n',
  );
});

test.each(['=1+1', '+a', '-2', '@x', '|y', '%z', ' =1', '\tq', '\rq', '\nq'])(
  'a spreadsheet takes %j as text',
  (text) => {
    expect(csvLine([text])).toBe(`"'${text}"\r\n`);
  },
);
