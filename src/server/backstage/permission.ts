import type { Access } from '../../access/access.ts';
import type { Decision } from '../../access/policy.ts';
import type { Principal } from '../../access/principal.ts';
import type { PermissionName } from '../../api/route.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute, type TypedRequest } from '../../manifest/typed-route.ts';
import type { Predicate } from '../../model/predicate.ts';
import { formatEntityRef, parseEntityRef } from '../../model/ref.ts';
import { catalogPermissions, RESOURCE_TYPE } from './catalog-permissions.ts';
import { criteriaOf } from './decision-conditions.ts';
import { compatibleError } from './errors.ts';
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
const NEVER: Predicate = { op: 'constant', value: false };
const ALWAYS: Predicate = { op: 'constant', value: true };

/** The routes by which Backstage's clients ask for decisions. */
export function permissionRoutes(options: PermissionRoutesOptions): readonly Route[] {
  return [
    implementRoute(authorize, async (request) => {
      const { principal, view, body } = request;
      assertResourcesNamed(principal, body.items);
      const decide = await decider(
        principal,
        body.items.map(({ permission }) => permission.name),
        options,
      );
      return {
        items: body.items.map((question) => answer(question, decide(question.permission.name), { principal, view })),
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
    implementRoute(applyConditions, (request) => apply(request, options)),
  ];
}

/** Only services work with conditions; whoever else asks about a resource names it. @throws RESOURCE_REF_MISSING */
function assertResourcesNamed(principal: Principal, questions: readonly Question[]): void {
  if (principal.kind === 'service') return;
  const isOpen = questions.some(
    ({ permission, resourceRef }) => permission.type === 'resource' && resourceRef === undefined,
  );
  if (isOpen) throw compatibleError('RESOURCE_REF_MISSING');
}

/** Decides on permissions by name, once those that are decided elsewhere are fetched. What there is not is denied. */
async function decider(
  principal: Principal,
  names: readonly string[],
  { access, permissions }: PermissionRoutesOptions,
): Promise<(name: string) => Decision> {
  const known = [...new Set(names)].filter((name): name is PermissionName => permissions.has(name));
  await access.prepare(principal, known);
  const isKnown = new Set<string>(known);
  return (name) =>
    isKnown.has(name)
      ? access.decide(principal, name as PermissionName)
      : { result: 'deny', reason: 'there is no such permission' };
}

function answer(
  { id, permission, resourceRef }: Question,
  decision: Decision,
  { principal, view }: { readonly principal: Principal; readonly view: View },
): Answer {
  if (decision.result !== 'condition') return { id, result: decision.result === 'allow' ? 'ALLOW' : 'DENY' };
  const isOfEntities = permission.type === 'resource' && permission.resourceType === RESOURCE_TYPE;
  if (!isOfEntities) return { id, result: 'DENY' };
  if (resourceRef !== undefined) return { id, result: resultsOf(resourceRef, decision.condition, view) };
  const context = view.visibility.principal;
  const conditions = criteriaOf(decision.condition, { ...context, ref: principal.ref }, permission.name);
  return { id, result: 'CONDITIONAL', pluginId: 'catalog', resourceType: RESOURCE_TYPE, conditions };
}

async function apply(
  { principal, view, body }: TypedRequest<typeof applyConditions>,
  options: PermissionRoutesOptions,
): Promise<{ items: { id: string; result: Result | Result[] }[] }> {
  if (principal.kind !== 'service') throw compatibleError('CONDITIONS_BY_SERVICE_ONLY');
  const foreign = body.items.find(({ resourceType }) => resourceType !== RESOURCE_TYPE);
  if (foreign !== undefined)
    throw compatibleError('RESOURCE_TYPE_UNKNOWN', { type: foreign.resourceType.slice(0, 100) });
  const decide = await decider(
    principal,
    catalogPermissions.map(({ name }) => name),
    options,
  );
  const conditionOf = (name: string): Predicate => {
    const decision = decide(name);
    if (decision.result === 'condition') return decision.condition;
    return decision.result === 'allow' ? ALWAYS : NEVER;
  };
  const items = body.items.map(({ id, resourceRef, conditions }) => {
    return { id, result: resultsOf(resourceRef, predicateOf(conditions, conditionOf), view) };
  });
  return { items };
}

/** Whether a condition is true for visible entities: one answer, or one for each of a list. */
function resultsOf(resourceRef: string | readonly string[], condition: Predicate, view: View): Result | Result[] {
  const refs = (typeof resourceRef === 'string' ? [resourceRef] : resourceRef).map(canonicalRef);
  // By name first, so that the indexes leave few to look at.
  const names = [...new Set(refs.map((ref) => ref.slice(ref.indexOf('/') + 1)))];
  const where: Predicate = { op: 'and', args: [{ op: 'field', key: 'metadata.name', values: names }, condition] };
  const found = new Set(view.list({ where, limit: Number.MAX_SAFE_INTEGER }).ids.map((id) => view.refOf(id)));
  const results = refs.map((ref): Result => (found.has(ref) ? 'ALLOW' : 'DENY'));
  return typeof resourceRef === 'string' ? (results[0] ?? 'DENY') : results;
}

function canonicalRef(written: string): string {
  const parts = parseEntityRef(written);
  return parts === undefined ? '' : formatEntityRef(parts);
}
