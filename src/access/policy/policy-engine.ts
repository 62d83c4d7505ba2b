import type { PermissionName } from '../../api/route.ts';
import type { GraphReader } from '../../graph/view.ts';
import type { PrincipalContext } from '../../model/predicate.ts';
import type { AccessState } from '../access-state.ts';
import type { Decision, LiveObject, Policy } from '../policy.ts';
import type { Principal } from '../principal.ts';
import { builtInRoles, standingBindings, type Standing } from './built-in.ts';
import { ConditionCache } from './condition-cache.ts';
import { grantsOf } from './grants.ts';
import { LiveDecision } from './live-decision.ts';
import { createPolicySet, placeOf, type PolicyLayer, type PolicyProblem, type PolicySet } from './policy-set.ts';
import { checkRole, type PolicyGround } from './role-check.ts';
import { decideByRules } from './rule-decision.ts';
import { ruleCovers, type Grant } from './rule.ts';
import { storedPolicy } from './stored-policy.ts';

/** A policy that is in a file, as it is now. */
export interface FilePolicy {
  /** What is in force: what the file says, or said last when it was good. */
  readonly layer: PolicyLayer;
  readonly problems: readonly PolicyProblem[];
  /** False where the file says something that cannot be in force. */
  readonly isGood: boolean;
}

/** Where a policy file is read and followed. */
export interface FilePolicySource {
  readonly current: FilePolicy;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** What roles and bindings decide by. */
export interface PolicyEngineOptions {
  readonly state: Pick<AccessState, 'all' | 'onChange'>;
  readonly graph: GraphReader;
  readonly ground: PolicyGround;
  readonly standing: Omit<Standing, 'isOpen'>;
  /** True where something of access is configured, so that guests are no administrators. */
  readonly isConfigured: boolean;
  readonly file?: FilePolicySource | undefined;
}

/** What is known of one principal while nothing about it changes. */
interface Memo {
  readonly set: PolicySet;
  readonly context: PrincipalContext;
  readonly grants: readonly Grant[];
  readonly decisions: Map<string, Decision>;
  readonly live: Map<string, LiveDecision>;
}

const UNKNOWN_PERMISSION: Decision = { result: 'deny', reason: 'there is no such permission' };
const NO_ROLE: Decision = { result: 'deny', reason: 'it has no role' };

/**
 * Decides by roles and bindings: those built in, those of the policy file, and those stored. What no rule permits is
 * denied. A decision is worked out once for each principal object, and again when the policy or its claims changed; a repeat
 * is a look into a map.
 */
export class PolicyEngine implements Policy {
  readonly #options: PolicyEngineOptions;
  readonly #conditions: ConditionCache;
  readonly #listeners = new Set<() => void>();
  readonly #memos = new WeakMap<Principal, Memo>();
  readonly #following: readonly (() => void)[];
  #set: PolicySet;

