import type { ListedFact } from '../../api/entity.ts';
import { valueIn } from '../../model/field-value.ts';
import type { Subject } from '../../model/predicate.ts';

const FACTS = 'facts.';

/** Facts of one entity in a list, by dotted path under `facts`. */
export type ListedFacts = Readonly<Record<string, ListedFact>>;

/** Facts that a list shows of each entity. */
const MOST_FACTS = 100;

/** The facts that a list of fields names, each as `<collector>.<path>` and once; the first ones where they are too many. */
export function factPaths(fields: readonly string[]): readonly string[] {
  const paths = fields
    .flatMap((field) => field.split(','))
    .map((field) => field.trim())
    .filter((field) => field.startsWith(FACTS) && field.indexOf('.', FACTS.length) !== -1)
    .map((field) => field.slice(FACTS.length));
  return [...new Set(paths)].slice(0, MOST_FACTS);
}

/** What an entity has at these paths; absent ones are left out. */
export function factsAt(subject: Subject, paths: readonly string[]): ListedFacts {
  const found = paths.flatMap((path): [string, ListedFact][] => {
    const fact = factAt(subject, path);
    return fact === undefined ? [] : [[path, fact]];
  });
  return Object.fromEntries(found);
}

/** The fact at a path, or the part of a fact above it; `undefined`: neither is there. */
export function factAt({ facts }: Subject, path: string): ListedFact | undefined {
  const dot = path.indexOf('.');
  const collector = path.slice(0, dot);
  const slots = dot !== -1 && Object.hasOwn(facts, collector) ? facts[collector] : undefined;
  if (slots === undefined) return undefined;
  const asked = path.slice(dot + 1);
  // A path may be very long, and an entity has few facts: they are gone through, not the parts of the path.
  const places = Object.keys(slots).filter((place) => asked === place || asked.startsWith(`${place}.`));
  for (const place of places.sort((left, right) => right.length - left.length)) {
    const fact = slots[place];
    const below = asked === place ? [] : asked.slice(place.length + 1).split('.');
    const value = fact && valueIn(fact.value, below);
    if (fact && value !== undefined) return fact.unknown ? { value, unknown: true } : { value };
  }
  return undefined;
}
