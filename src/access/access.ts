import type { PermissionName } from '../api/route.ts';
import type { Abilities } from '../api/session.ts';
import type { GraphReader, View, Visibility } from '../graph/view.ts';
import type { PrincipalContext } from '../model/predicate.ts';
import type { AccessState } from './access-state.ts';
import { GONE, type Authenticator } from './authenticator.ts';
import { accessError } from './errors.ts';
import type { Decision, LiveObject, Policy } from './policy.ts';
import { coversPermission } from './policy/permission-pattern.ts';
import type { Principal } from './principal.ts';
import type { Sessions } from './sessions.ts';
import type { AskingRequest } from './token-verifier.ts';
import type { Tokens } from './tokens.ts';
import { visibilityOf } from './visibility.ts';

/** The permission that decides what of the catalog a principal sees. */
export const READ_PERMISSION: PermissionName = 'catalog.entity.read';

type LiveResult = Exclude<Decision, { readonly result: 'condition' }>;

/** The permission layer of one server: who asks, what that principal may do, what it may see. */
export interface Access {
  /**
   * Who sent a request; a promise only where something must be looked up.
   * @throws TOKEN_INVALID for a bearer token or a proxy's word that does not hold
   * @param takesLimited true where a limited token will do, see `LimitedVerifier`
   */
  authenticate(request: AskingRequest, takesLimited?: boolean): Principal | Promise<Principal>;
  /**
   * Lets a principal use a route. Afterwards `visibilityOf` knows what it may see.
   * @param checksEntity true where a condition is asked with `authorizeEntity` later
   * @throws PERMISSION_DENIED with the reason, the permission's name and whom to ask; SIGN_IN_REQUIRED for nobody;
   * USER_GONE for one who has left the catalog
   */
  authorize(principal: Principal, permission: PermissionName, checksEntity?: boolean): void | Promise<void>;
  /** Lets a principal do something to one entity, by its canonical ref. @throws PERMISSION_DENIED */
  authorizeEntity(principal: Principal, permission: PermissionName, ref: string): void;
  /** What is said to a permission, before anything is done; for those who only ask. See `prepare`. */
  decide(principal: Principal, permission: PermissionName): Decision;
  /** What is said to a permission for one live object; like `decide` for those who only ask. */
  decideLive(principal: Principal, permission: PermissionName, object: LiveObject): LiveResult;
  /** What the principal may see, by the policy and the graph of this moment. */
  visibilityOf(principal: Principal): Visibility;
  /** The graph as the principal may see it. */
  viewOf(principal: Principal): View;
  /**
   * Has what `visibilityOf` needs fetched, for whoever asks it long after `authorize`; `undefined`: it is there.
   * @param permissions what `decide` will be asked too
   */
  prepare(principal: Principal, permissions?: readonly PermissionName[]): Promise<void> | undefined;
  /** Which of the known permissions the principal has. */
  abilitiesOf(principal: Principal): Abilities | Promise<Abilities>;
  /** What the principal has become since: the same object where nothing changed, `undefined` where it is no longer. */
  currentOf(principal: Principal): Principal | undefined;
  /** Tells when a session or token ended or changed, or decisions may be others. @returns ends it */
  onChange(listener: () => void): () => void;
  /** Ends what it follows. */
  close(): void;
}

/** What the permission layer is made of. */
export interface AccessOptions {
  readonly policy: Policy;
  readonly graph: GraphReader;
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly state: Pick<AccessState, 'onChange'>;
  /** Whom to ask for a permission, one sentence. */
  readonly contact: string;
  /** Where one signs in and makes tokens, for messages. */
  readonly signIn: string;
  readonly tokensPage: string;
  /** Every permission that a route takes. */
  readonly permissions: readonly PermissionName[];
}