  constructor(options: PolicyEngineOptions) {
    this.#options = options;
    this.#conditions = new ConditionCache(options.ground.storedFacts);
    this.#set = this.setWith({});
    const stops = [
      options.file?.onChange(() => this.#renew()),
      options.state.onChange((changes) => {
        if (changes.some(({ type }) => type === 'role' || type === 'binding')) this.#renew();
      }),
    ];
    this.#following = stops.filter((stop) => stop !== undefined);
  }

  /** What is in force. */
  get set(): PolicySet {
    return this.#set;
  }

  get ground(): PolicyGround {
    return this.#options.ground;
  }

  decide(principal: Principal, permission: PermissionName): Decision {
    const memo = this.#memoOf(principal);
    const known = memo.decisions.get(permission);
    if (known !== undefined) return known;
    const decision = this.#decide(memo, permission);
    // Only names that there are: what somebody asks for by name must not fill the memory.
    if (decision !== UNKNOWN_PERMISSION) memo.decisions.set(permission, decision);
    return decision;
  }

  decideLive(
    principal: Principal,
    permission: PermissionName,
    object: LiveObject,
  ): Exclude<Decision, { readonly result: 'condition' }> {
    const memo = this.#memoOf(principal);
    let live = memo.live.get(permission);
    if (live === undefined) {
      const { graph, ground } = this.#options;
      const isLive = ground.permissions.get(permission)?.resource === 'live';
      const rules = isLive ? rulesFor(memo.grants, permission) : [];
      live = new LiveDecision(rules, memo.context, { conditions: this.#conditions, graph });
      if (isLive) memo.live.set(permission, live);
    }
    return live.of(object);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Every rule that a principal has now. */
  grantsOf(principal: Principal): readonly Grant[] {
    return this.#memoOf(principal).grants;
  }

  /** Every rule that it would have by other roles and bindings. */
  grantsWith(set: PolicySet, principal: Principal): readonly Grant[] {
    return grantsOf(principal, this.#options.graph.principalContext(principal.ref, principal.groups), set);
  }

  /** Decides by other roles and bindings than those in force, for a principal with these claims. Keeps nothing. */
  decideBy(set: PolicySet, grants: readonly Grant[], permission: string, context: PrincipalContext): Decision {
    return this.#decide({ set, grants, context }, permission);
  }

  /** True where a condition means different things for different principals. */
  isPersonal(source: string): boolean {
    return this.#conditions.isPersonal(source);
  }

  /** The roles and bindings as they would be in force with another file or other stored ones. */
  setWith(other: { readonly file?: PolicyLayer; readonly stored?: PolicyLayer }): PolicySet {
    const { state, file, standing, isConfigured, ground } = this.#options;
    const stored = storedPolicy(state);
    const storedLayer = other.stored ?? stored.layer;
    // One that this version cannot read was meant all the same: it never opens the server to guests.
    const isBound = storedLayer.bindings.length > 0 || (other.stored === undefined && stored.hasBindings);
    const isOpen = !isConfigured && !isBound;
    const fileLayer = other.file ?? file?.current.layer;
    const own = { roles: builtInRoles, bindings: standingBindings({ ...standing, isOpen }) };
    const set = createPolicySet([own, ...(fileLayer ? [fileLayer] : []), storedLayer]);
    const ruleProblems = storedLayer.roles.flatMap((role) =>
      checkRole({ rules: [...role.rules] }, ground).map(({ message }) => ({ place: placeOf('role', role), message })),
    );
    const problems = [...(file?.current.problems ?? []), ...stored.problems, ...set.problems, ...ruleProblems];
    return { ...set, problems };
  }

  async close(): Promise<void> {
    for (const stop of this.#following) stop();
    await this.#options.file?.close();
  }

  #memoOf(principal: Principal): Memo {
    const context = this.#options.graph.principalContext(principal.ref, principal.groups);
    const known = this.#memos.get(principal);
    if (known?.set === this.#set && known.context === context) return known;
    const grants = grantsOf(principal, context, this.#set);
    const memo = { set: this.#set, context, grants, decisions: new Map(), live: new Map() };
    this.#memos.set(principal, memo);
    return memo;
  }

  #decide({ grants, context }: Pick<Memo, 'set' | 'grants' | 'context'>, permission: string): Decision {
    const item = this.#options.ground.permissions.get(permission);
    if (item === undefined) return UNKNOWN_PERMISSION;
    if (grants.length === 0) return NO_ROLE;
    return decideByRules(item, rulesFor(grants, permission), context, this.#conditions);
  }

  #renew(): void {
    const before = this.#set;
    this.#set = this.setWith({});
    if (before.version === this.#set.version) return;
    for (const listener of this.#listeners) listener();
  }
}

function rulesFor(grants: readonly Grant[], permission: string): Grant['rule'][] {
  return grants.map(({ rule }) => rule).filter((rule) => ruleCovers(rule, permission));
}
