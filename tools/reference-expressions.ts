// docs/reference/expressions.md: the tables of functions come from the library itself.
import { LIBRARY } from '../src/cel/library.ts';
import { DEFAULT_LIMITS } from '../src/cel/limits.ts';
import { signatureText, type Overload } from '../src/cel/overload.ts';

function row(overload: Overload): string {
  const result = overload.result === 'dyn' ? 'any' : overload.result;
  return `| \`${signatureText(overload).replaceAll('dyn', 'any')}\` | ${result} | ${overload.doc} |`;
}

function section([topic, overloads]: (typeof LIBRARY)[number]): string {
  return `### ${topic}\n\n| function | gives | |\n| --- | --- | --- |\n${overloads.map(row).join('\n')}\n`;
}

/** The page. */
export function expressionReference(): string {
  return `# Expressions

Generated from \`src/cel\` by \`npm run reference\`. How to write them: [expressions](../how-to/expressions.md).

Expressions are [CEL](https://cel.dev). An expression is asked of one entity and is **true**, **false** or **unknown**.

## Variables

| variable | type | what |
| --- | --- | --- |
| \`entity\` | map | the declared entity: \`apiVersion\`, \`kind\`, \`metadata\`, \`spec\` |
| \`apiVersion\`, \`kind\` | string | short for \`entity.kind\` and so on |
| \`metadata\`, \`spec\` | map | the same |
| \`relations\` | map of lists | refs of the targets by type of relation, e.g. \`relations.ownedBy\` |
| \`facts\` | map | what collectors observed: \`facts.<collector>.<path>\` |
| \`ref\` | string | the entity's ref, \`kind:namespace/name\` in lower case |
| \`principal\` | map | who asks: \`ref\`, and \`claims\`, the refs it owns things through |

## Unknown

| | outcome |
| --- | --- |
| a field, an element or a fact that is absent | unknown |
| a fact that is stale or failed | unknown |
| an operator or a function without a meaning for the values, e.g. \`"a" < 1\` | unknown |
| a division by zero, a number beyond 2^53, a text that does not convert | unknown |
| too many steps | unknown |
| \`!unknown\` | unknown |
| \`unknown && false\`, \`false && unknown\` | false |
| \`unknown \\|\\| true\`, \`true \\|\\| unknown\` | true |
| \`unknown ? a : b\` | unknown |
| \`==\` and \`!=\` of values of different types | false and true |
| \`list.all(x, ...)\` where one is false | false, whatever the others are |
| \`list.exists(x, ...)\` where one is true | true, whatever the others are |
| \`exists_one\`, \`filter\`, \`map\` over anything unknown | unknown |
| \`has(a.b)\` | true or false where \`a\` is a map, else unknown; unknown for a stale fact |
| \`map.?key\` | an optional: empty where absent, unknown where stale |
| \`owns(principal, entity)\` | true or false; false where nobody owns the entity |

A map of facts that is used as a whole (\`size(facts.kubernetes)\`) is unknown where any fact in it is.

## Operators

\`!\` \`-\` \`*\` \`/\` \`%\` \`+\` \`==\` \`!=\` \`<\` \`<=\` \`>\` \`>=\` \`in\` \`&&\` \`||\` \`? :\` and \`a.b\`, \`a["b"]\`, \`a.?b\`, \`a[?"b"]\`, lists
\`[1, 2]\`, maps \`{"a": 1}\`. Integers and doubles compare by value, and arithmetic may mix them: it gives a double. Two integers
divide towards zero. Text is ordered by code points. A number of JSON is an int where it is whole.

## Macros

| macro | gives | |
| --- | --- | --- |
| \`has(a.b)\` | bool | the field is there |
| \`list.all(x, condition)\`, \`map.all(key, value, condition)\` | bool | it holds for each |
| \`list.exists(x, condition)\`, \`map.exists(key, value, condition)\` | bool | it holds for one at least |
| \`list.exists_one(x, condition)\`, \`existsOne\` | bool | it holds for exactly one |
| \`list.filter(x, condition)\` | list | those it holds for |
| \`list.map(x, value)\`, \`list.map(x, condition, value)\` | list | a value for each |
| \`map.transformList(key, value, result)\`, \`transformMap\` | list, map | the same with key and value; a condition may stand before the result |
| \`cel.bind(x, value, expression)\` | any | a name for a value |
| \`owns(principal, entity)\` | bool | a target of \`ownedBy\` is among the principal's claims |

One variable goes over the elements of a list or the keys of a map; two go over index and element, or key and value.

## Functions

Regular expressions are [RE2](https://github.com/google/re2/wiki/Syntax), which takes no longer for a bad pattern than for a good
one. There is no \`now()\`: an outcome depends on what was observed alone; ages are facts.

${LIBRARY.map(section).join('\n')}
### Optionals

| function | gives | |
| --- | --- | --- |
| \`optional.of(any)\`, \`optional.none()\`, \`optional.ofNonZeroValue(any)\` | optional | |
| \`optional.hasValue()\` | bool | |
| \`optional.value()\` | any | unknown where it is empty |
| \`optional.orValue(any)\` | any | the value, or another |
| \`optional.or(optional)\` | optional | itself, or another where it is empty |
| \`optional.optMap(x, value)\`, \`optional.optFlatMap(x, optional)\` | optional | computed from the value, where there is one |

${limits()}`;
}

function limits(): string {
  return `## What indexes answer

\`==\`, \`!=\`, \`<\`, \`<=\`, \`>\`, \`>=\` of a path and a constant, \`path in [constants]\`, \`constant in path\`, \`has(path)\`,
\`path.startsWith("...")\`, \`endsWith\`, \`contains\`, \`matches\`, a bare path, \`owns(principal, entity)\`, and \`&&\`, \`||\`, \`!\` of
these. A path is a chain of constant keys below \`entity\`, \`apiVersion\`, \`kind\`, \`metadata\`, \`spec\`, \`relations\` or \`facts\`. All
else is evaluated on each entity that is left. \`callboard query --explain\` shows which is which.

## Limits

| | |
| --- | --- |
| length | ${DEFAULT_LIMITS.sourceBytes} bytes |
| nesting | ${DEFAULT_LIMITS.depth} levels |
| parts | ${DEFAULT_LIMITS.nodes} |
| elements of a list or map that is written out | ${DEFAULT_LIMITS.elements} |
| steps of one evaluation | ${DEFAULT_LIMITS.steps}, shared out to the parts that are evaluated |
| a regular expression | 500 characters, 300 instructions |
| text that is made | 1,048,576 characters |

## Other than in CEL

- Integers reach to 2^53 - 1. There are no unsigned integers (\`1u\`) and no bytes (\`b"..."\`): entities are JSON.
- Arithmetic may mix ints and doubles, since JSON does not tell \`3\` from \`3.0\`.
- Not yet read: fields in backticks (write \`map["field-name"]\`), optional elements in literals (\`[?x]\`, \`{?"k": x}\`), numbers that
  begin with a point (\`.5\`).
`;
}
