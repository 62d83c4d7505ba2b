import type { RoleRule } from '../../api/roles.ts';
import type { GraphReader, Visibility } from '../../graph/view.ts';
import type { PrincipalContext } from '../../model/predicate.ts';
import type { Decision, LiveObject } from '../policy.ts';
import { visibilityOf } from '../visibility.ts';
import type { ConditionCache } from './condition-cache.ts';
import { matchesGlob } from './glob.ts';

/** Places (cluster and namespace) whose rules are kept. */
const KEPT_PLACES = 10_000;

/** What is so in one place: all objects, or those of the entities that one of the conditions shows. */
type Place = 'all' | readonly Visibility[];

type LiveResult = Exclude<Decision, { readonly result: 'condition' }>;

const ALLOW: LiveResult = { result: 'allow' };

/** Decides on the live objects of clusters for one principal and one permission; the rules of each place are kept. */
export class LiveDecision {
  readonly #rules: readonly RoleRule[];
  readonly #context: PrincipalContext;
  readonly #conditions: ConditionCache;
  readonly #graph: GraphReader;
  readonly #places = new Map<string, Place>();

  /** @param rules those that cover the permission */
  constructor(
    rules: readonly RoleRule[],
    context: PrincipalContext,
    parts: { readonly conditions: ConditionCache; readonly graph: GraphReader },
  ) {
    this.#rules = rules;
    this.#context = context;
    this.#conditions = parts.conditions;
    this.#graph = parts.graph;
  }

  /** Decides on one object. */
  of({ cluster, namespace, ownerRef }: LiveObject): LiveResult {
    if (this.#rules.length === 0) return { result: 'deny', reason: 'none of its roles has this permission' };
    const place = this.#placeOf(cluster, namespace);
    if (place === 'all') return ALLOW;
    if (ownerRef !== undefined) {
      for (const visibility of place) if (this.#graph.view(visibility).find(ownerRef) !== undefined) return ALLOW;
    }
    const where = namespace === undefined ? cluster : `${cluster}/${namespace}`;
    const owner = ownerRef === undefined ? '' : ` for objects of ${ownerRef}`;
    return { result: 'deny', reason: `its roles do not have this permission in ${where}${owner}` };
  }

  #placeOf(cluster: string, namespace: string | undefined): Place {
    const key = JSON.stringify([cluster, namespace]);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    if (this.#places.size >= KEPT_PLACES) this.#places.clear();
    const place = this.#work(this.#rules.filter((rule) => isIn(rule, cluster, namespace)));
    this.#places.set(key, place);
    return place;
  }

  #work(rules: readonly RoleRule[]): Place {
    if (rules.some(({ where }) => where === undefined)) return 'all';
    const sources = rules.map(({ where = '' }) => where);
    if (sources.length === 0) return [];
    const decision = this.#conditions.decision(sources, this.#context);
    // A condition that is true of every entity still asks for an entity: what nobody owns has none.
    return decision.result === 'deny' ? [] : [visibilityOf(decision, this.#context)];
  }
}

/** What stands in no namespace is in none that a rule could name. */
function isIn({ clusters, namespaces }: RoleRule, cluster: string, namespace: string | undefined): boolean {
  if (clusters !== undefined && !clusters.some((pattern) => matchesGlob(pattern, cluster))) return false;
  if (namespaces === undefined) return true;
  return namespace !== undefined && namespaces.some((pattern) => matchesGlob(pattern, namespace));
}
