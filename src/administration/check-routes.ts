import type { Access } from '../access/access.ts';
import { explainDecision, settleDecision, type DecisionQuestion } from '../access/policy/explanation.ts';
import type { ServerPolicy } from '../access/policy/create-policy.ts';
import { knownPrincipals, type SeenPrincipal } from '../access/policy/known-principals.ts';
import { coversPermission } from '../access/policy/permission-pattern.ts';
import { previewPolicy } from '../access/policy/preview.ts';
import { canonicalSubject, isPrincipalSubject, principalNamed } from '../access/policy/subject.ts';
import type { Decision } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { checkAccess, previewPolicy as previewContract } from '../api/roles.ts';
import type { Clock } from '../base/clock.ts';
import type { GraphReader, View } from '../graph/view.ts';
import type { Route } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';
import type { PrincipalContext } from '../model/predicate.ts';
import { formatEntityRef, parseEntityRef } from '../model/ref.ts';
import { administrationError } from './errors.ts';
import { changedPolicy } from './policy-change.ts';
import { checkFor } from './policy-routes.ts';

/** What the routes that explain and try policies work on. */
export interface CheckRouteOptions {
  readonly clock: Clock;
  /** Whom to ask for a permission, one sentence. */
  readonly contact: string;
  /** Whoever has a session or a token. */
  seen(): Iterable<SeenPrincipal>;
  abilitiesOf: Access['abilitiesOf'];
  readonly policy: ServerPolicy;
}

/** The routes that say why something is allowed, and what a change would do. */
export function checkRoutes(options: CheckRouteOptions): readonly Route[] {
  const preview = implementRoute(previewContract, async (request, { graph }) => {
    const { roles } = options.policy;
    // It counts and names entities whoever may read them.
    if (request.view.visibility.kind !== 'all') throw administrationError('PREVIEW_NEEDS_ALL');
    const check = checkFor(request, options.policy, graph);
    const [before, after] = [roles.set, changedPolicy(request.body.changes, check)];
    const principals = knownPrincipals(everythingOf(graph, check.context), options.seen(), [before, after]);
    const { effects, ...counts } = await previewPolicy(principals, {
      engine: roles,
      graph,
      clock: options.clock,
      before,
      after,
      signal: request.signal,
    });
    const may = (set: typeof before): boolean => {
      const grants = roles.grantsWith(set, request.principal);
      return roles.decideBy(set, grants, 'access.policy.update', check.context).result === 'allow';
    };
    return { ...counts, effects: [...effects], locksOut: may(before) && !may(after) };
  });
  const check = implementRoute(checkAccess, async (request, { graph }) => {
    const { policy, roles } = options.policy;
    const asked = askedPrincipal(request.body.principal, request.principal, options.seen());
    const permission = request.body.permission as DecisionQuestion['permission'];
    await policy.prepare?.(request.principal, ['access.policy.read']);
    if (asked !== request.principal) request.authorizeEntity(asked.ref, 'access.policy.read');
    await policy.prepare?.(asked, [permission]);
    const context = graph.principalContext(asked.ref, asked.groups);
    const entity = request.body.entity === undefined ? undefined : visibleRef(request.body.entity, request.view);
    const { cluster, namespace } = request.body;
    const question = { principal: asked, permission, entity: entity ?? undefined, cluster, namespace };
    const settled =
      entity === null
        ? ({ result: 'deny', reason: 'there is no such entity, or you may not see it' } as const)
        : settleDecision(decisionOn(question, options.policy), question, { graph, context });
    const everything = everythingOf(graph, context);
    return {
      principal: asked.ref,
      permission,
      ...settled,
      contact: options.contact,
      reasons: options.policy.engine === 'opa' ? [] : [...explainDecision(roles, question, { everything, context })],
      claims: asked === request.principal ? [...context.claims].sort() : shownClaims(context, everything, request.view),
      abilities: await options.abilitiesOf(asked),
    };
  });
  return [preview, check];
}

function decisionOn(question: DecisionQuestion, { policy }: ServerPolicy): Decision {
  const { principal, permission, cluster, namespace, entity: ownerRef } = question;
  if (principal.scopes !== undefined && !coversPermission(principal.scopes, permission)) {
    return { result: 'deny', reason: 'the token is not made for it' };
  }
  if (cluster === undefined || policy.decideLive === undefined) return policy.decide(principal, permission);
  return policy.decideLive(principal, permission, { cluster, namespace, ownerRef });
}

/** With the groups that its sign-in provider named, where it is signed in. @throws PRINCIPAL_INVALID */
function askedPrincipal(written: string | undefined, own: Principal, seen: Iterable<SeenPrincipal>): Principal {
  if (written === undefined) return own;
  const ref = canonicalSubject(written);
  if (ref === undefined || !isPrincipalSubject(ref)) {
    throw administrationError('PRINCIPAL_INVALID', { principal: written });
  }
  if (ref === own.ref) return own;
  const named = principalNamed(ref);
  for (const { principal, groups = [] } of seen)
    if (principal === ref && groups.length > 0) return { ...named, groups };
  return named;
}

/** The canonical ref of an entity that a view shows; null where it shows none. */
function visibleRef(written: string, view: View): string | null {
  const parts = parseEntityRef(written);
  const ref = parts && formatEntityRef(parts);
  return ref !== undefined && view.find(ref) !== undefined ? ref : null;
}

/** Another's claims, without groups that whoever asks may not see. */
function shownClaims({ claims }: PrincipalContext, everything: View, view: View): string[] {
  const shows = (ref: string): boolean => everything.find(ref) === undefined || view.find(ref) !== undefined;
  return [...claims].filter(shows).sort();
}

function everythingOf(graph: GraphReader, principal: PrincipalContext): View {
  return graph.view({ kind: 'all', key: 'all', principal });
}