/** Makes the permission layer over a policy and a graph. */
export function createAccess(options: AccessOptions): Access {
  const { policy, graph, authenticator, sessions, tokens, state } = options;
  const decide = (principal: Principal, permission: PermissionName): Decision =>
    denialOf(principal, permission) ?? policy.decide(principal, permission);
  const contextOf = ({ ref, groups }: Principal): PrincipalContext => graph.principalContext(ref, groups);
  const denied = (principal: Principal, permission: PermissionName, reason: string): Error =>
    refusal(principal, permission, reason, options);
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const following = [
    policy.onChange?.(tell),
    state.onChange((changes) => {
      const isOther = [sessions.changed(changes), tokens.changed(changes)];
      if (isOther.includes(true)) tell();
    }),
  ];
  const seen = visibilities((principal) => decide(principal, READ_PERMISSION), contextOf);

  const settle = (principal: Principal, permission: PermissionName, checksEntity: boolean): void => {
    const decision = decide(principal, permission);
    if (decision.result === 'allow') return;
    // The view carries the condition of reading, and handlers that say so ask about the entity. Nothing else applies one.
    if (decision.result === 'condition' && (checksEntity || permission === READ_PERMISSION)) return;
    throw denied(principal, permission, reasonOf(decision));
  };

  return {
    authenticate: (request, takesLimited) => authenticator.principalOf(request, takesLimited),
    authorize(principal, permission, checksEntity = false) {
      if (permission === 'public') return undefined;
      if (principal.kind === 'anonymous') throw denied(principal, permission, '');
      if (permission === 'signed-in') {
        if (principal.scopes !== undefined && !coversPermission(principal.scopes, permission))
          throw denied(principal, permission, 'the token is not made for what is its maker’s own');
        return undefined;
      }
      const pending = policy.prepare?.(principal, [permission, READ_PERMISSION]);
      if (pending !== undefined) return pending.then(() => settle(principal, permission, checksEntity));
      return settle(principal, permission, checksEntity);
    },
    authorizeEntity(principal, permission, ref) {
      const decision = decide(principal, permission);
      if (decision.result === 'allow') return;
      if (decision.result === 'condition') {
        const matching = graph.view(visibilityOf(decision, contextOf(principal)));
        if (matching.find(ref) !== undefined) return;
        throw denied(principal, permission, `its condition does not hold for ${ref}`);
      }
      throw denied(principal, permission, decision.reason);
    },
    decide,
    decideLive(principal, permission, object) {
      const denial = denialOf(principal, permission);
      if (denial !== undefined) return denial;
      if (policy.decideLive !== undefined) return policy.decideLive(principal, permission, object);
      const decision = policy.decide(principal, permission);
      return decision.result === 'condition' ? { result: 'deny', reason: reasonOf(decision) } : decision;
    },
    visibilityOf: seen,
    viewOf: (principal) => graph.view(seen(principal)),
    prepare: (principal, permissions = []) => policy.prepare?.(principal, [READ_PERMISSION, ...permissions]),
    abilitiesOf(principal) {
      const names = options.permissions;
      const pending = policy.prepare?.(principal, names);
      const told = (): Abilities => abilities(names, (name) => decide(principal, name).result);
      return pending === undefined ? told() : pending.then(told);
    },
    currentOf: (principal) => authenticator.currentOf(principal),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      for (const end of following) end?.();
    },
  };
}

/** What is said before any policy is asked. */
function denialOf({ kind, scopes }: Principal, permission: PermissionName): LiveResult | undefined {
  if (kind === 'anonymous') return { result: 'deny', reason: 'nobody is signed in' };
  if (scopes === undefined || coversPermission(scopes, permission)) return undefined;
  return { result: 'deny', reason: 'the token is not made for it' };
}

/** Keeps beside each principal what it sees: the same object until the decision or its claims are others. */
function visibilities(
  decide: (principal: Principal) => Decision,
  contextOf: (principal: Principal) => PrincipalContext,
): (principal: Principal) => Visibility {
  const kept = new WeakMap<Principal, { readonly decision: Decision; readonly visibility: Visibility }>();
  return (principal) => {
    const decision = decide(principal);
    const context = contextOf(principal);
    const known = kept.get(principal);
    if (known?.decision === decision && known.visibility.principal === context) return known.visibility;
    const visibility = visibilityOf(decision, context);
    kept.set(principal, { decision, visibility });
    return visibility;
  };
}

function refusal(
  principal: Principal,
  permission: PermissionName,
  reason: string,
  { contact, signIn, tokensPage }: AccessOptions,
): Error {
  if (principal === GONE) return accessError('USER_GONE', { permission, contact });
  if (principal.kind === 'anonymous') {
    const why = 'nobody is signed in';
    const details = { permission, signIn, tokens: tokensPage, principal: principal.ref, reason: why, contact };
    return accessError('SIGN_IN_REQUIRED', details);
  }
  return accessError('PERMISSION_DENIED', { principal: principal.ref, permission, reason, contact });
}

function reasonOf(decision: Decision): string {
  return decision.result === 'deny' ? decision.reason : 'its condition cannot be applied to this route';
}

function abilities(names: readonly PermissionName[], result: (name: PermissionName) => Decision['result']): Abilities {
  const results = names.map((name) => [name, result(name)] as const);
  const having = (wanted: Decision['result']): string[] =>
    results.filter(([, found]) => found === wanted).map(([name]) => name);
  const allowed = having('allow');
  return { allowed: allowed.length === names.length ? ['*'] : allowed, conditional: having('condition') };
}
