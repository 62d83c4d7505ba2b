import { conversionFunctions } from './functions/conversion.ts';
import { kubernetesFunctions } from './functions/kubernetes.ts';
import { listFunctions } from './functions/lists.ts';
import { networkFunctions } from './functions/network.ts';
import { regexFunctions } from './functions/regex.ts';
import { stringFunctions } from './functions/strings.ts';
import { timeFunctions } from './functions/time.ts';
import { globalFunction, parametersOf, type Candidate, type Overload } from './overload.ts';
import { matches } from './pattern.ts';

/** The functions by topic, in the order of the reference. */
export const LIBRARY: readonly (readonly [topic: string, overloads: readonly Overload[]])[] = [
  ['Text', stringFunctions],
  ['Regular expressions (RE2)', regexFunctions],
  ['Lists, maps and sets', listFunctions],
  ['Types and conversions', conversionFunctions],
  ['Time', timeFunctions],
  ['Quantities and versions', kubernetesFunctions],
  ['Addresses and URLs', networkFunctions],
];

// `matches(text, pattern)` is the only standard method that CEL also has as a global function.
const globalMatches = globalFunction(
  'matches',
  { params: ['string', 'string'], result: 'bool', doc: 'the same as the method' },
  matches,
);

const functions = new Map<string, Candidate[]>();
const methods = new Map<string, Candidate[]>();
for (const overload of [...LIBRARY.flatMap(([, overloads]) => overloads), globalMatches]) {
  const table = overload.on === undefined ? functions : methods;
  const list = table.get(overload.name) ?? [];
  list.push({ overload, params: parametersOf(overload) });
  table.set(overload.name, list);
}

/** All forms of a function `name(...)`; empty where there is none. */
export function functionNamed(name: string): readonly Candidate[] {
  return functions.get(name) ?? [];
}

/** All forms of a method `.name(...)`; empty where there is none. */
export function methodNamed(name: string): readonly Candidate[] {
  return methods.get(name) ?? [];
}

/** Names for suggestions. */
export function functionNames(): readonly string[] {
  return [...functions.keys()];
}

/** Names for suggestions. */
export function methodNames(): readonly string[] {
  return [...methods.keys()];
}
