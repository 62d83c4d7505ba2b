import { expect, test } from 'vitest';
import { markedParts, nextShow, questionOf, readFleetSearch, takeFilters, withText } from './fleet-search.ts';

test('the URL is the question; what makes no sense is left out', () => {
  expect(questionOf(readFleetSearch({ q: 'log4j', kind: 'Pod,Job', cluster: 'eu-1', show: '500' }))).toEqual({
    q: 'log4j',
    kind: ['Pod', 'Job'],
    cluster: ['eu-1'],
    limit: 500,
  });
  expect(questionOf(readFleetSearch({ show: '5000' }))).toEqual({ q: undefined, kind: [], cluster: [], limit: 100 });
});

test('whole filters in the text become choices; one that is being written stays and asks nothing', () => {
  expect(withText({ kind: 'Job' }, 'log4j kind:pod,Deployment cluster:eu-1 ', false)).toEqual({
    q: 'log4j ',
    kind: 'Job,Pod,Deployment',
    cluster: 'eu-1',
    show: undefined,
  });
  expect(takeFilters('log4j kind:po', false)).toEqual({ words: 'log4j kind:po', kind: [], cluster: [] });
  expect(takeFilters('log4j kind:po', true)).toEqual({ words: 'log4j ', kind: ['Po'], cluster: [] });
  expect(questionOf({ q: 'log4j kind:po' }).q).toBe('log4j');
  expect(questionOf({ q: 'kind:' }).q).toBeUndefined();
  expect(takeFilters('mankind:x', true).words).toBe('mankind:x');
});

test('more is shown in steps, as far as the server goes', () => {
  const shown = (limit: number, total: number): string | undefined =>
    nextShow({ q: 'a', kind: [], cluster: [], limit }, total);
  expect([shown(100, 90), shown(100, 400), shown(500, 9000), shown(1000, 9000)]).toEqual([
    undefined,
    '500',
    '1000',
    undefined,
  ]);
});

test('what was found is marked, whatever its case; other signs mean themselves', () => {
  const marked = (text: string, ...words: string[]): string =>
    markedParts(text, words)
      .map((part) => (part.isFound ? `[${part.text}]` : part.text))
      .join('');
  expect(marked('box-Office-office', 'office')).toBe('box-[Office]-[office]');
  expect(marked('a.b(c)', '.b(')).toBe('a[.b(]c)');
  expect(marked('ticket-desk', 'desk', 'tick')).toBe('[tick]et-[desk]');
  expect(marked('none')).toBe('none');
});
