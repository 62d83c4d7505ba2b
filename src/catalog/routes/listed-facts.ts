import type { ListedFact } from '../../api/entity.ts';
import { valueIn } from '../../model/field-value.ts';
import type { Subject } from '../../model/predicate.ts';

const FACTS = 'facts.';

/** Facts of one entity in a list, by dotted path under `facts`. */
export type ListedFacts = Readonly<Record<string, ListedFact>>;

/** The facts that a list of fields names, each as `<collector>.<path>`. */
export function factPaths(fields: readonly string[]): readonly string[] {
  return fields
    .flatMap((field) => field.split(','))
    .map((field) => field.trim())
    .filter((field) => field.startsWith(FACTS) && field.indexOf('.', FACTS.length) !== -1)
    .map((field) => field.slice(FACTS.length));
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
  const segments = path.split('.');
  const [collector = ''] = segments;
  const slots = Object.hasOwn(facts, collector) ? facts[collector] : undefined;
  if (slots === undefined) return undefined;
  for (let end = segments.length; end > 1; end -= 1) {
    const place = segments.slice(1, end).join('.');
    const fact = Object.hasOwn(slots, place) ? slots[place] : undefined;
    const value = fact && valueIn(fact.value, segments.slice(end));
    if (fact && value !== undefined) return fact.unknown ? { value, unknown: true } : { value };
  }
  return undefined;
}
