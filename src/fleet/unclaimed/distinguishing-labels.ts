/** Labels that name a program best, the best first; then come all others by their keys. */
const naming: readonly string[] = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app',
  'k8s-app',
  'name',
  'app.kubernetes.io/component',
  'component',
];
/** Labels of which pairs are tried. */
const MOST_TRIED = 12;

/**
 * The fewest labels that nothing else has all of.
 *
 * @param own lines `key=value`
 * @param others such lines of what stands beside it
 * @returns undefined: something else has all of them
 */
export function distinguishing(
  own: readonly string[],
  others: readonly (readonly string[])[],
): readonly string[] | undefined {
  const known = others.map((labels) => new Set(labels));
  const isOwn = (labels: readonly string[]): boolean =>
    !known.some((other) => labels.every((label) => other.has(label)));
  const tried = [...own].sort((left, right) => rankOf(left) - rankOf(right) || (left < right ? -1 : 1));
  if (tried.length === 0) return undefined;
  // What names it is kept though another label alone would do today: tomorrow something else may have that too.
  const named = tried.filter((label) => rankOf(label) < naming.length);
  const single = (named.length > 0 ? named : tried).find((label) => isOwn([label]));
  if (single !== undefined) return [single];
  const some = tried.slice(0, MOST_TRIED);
  for (const [at, one] of some.entries())
    for (const other of some.slice(at + 1)) if (isOwn([one, other])) return [one, other];
  return isOwn(tried) ? tried : undefined;
}

/** Versions and the tools that put things there change, or say little: they come last. */
function rankOf(label: string): number {
  const key = label.slice(0, Math.max(0, label.indexOf('=')));
  const at = naming.indexOf(key);
  if (at >= 0) return at;
  return /version|managed-by|chart|heritage|release|hash|revision/i.test(key) ? naming.length + 1 : naming.length;
}
