/** One choice of a value for each factor, by the factor's name. */
export type Choice<Factors> = {
  readonly [Name in keyof Factors]: Factors[Name] extends readonly (infer Value)[] ? Value : never;
};

type AnyFactors = Readonly<Record<string, readonly unknown[]>>;

/** Every choice that `isAllowed` takes. */
export function allChoices<const Factors extends AnyFactors>(
  factors: Factors,
  isAllowed: (choice: Choice<Factors>) => boolean,
): readonly Choice<Factors>[] {
  let choices: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(factors)) {
    choices = choices.flatMap((choice) => values.map((value) => ({ ...choice, [name]: value })));
  }
  return (choices as Choice<Factors>[]).filter(isAllowed);
}

/**
 * A small set of choices in which every two values of two factors meet, where any allowed choice has them together: most
 * faults of a combination show with two of its values. Greedy, and always the same for the same factors.
 */
export function pairwiseChoices<const Factors extends AnyFactors>(
  factors: Factors,
  isAllowed: (choice: Choice<Factors>) => boolean,
): readonly Choice<Factors>[] {
  const rest = allChoices(factors, isAllowed).map((choice) => ({ choice, pairs: pairsOf(factors, choice) }));
  const open = new Set(rest.flatMap(({ pairs }) => pairs));
  const chosen: Choice<Factors>[] = [];
  while (open.size > 0) {
    let best: (typeof rest)[number] | undefined;
    let bestGain = 0;
    for (const candidate of rest) {
      const gain = candidate.pairs.filter((pair) => open.has(pair)).length;
      if (gain > bestGain) [best, bestGain] = [candidate, gain];
    }
    if (best === undefined) break;
    chosen.push(best.choice);
    for (const pair of best.pairs) open.delete(pair);
  }
  return chosen;
}

/** The pairs of values that meet in a choice, by their places in the factors. */
export function pairsOf<Factors extends AnyFactors>(factors: Factors, choice: Choice<Factors>): readonly string[] {
  const places = Object.entries(factors).map(
    ([name, values]) => `${name}=${values.indexOf((choice as Readonly<Record<string, unknown>>)[name])}`,
  );
  return places.flatMap((one, at) => places.slice(at + 1).map((other) => `${one} ${other}`));
}
