import { describe, expect, test } from 'vitest';
import { compileExpression } from './expression.ts';
import type { ExpressionProblem } from './problem.ts';

function problemOf(source: string): ExpressionProblem {
  const compiled = compileExpression(source);
  if (compiled.ok) throw new Error(`${source} compiles`);
  return compiled.problem;
}

function at(source: string): string {
  const { line, column, length } = problemOf(source);
  return `${line}:${column}+${length}`;
}

describe('a problem says what is wrong and what to write', () => {
  const rows: readonly (readonly [source: string, message: RegExp, hint?: RegExp])[] = [
    ['', /is empty/],
    ['  \n ', /is empty/],
    ['spce.type == "x"', /`spce` is not a variable/, /did you mean `spec`/],
    ['owner == "x"', /`owner` is not a variable/, /write `spec.owner`/],
    ['production == spec.lifecycle', /`production` is not a variable/, /text stands in quotes/],
    ['metadata.annotations.backstage.io/x == "a"', /`x` is not a variable/, /metadata|map\["the\/key"\]/],
    ['metadata.tags.exists(tag, tog == "x")', /`tog` is not a variable/, /`tag`/],
    ['kind = "x"', /Expected an operator or the end, but `=`/, /`==`/],
    ['kind == "x" and true', /but `and` stands/, /`&&`/],
    ['not has(spec.x)', /but `has` stands|`not`/],
    ['kind == ', /Expected a value, but the expression ends/],
    ['(kind == "x"', /Expected `\)`, but the expression ends/],
    ['[1, 2', /Expected `\]`/],
    ['"abc', /string that begins here has no end/, /quotes/],
    ['kind == "a\nb"', /cannot span lines/, /"""/],
    ["'\\q' == kind", /Invalid escape sequence/],
    ['kind.startWith("a")', /no method `startWith`/, /`startsWith`/],
    ['kind.toLowerCase() == "a"', /no method `toLowerCase`/, /`lowerAscii`/],
    ['contains(kind, "a")', /no function `contains`/, /it is a method/],
    ['kind.has() == "a"', /no method `has`/],
    ['spec.x.quantity() == 1', /no method `quantity`/, /it is a function/],
    ['now() > timestamp("2024-01-01T00:00:00Z")', /no function `now`/, /fact/],
    ['kind.startsWith(3)', /`startsWith` is called as `string.startsWith\(string\)`; here with 1 argument/],
    ['size() == 1', /not without arguments/],
    ['kind == 3', /never equal: `kind` is a string, `3` is an int/, /without quotes/],
    ['relations.ownedBy == "group:default/a"', /never equal/, /`x in list`/],
    ['"a" in kind', /looks into a list or a map/, /contains/],
    ['spec.x < null', /`<` has no meaning/],
    ['1 + "a" == 2', /`\+` has no meaning/],
    ['-kind == "a"', /before numbers/],
    ['!kind', /must be true or false/],
    ['kind && true', /Each side of `&&` must be true or false, but `kind` is a string/],
    ['size(kind)', /A condition must be true or false, but `size\(kind\)` is an int/],
    ['kind ? true : false', /before `\?`/],
    ['kind.name == "a"', /`kind` is a string and has no fields/],
    ['kind[0] == "a"', /has no elements/],
    ['relations.ownedBy["a"] == "b"', /list of refs/],
    ['metadata.tags.filter(t, true)["a"] == "b"', /counted from 0/],
    ['relations.ownedBy.name == "b"', /list of refs/],
    ['entity.facts.x == 1', /no `facts`\. It is the variable `facts`/],
    ['entity.owner == 1', /An entity has apiVersion, kind, metadata and spec/],
    ['principal.name == "a"', /A principal has `ref` and `claims`/],
    ['ref.name == "a"', /`ref` is a string/],
    ['owns(principal)', /`owns\(principal, entity\)`/],
    ['owns(entity, principal)', /`owns\(principal, entity\)`/],
    ['has(spec)', /`has` takes one field/],
    ['has(metadata.annotations["a/b"])', /`has` takes one field/, /key in map/],
    ['metadata.tags.exists(1, true)', /begins with the name of its variable/],
    ['metadata.tags.all(a, b, c, d)', /Write `list.all/],
    ['metadata.tags.all(a, a, true)', /different names/],
    ['metadata.tags.all(t, t.size())', /The condition must be true or false/],
    ['kind.all(k, true)', /goes over a list or a map/],
    ['cel.bind(1, 2, true)', /begins with the name of its variable/],
    ['cel.bind(x, 2)', /`cel.bind\(x, value, expression\)`/],
    ['optional.maybe(1).hasValue()', /optional.of/],
    ['kind.orValue("x") == "a"', /called on optionals/],
    ['kind.matches("(?=x)")', /not RE2/],
    ['kind.matches("a{1000}{1000}")', /regular expression/],
    ['kind.matches("(a{1,30}){1,30}")', /too large/],
    [`kind.matches("${'x'.repeat(600)}")`, /longer than 500/],
    ['1u == 1', /Unsigned integers/, /without `u`/],
    ['b"a" == b"a"', /Bytes are not supported/],
    ['spec.x == 9007199254740993', /2\^53/, /`.0`/],
    ['package == 1', /reserved word/],
    ['metadata.`a-b` == 1', /`/, /map\["field-name"\]/],
    ['{"a": 1, "a": 2}.a == spec.', /Expected a name/],
  ];
  test.each(rows.map(([source, message, hint]) => ({ source, message, hint })))(
    '$source',
    ({ source, message, hint }) => {
      const problem = problemOf(source);
      expect(problem.message).toMatch(message);
      expect(problem.message).not.toMatch(/\n/);
      if (hint) expect(problem.hint).toMatch(hint);
    },
  );
});

test('a problem has its place: line, column and length in characters', () => {
  expect(at('kind == "x" && spce.type == "y"')).toBe('1:16+4');
  expect(at('kind == "x" &&\n  spce.type == "y"')).toBe('2:3+4');
  expect(at('kind == "\u{1F600}" && spce == 1')).toBe('1:16+4');
  expect(at('metadata.name.startWith("x")')).toBe('1:15+9');
  expect(at('kind.matches("(")')).toBe('1:14+3');
  expect(at('kind ==')).toBe('1:8+1');
  expect(at('spec.a == 1 || kind == 3')).toBe('1:16+9');
});

describe('limits are problems, not faults', () => {
  test.each([
    ['a long source', `kind == "${'x'.repeat(5000)}"`, /bytes long/],
    ['deep brackets', `${'('.repeat(200)}true${')'.repeat(200)}`, /levels/],
    ['deep negation', `${'!'.repeat(4000)}true`, /nested too deeply|parts/],
    ['deep minus', `${'-'.repeat(4000)}1 == 1`, /nested too deeply|parts/],
    ['deep lists', `${'['.repeat(300)}1${']'.repeat(300)} == []`, /levels/],
    ['deep sums', `${'1+'.repeat(500)}1 == 1`, /nested too deeply/],
    ['deep access', `spec${'.a'.repeat(300)} == 1`, /levels/],
    ['many parts', `${'1<2||'.repeat(700)}1<2`, /parts/],
    ['a long list', `1 in [${Array.from({ length: 600 }, () => 1).join(',')}]`, /elements in a list/],
    ['many arguments', `size(${Array.from({ length: 60 }, () => 1).join(',')}) == 1`, /arguments/],
  ])('%s', (_, source, message) => {
    expect(problemOf(source).message).toMatch(message);
  });

  test('long chains of && and || are not deep', () => {
    const chain = Array.from({ length: 300 }, (_, index) => `spec.a==${index}`).join('||');
    expect(compileExpression(chain).ok).toBe(true);
  });
});
