import type { PermissionName } from '../../api/route.ts';
import type { Clock } from '../../base/clock.ts';
import type { OpaConfig } from '../../config/policy-config.ts';
import type { GraphReader } from '../../graph/view.ts';
import type { PrincipalContext } from '../../model/predicate.ts';
import type { Decision, LiveObject, Policy } from '../policy.ts';
import type { Principal } from '../principal.ts';
import { principalKey, visibilityOf } from '../visibility.ts';
import { ConditionCache } from './condition-cache.ts';
import type { OpaAnswer, OpaClient } from './opa-client.ts';
import type { PolicyEngine } from './policy-engine.ts';

/** Decisions kept; the oldest go first. */
const KEPT_DECISIONS = 20_000;
/** What gave no decision is asked again after this, ms. */
const FAILED_MS = 1_000;
/** A decision that ran out stands so long for whoever asks without fetching, ms: streams fetch with their heartbeat. */
const GRACE_MS = 60_000;

interface Kept {
  readonly decision: Decision;
  /** What it was made from. */
  readonly said: string;
  /** From then on it is fetched anew, ms since the epoch. */
  readonly freshUntil: number;
}

/** What an agent's policy stands on. */
export interface OpaPolicyOptions {
  readonly config: OpaConfig;
  readonly client: OpaClient;
  /** Decides for those whom the configuration itself gives all rights, so that an agent that is away locks nobody out. */
  readonly roles: PolicyEngine;
  readonly graph: GraphReader;
  readonly clock: Clock;
}

/**
 * Decisions of an Open Policy Agent. They are fetched beforehand (`prepare`) and kept for a while, by who asks with all
 * claims; what was not fetched, or could not be, is denied.
 */
export class OpaPolicy implements Policy {
  readonly #options: OpaPolicyOptions;
  readonly #conditions: ConditionCache;
  readonly #kept = new Map<string, Kept>();
  readonly #fetching = new Map<string, Promise<void>>();

  constructor(options: OpaPolicyOptions) {
    this.#options = options;
    this.#conditions = new ConditionCache(options.roles.ground.storedFacts);
  }

  decide(principal: Principal, permission: PermissionName): Decision {
    const { roles, clock } = this.#options;
    if (isStanding(principal, roles) || !roles.ground.permissions.has(permission)) {
      return roles.decide(principal, permission);
    }
    const kept = this.#kept.get(keyOf(this.#contextOf(principal), principal, permission));
    if (kept === undefined || kept.freshUntil + GRACE_MS < clock.now()) return NOT_FETCHED;
    return kept.decision;
  }

  prepare(principal: Principal, permissions: readonly PermissionName[]): Promise<void> | undefined {
    const { roles, clock } = this.#options;
    if (principal.kind === 'anonymous' || isStanding(principal, roles)) return undefined;
    const context = this.#contextOf(principal);
    const fetching: Promise<void>[] = [];
    for (const permission of permissions) {
      if (!roles.ground.permissions.has(permission)) continue;
      const key = keyOf(context, principal, permission);
      if ((this.#kept.get(key)?.freshUntil ?? 0) > clock.now()) continue;
      fetching.push(this.#fetch(key, principal, context, permission));
    }
    return fetching.length === 0 ? undefined : Promise.all(fetching).then(() => undefined);
  }

  decideLive(
    principal: Principal,
    permission: PermissionName,
    { ownerRef }: LiveObject,
  ): Exclude<Decision, { readonly result: 'condition' }> {
    const decision = this.decide(principal, permission);
    if (decision.result !== 'condition') return decision;
    const { graph } = this.#options;
    const visibility = visibilityOf(decision, this.#contextOf(principal));
    if (ownerRef !== undefined && graph.view(visibility).find(ownerRef) !== undefined) return { result: 'allow' };
    return { result: 'deny', reason: 'the condition of the policy agent does not hold for it' };
  }

  onChange(listener: () => void): () => void {
    return this.#options.roles.onChange(listener);
  }

  #contextOf({ ref, groups }: Principal): PrincipalContext {
    return this.#options.graph.principalContext(ref, groups);
  }

  /** Requests that come at once share one question. */
  #fetch(key: string, principal: Principal, context: PrincipalContext, permission: string): Promise<void> {
    const known = this.#fetching.get(key);
    if (known) return known;
    const fetching = this.#ask(principal, context, permission)
      .then((answer) => this.#keep(key, answer, context, permission))
      .finally(() => this.#fetching.delete(key));
    this.#fetching.set(key, fetching);
    return fetching;
  }

  #ask({ ref, kind }: Principal, context: PrincipalContext, permission: string): Promise<OpaAnswer> {
    const resource = this.#options.roles.ground.permissions.get(permission)?.resource ?? 'none';
    const claims = [...context.claims].sort();
    return this.#options.client.ask({ principal: { ref, kind, claims }, permission, resource });
  }

  #keep(key: string, answer: OpaAnswer, context: PrincipalContext, permission: string): void {
    const { config, clock } = this.#options;
    const said = JSON.stringify(answer);
    const before = this.#kept.get(key);
    // The same decision stays the same object, so that what stands on it need not be made anew.
    const decision = before?.said === said ? before.decision : this.#decision(answer, context, permission);
    const lastsMs = answer.ok ? config.cacheSeconds * 1000 : Math.min(FAILED_MS, config.cacheSeconds * 1000);
    this.#kept.delete(key);
    this.#kept.set(key, { decision, said, freshUntil: clock.now() + lastsMs });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_DECISIONS) break;
      this.#kept.delete(oldest);
    }
  }

  #decision(answer: OpaAnswer, context: PrincipalContext, permission: string): Decision {
    if (!answer.ok) return { result: 'deny', reason: answer.reason };
    const { allow, reason, where } =
      typeof answer.result === 'boolean' ? { allow: answer.result } : { ...answer.result };
    if (!allow) return { result: 'deny', reason: reason ?? 'the policy agent denies it' };
    if (where === undefined) return { result: 'allow' };
    if (this.#options.roles.ground.permissions.get(permission)?.resource === 'none') {
      return { result: 'deny', reason: 'the policy agent gives it with a condition, and it is not about entities' };
    }
    const problem = this.#conditions.problem(where);
    if (problem !== undefined) {
      return { result: 'deny', reason: `the condition of the policy agent cannot be used: ${problem}` };
    }
    return this.#conditions.decision([where], context);
  }
}

const NOT_FETCHED: Decision = { result: 'deny', reason: 'the policy agent was not asked' };

function keyOf(context: PrincipalContext, { kind }: Principal, permission: string): string {
  return `${permission}|${kind}|${principalKey(context)}`;
}

/** True for those whom the configuration itself gives all rights. */
function isStanding(principal: Principal, roles: PolicyEngine): boolean {
  return roles.grantsOf(principal).some(({ binding }) => binding.origin.kind === 'built-in');
}
