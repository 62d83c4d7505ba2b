import type { Access } from '../../access/access.ts';
import type { Decision } from '../../access/policy.ts';
import type { Principal } from '../../access/principal.ts';
import { visibilityOf } from '../../access/visibility.ts';
import type { PermissionName } from '../../api/route.ts';
import type { GraphReader, View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute, type TypedRequest } from '../../manifest/typed-route.ts';
import type { Predicate } from '../../model/predicate.ts';
import { formatEntityRef, parseEntityRef } from '../../model/ref.ts';
import { catalogPermissions, RESOURCE_TYPE } from './catalog-permissions.ts';
import { criteriaOf } from './decision-conditions.ts';
import { compatibleError } from './errors.ts';
import { isOfKubernetes, nameHere } from './kubernetes-permissions.ts';
import {
  applyConditions,
  authorize,
  getPermissionHealth,
  getPermissionMetadata,
  type Answer,
  type Result,
} from './permission-contracts.ts';
import { permissionRules, predicateOf } from './permission-rules.ts';

/** What the routes work on. */
export interface PermissionRoutesOptions {
  readonly access: Pick<Access, 'decide' | 'prepare'>;
  /** Every permission that there is. */
  readonly permissions: ReadonlySet<string>;
}

type Question = TypedRequest<typeof authorize>['body']['items'][number];

/** Whether a decision permits one entity, by its canonical ref. */
type Permits = (ref: string) => boolean;

/** The routes by which Backstage's clients ask for decisions. */
export function permissionRoutes(options: PermissionRoutesOptions): readonly Route[] {
  return [
    implementRoute(authorize, async (request, { graph }) => {
      const { principal, body } = request;
      assertResourcesNamed(principal, body.items);
      const names = body.items.map(({ permission }) => permission.name);
      const decide = await decider(principal, names, options);
      // Only now is it known what the principal may see.
      const { view } = request;
      return {
        items: body.items.map((question) => answer(question, decide(question.permission.name), { view, graph })),
      };
    }),
    implementRoute(getPermissionHealth, () => ({ status: 'ok' })),
    implementRoute(getPermissionMetadata, () => ({
      permissions: catalogPermissions.map((permission) => ({ ...permission })),
      rules: permissionRules.map(({ name, description, paramsSchema }) => ({
        name,
        description,
        resourceType: RESOURCE_TYPE,
        paramsSchema: { ...paramsSchema, $schema: 'http://json-schema.org/draft-07/schema#' },
      })),
    })),
    implementRoute(applyConditions, (request, { graph }) => apply(request, graph, options)),
  ];
}

/**
 * Only services work with conditions; whoever else asks about a resource names it.
 * @throws RESOURCE_REF_MISSING, RESOURCE_REF_MISPLACED
 */
function assertResourcesNamed({ kind }: Principal, questions: readonly Question[]): void {
  for (const { permission, resourceRef } of questions) {
    const isOfResource = permission.type === 'resource';
    if (!isOfResource && resourceRef !== undefined)
      throw compatibleError('RESOURCE_REF_MISPLACED', { name: permission.name });
    if (isOfResource && resourceRef === undefined && kind !== 'service') throw compatibleError('RESOURCE_REF_MISSING');
  }
}

/** Decides on permissions by name, once those that are decided elsewhere are fetched. What there is not is denied. */
async function decider(
  principal: Principal,
  names: readonly string[],
  { access, permissions }: PermissionRoutesOptions,
): Promise<(name: string) => Decision> {
  const known = [...new Set(names.map(nameHere))].filter((name): name is PermissionName => permissions.has(name));
  await access.prepare(principal, known);
  const isKnown = new Set<string>(known);
  return (asked) => {
    const name = nameHere(asked);
    return isKnown.has(name)
      ? access.decide(principal, name as PermissionName)
      : { result: 'deny', reason: 'there is no such permission' };
  };
}

function answer(
  { id, permission, resourceRef }: Question,
  decision: Decision,
  { view, graph }: { readonly view: View; readonly graph: GraphReader },
): Answer {
  if (decision.result !== 'condition') return { id, result: decision.result === 'allow' ? 'ALLOW' : 'DENY' };
  // It is given for some places, and its routes ask again about the one that is meant.
  if (isOfKubernetes(permission.name)) return { id, result: 'ALLOW' };
  const isOfEntities = permission.type === 'resource' && permission.resourceType === RESOURCE_TYPE;
  if (!isOfEntities) return { id, result: 'DENY' };
  if (resourceRef !== undefined) {
    const permits = permitsOf(decision, view, graph);
    // What may not be seen is as if it were not there.
    return { id, result: eachRef(resourceRef, (ref) => view.find(ref) !== undefined && permits(ref)) };
  }
  const conditions = criteriaOf(decision.condition, view.visibility.principal, permission.name);
  return { id, result: 'CONDITIONAL', pluginId: 'catalog', resourceType: RESOURCE_TYPE, conditions };
}

/** By the condition over the whole catalog: that a group may not be seen does not take its members' rights. */
function permitsOf(decision: Decision, view: View, graph: GraphReader): Permits {
  if (decision.result !== 'condition') return () => decision.result === 'allow';
  const permitted = graph.view(visibilityOf(decision, view.visibility.principal));
  return (ref) => permitted.find(ref) !== undefined;
}

async function apply(
  { principal, view, body }: TypedRequest<typeof applyConditions>,
  graph: GraphReader,
  options: PermissionRoutesOptions,
): Promise<{ items: { id: string; result: Result | Result[] }[] }> {
  if (principal.kind !== 'service') throw compatibleError('CONDITIONS_BY_SERVICE_ONLY');
  const foreign = body.items.find(({ resourceType }) => resourceType !== RESOURCE_TYPE);
  if (foreign !== undefined)
    throw compatibleError('RESOURCE_TYPE_UNKNOWN', { type: foreign.resourceType.slice(0, 100) });
  const names = catalogPermissions.map(({ name }) => name);
  const decide = await decider(principal, names, options);
  const permitted = (name: string): Predicate => {
    const permits = permitsOf(decide(name), view, graph);
    return { op: 'scan', source: `permission ${name}`, evaluate: ({ ref }) => permits(ref) };
  };
  const items = body.items.map(({ id, resourceRef, conditions }) => {
    const found = whereTrue(predicateOf(conditions, permitted), resourceRef, view);
    return { id, result: eachRef(resourceRef, (ref) => found.has(ref)) };
  });
  return { items };
}

/** The refs of visible entities for which a condition is true, as far as the view shows what it reads. */
function whereTrue(condition: Predicate, resourceRef: string | readonly string[], view: View): ReadonlySet<string> {
  // By name first, so that the indexes leave few to look at.
  const names = new Set([resourceRef].flat().map((ref) => canonicalRef(ref).replace(/^.*\//, '')));
  const named: Predicate = { op: 'field', key: 'metadata.name', values: [...names] };
  const { ids } = view.list({ where: { op: 'and', args: [named, condition] }, limit: Number.MAX_SAFE_INTEGER });
  return new Set(ids.map((id) => view.refOf(id)));
}

/** One result for one ref, a list for a list. */
function eachRef(resourceRef: string | readonly string[], permits: Permits): Result | Result[] {
  const result = (ref: string): Result => (permits(canonicalRef(ref)) ? 'ALLOW' : 'DENY');
  return typeof resourceRef === 'string' ? result(resourceRef) : resourceRef.map(result);
}

/** Nothing has the empty ref. */
function canonicalRef(written: string): string {
  const parts = parseEntityRef(written);
  return parts === undefined ? '' : formatEntityRef(parts);
}
