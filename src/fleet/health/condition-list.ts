import { list, text, tree, whole, type Tree } from '../reduce/json-read.ts';

/** One condition of a status. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly observedGeneration: number | undefined;
}

/** The conditions in a list, those that have a type and a status. */
export function conditionsOf(value: unknown): readonly Condition[] {
  const found: Condition[] = [];
  for (const item of list(value)) {
    const { type, status, reason, observedGeneration } = tree(item);
    // Some controllers write true where everybody else writes "True".
    const word = status === true ? 'True' : text(status);
    if (typeof type !== 'string' || word === undefined) continue;
    found.push({ type, status: word, reason: text(reason), observedGeneration: whole(observedGeneration) });
  }
  return found;
}

/** The condition of a type. */
export function conditionOf(status: Tree, type: string): Condition | undefined {
  return conditionsOf(status['conditions']).find((condition) => condition.type === type);
}
