import { createHash } from 'node:crypto';
import { RecentMap } from '../../base/recent-map.ts';
import type { Predicate, PrincipalContext } from '../../model/predicate.ts';
import type { Decision } from '../policy.ts';
import { principalKey } from '../visibility.ts';
import { checkCondition, compileRuleCondition, type CheckedCondition, type StoredFacts } from './rule-condition.ts';

/** Conditions kept as they were checked; some kB each at the most. */
const KEPT_CHECKED = 1_000;
/** Conditions kept as compiled for one principal. */
const KEPT_COMPILED = 4_096;

type Conditional = Extract<Decision, { readonly result: 'condition' }>;

/** The conditions of rules as predicates, compiled once for everybody or once for each principal that they speak of. */
export class ConditionCache {
  readonly #storedFacts: StoredFacts;
  readonly #checked = new RecentMap<string, CheckedCondition>(KEPT_CHECKED);
  readonly #compiled = new RecentMap<string, { readonly predicate: Predicate | undefined }>(KEPT_COMPILED);
  readonly #shared = new RecentMap<string, Conditional>(KEPT_CHECKED);

  constructor(storedFacts: StoredFacts) {
    this.#storedFacts = storedFacts;
  }

  /** True where a condition is one, and means different things for different principals. */
  isPersonal(source: string): boolean {
    const checked = this.#check(source);
    return checked.ok && checked.condition.isPersonal;
  }

  /** What is wrong with a condition, in a sentence. */
  problem(source: string): string | undefined {
    const checked = this.#check(source);
    return checked.ok ? undefined : checked.problem.message;
  }

  /** A condition as a principal is concerned; undefined where it is no good, and so permits nothing. */
  predicate(source: string, context: PrincipalContext): Predicate | undefined {
    const checked = this.#check(source);
    if (!checked.ok) return undefined;
    const { isPersonal } = checked.condition;
    const key = isPersonal ? `${source}\n${principalKey(context)}` : source;
    return this.#compiled.of(key, () => {
      const compiled = compileRuleCondition(source, isPersonal ? context : undefined);
      return { predicate: compiled.ok ? compiled.expression.predicate : undefined };
    }).predicate;
  }

  /** The decision that several conditions make: what one of them permits is permitted. */
  decision(sources: readonly string[], context: PrincipalContext): Decision {
    const distinct = [...new Set(sources)].sort();
    const args: Predicate[] = [];
    for (const source of distinct) {
      const predicate = this.predicate(source, context);
      // What is the same for all entities is no condition; unknown never permits.
      if (predicate?.op === 'constant') {
        if (predicate.value === true) return { result: 'allow' };
      } else if (predicate !== undefined) args.push(predicate);
    }
    const [first] = args;
    if (first === undefined) return { result: 'deny', reason: 'the conditions of its roles hold for no entity' };
    const condition: Predicate = args.length === 1 ? first : { op: 'or', args };
    const key = createHash('sha256').update(JSON.stringify(distinct)).digest('base64url').slice(0, 22);
    if (distinct.some((source) => this.isPersonal(source))) return { result: 'condition', key, condition };
    return this.#shared.of(key, () => ({ result: 'condition', key, condition, shared: true }));
  }

  #check(source: string): CheckedCondition {
    return this.#checked.of(source, () => checkCondition(source, this.#storedFacts));
  }
}
