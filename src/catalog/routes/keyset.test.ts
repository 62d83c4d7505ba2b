import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keysetPage } from './keyset.ts';

const keyOf = (item: string): string => item;

test('cuts the first page, and says where the next begins', () => {
  const page = keysetPage(['c', 'a', 'b'], keyOf, { limit: 2 }, 10);
  expect(page).toEqual({ items: ['a', 'b'], total: 3, next: expect.any(String) });
  expect(keysetPage(['c', 'a', 'b'], keyOf, { limit: 2, cursor: page.next }, 10)).toEqual({
    items: ['c'],
    total: 3,
    previous: expect.any(String),
  });
});

test('limit 0 answers the total alone, no limit the usual page', () => {
  expect(keysetPage(['a', 'b'], keyOf, { limit: 0 }, 10)).toEqual({ items: [], total: 2 });
  expect(keysetPage(['a', 'b', 'c'], keyOf, {}, 2).items).toEqual(['a', 'b']);
});

test.each([
  'x',
  'W10',
  Buffer.from('["after"]').toString('base64url'),
  Buffer.from('["up","a"]').toString('base64url'),
  Buffer.from('["after",1]').toString('base64url'),
])('refuses the damaged cursor %s', (cursor) => {
  expect(() => keysetPage(['a'], keyOf, { cursor }, 10)).toThrow(
    expect.objectContaining({ code: 'CURSOR_INVALID', status: 400 }),
  );
});

test('a walk shows everything that stays put once, in order, forth and back, while other items come and go', () => {
  const key = fc.string({ minLength: 1, maxLength: 3 });
  const stay = fc.uniqueArray(key, { maxLength: 20 });
  fc.assert(
    fc.property(
      stay,
      fc.array(fc.array(key, { maxLength: 3 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      (staying, guests, limit) => {
        const listAt = (turn: number): string[] => [...new Set([...staying, ...(guests[turn] ?? [])])];
        const sorted = staying.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
        let turn = 0;
        const walk = (
          side: 'next' | 'previous',
          start: string | undefined,
        ): readonly [string[], string | undefined] => {
          const seen: string[] = [];
          let cursor = start;
          let edge: string | undefined;
          do {
            const page = keysetPage(listAt(turn), keyOf, { limit, cursor }, 10);
            turn += 1;
            if (side === 'next') seen.push(...page.items);
            else seen.unshift(...page.items);
            edge = side === 'next' ? page.previous : page.next;
            cursor = page[side];
          } while (cursor !== undefined && turn < 200);
          return [seen, edge];
        };
        const [forth] = walk('next', undefined);
        expect(forth.filter((item) => staying.includes(item))).toEqual(sorted);
        const past = Buffer.from(JSON.stringify(['before', '\u{10ffff}~'])).toString('base64url');
        const [back] = walk('previous', past);
        expect(back.filter((item) => staying.includes(item))).toEqual(sorted);
      },
    ),
  );
});
