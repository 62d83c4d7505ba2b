import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compiled, contextOf, fresh, subjectOf } from '../../test/support/expressions.ts';
import { compileExpression } from './expression.ts';
import { LIBRARY } from './library.ts';

const numbers = Array.from({ length: 2000 }, (_, index) => index);
const long = 'ab'.repeat(50_000);
const large = subjectOf({
  spec: {
    list: numbers,
    text: long,
    texts: Array.from({ length: 1000 }, (_, index) => `${long}${index}`),
    map: Object.fromEntries(numbers.map((key) => [`k${key}`, numbers])),
  },
  facts: { k: Object.fromEntries(numbers.map((key) => [`f.${key}`, fresh(key)])) },
});

describe('what would take long is unknown instead', () => {
  test.each([
    'spec.list.all(a, spec.list.all(b, spec.list.all(c, a + b + c >= 0)))',
    'spec.list.map(a, spec.list.map(b, a * b)).size() > 0',
    'spec.list.all(a, spec.list == spec.list)',
    'spec.list.all(a, spec.map == spec.map)',
    'spec.list.all(a, entity == entity)',
    'spec.list.all(a, a in spec.list)',
    'spec.list.all(a, spec.text.contains("abc") || spec.text.size() > 0)',
    'spec.list.all(a, facts.k.size() > 0)',
    'spec.list.map(a, spec.text).join().size() > 0',
    'spec.texts.join(spec.text).size() > 0',
    'spec.text.replace("a", spec.text).size() > 0',
    'spec.text.replace("", spec.text).size() > 0',
    'spec.list.distinct().size() > 0',
    'sets.contains(spec.list, spec.list) && sets.equivalent(spec.list, spec.list)',
    'spec.text.matches("(a|b|ab)*c{1,100}$")',
    'spec.text.findAll("a?").size() > 0',
    'spec.text.findAll("(ab)*$").size() > 5',
    '"%s%s%s".format([spec.texts, spec.texts, spec.map]).size() > 0',
    'spec.texts.exists(a, spec.texts.exists(b, a == b + "x"))',
    `cel.bind(a, spec.text + spec.text, ${'cel.bind(a, a + a, '.repeat(30)}a.size() > 0${')'.repeat(31)}`,
    `cel.bind(a, spec.list, ${'cel.bind(a, a + a, '.repeat(30)}a.size() > 0${')'.repeat(31)}`,
    `cel.bind(a, [1], ${'cel.bind(a, [a, a], '.repeat(30)}a == a${')'.repeat(31)}`,
    `cel.bind(a, [1], ${'cel.bind(a, [a, a], '.repeat(25)}"%s".format([a]) == ""${')'.repeat(26)}`,
  ])('%s', (source) => {
    const { evaluate, explain } = compiled(source);
    expect(evaluate(large, contextOf())).toBe('unknown');
    expect(explain(large, contextOf()).reason).toBe('it takes too many steps');
  });
});

test('what is large but linear is answered', () => {
  const { evaluate } = compiled(
    'spec.list.all(n, n >= 0) && spec.text.size() == 100000 && 1999 in spec.list && spec.list.sum() == 1999000',
  );
  expect(evaluate(large, contextOf())).toBe(true);
});

test('the steps of an expression are shared out to its parts, so that none depends on another', () => {
  const part = 'spec.list.all(a, a + 1 > a)';
  const alone = compileExpression(part, { steps: 20_000 });
  const many = compileExpression(Array.from({ length: 20 }, () => part).join(' && '), { steps: 20_000 });
  expect(alone.ok && alone.expression.evaluate(large, contextOf())).toBe(true);
  expect(many.ok && many.expression.evaluate(large, contextOf())).toBe('unknown');
});

test('regular expressions are paid for when they are compiled, whether written out or made', () => {
  const many = Array.from({ length: 60 }, (_, index) => `kind.matches("(a{15}){15}${index}")`).join(' && ');
  const result = compileExpression(many);
  expect(result).toMatchObject({ ok: false, problem: { message: expect.stringMatching(/too many/) as string } });
  const { explain } = compiled('spec.list.all(n, !"b".matches("(a{15}){15}" + string(n)))');
  const again = [1, 2].map(() => explain(large, contextOf()));
  expect(again).toEqual([1, 2].map(() => ({ outcome: 'unknown', reason: 'it takes too many steps' })));
  const { evaluate } = compiled('spec.list.all(n, !string(n).matches("^" + kind))');
  expect(evaluate(large, contextOf())).toBe(true);
});

test('constants that take long to compute are not computed beforehand', () => {
  const list = `[${Array.from({ length: 100 }, (_, index) => index).join(',')}]`;
  const { predicate, evaluate } = compiled(`${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c >= 0)))`);
  expect(predicate.op).toBe('scan');
  expect(evaluate(large, contextOf())).toBe('unknown');
});

/** Words of the language, and of other things, one per blank. */
const WORDS = `spec spec.list spec.text facts facts.k entity kind x 1 2.5 "a" '\\u00e9' null true ( ) [ ] { } , : ? . .? [? && ||
! - + * / % == < in all(x, exists(x, map(x, filter(x, cel.bind(x, has( optional.of( orValue( r"\\d" 0x 1e9 // \\ " \u{1F600}`;

/** Values of all kinds, with what is hard among them. */
const VALUES = `spec.text spec.list spec.texts spec.map facts.k spec.absent null true 0 -1 9007199254740991 1.5 1e308 "" "a"
"1.2.3" "10.0.0.0/8" "2024-01-01T00:00:00Z" "1h" "%s%d%.100f" "(a*)*" [] {} [spec.text] dyn(-0.0)`;

test('no text makes compiling or evaluating throw, or run long', () => {
  const names = LIBRARY.flatMap(([, overloads]) => overloads.map(({ name }) => `.${name}(`));
  const word = fc.constantFrom(...WORDS.split(/\s+/), ...names, ' in ', '`', '\n', '\u0000');
  const soup = fc.array(word, { maxLength: 25 }).map((words) => words.join(''));
  const source = fc.oneof(soup, soup, fc.string({ unit: 'binary', maxLength: 60 }));
  fc.assert(
    fc.property(source, (text) => {
      const result = compileExpression(text);
      if (!result.ok)
        return result.problem.line >= 1 && result.problem.column >= 1 && !/\n/.test(result.problem.message);
      return [true, false, 'unknown'].includes(result.expression.evaluate(large, contextOf()));
    }),
    { numRuns: 2000 },
  );
});

test('a call of any function with any values neither throws nor runs long', () => {
  const value = fc.constantFrom(...VALUES.split(/\s+/));
  const overload = fc.constantFrom(...LIBRARY.flatMap(([, overloads]) => overloads));
  fc.assert(
    fc.property(overload, fc.array(value, { minLength: 3, maxLength: 3 }), ({ name, on, params }, values) => {
      const args = values.slice(1, params.length + 1).map((each) => `dyn(${each})`);
      const call = `${on === undefined ? '' : `dyn(${values[0]}).`}${name}(${args.join(', ')})`;
      const result = compileExpression(`${call} == ${values[0]}`);
      return !result.ok || [true, false, 'unknown'].includes(result.expression.evaluate(large, contextOf()));
    }),
    { numRuns: 1000 },
  );
});
