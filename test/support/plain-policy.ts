import type { BindingBody, RoleBody } from '../../src/api/roles.ts';
import type { Principal } from '../../src/access/principal.ts';
import type { PrincipalContext } from '../../src/model/predicate.ts';
import { compiled } from './expressions.ts';
import type { PlainCatalog } from './plain-catalog.ts';

/**
 * What roles and bindings mean, by the simplest possible means: every rule of every binding is looked at for every entity,
 * and conditions are evaluated as they are written.
 */
export class PlainPolicy {
  readonly roles = new Map<string, RoleBody>([['viewer', { rules: [{ permissions: ['catalog.*.read'] }] }]]);
  readonly bindings = new Map<string, BindingBody>();

  /** A principal with its groups of the catalog and of its provider, and all groups that these are in. */
  context({ ref, groups = [] }: Principal, catalog: PlainCatalog): PrincipalContext {
    const claims = new Set(catalog.principal(ref).claims);
    // A group that only the provider knows is in the groups that it is a child of, as a member of it would be.
    const open = [...groups];
    for (let group = open.pop(); group !== undefined; group = open.pop()) {
      if (claims.has(group)) continue;
      claims.add(group);
      open.push(...catalog.parents(group));
    }
    return { ref, claims };
  }

  /** The conditions under which a principal has a permission; undefined among them: without any. */
  conditions(principal: Principal, permission: string, catalog: PlainCatalog): (string | undefined)[] {
    const { claims } = this.context(principal, catalog);
    const subjects = new Set([...claims, principal.kind === 'guest' ? 'guests' : 'everyone']);
    return [...this.bindings.values()]
      .filter((binding) => binding.subjects.some((subject) => subjects.has(subject)))
      .flatMap((binding) => this.roles.get(binding.role)?.rules ?? [])
      .filter((rule) => rule.permissions.some((pattern) => covers(pattern, permission)))
      .map((rule) => rule.where);
  }

  /** Refs for which a principal has a permission. */
  permitted(principal: Principal, permission: string, catalog: PlainCatalog): Set<string> {
    const conditions = this.conditions(principal, permission, catalog);
    const context = { principal: this.context(principal, catalog) };
    const holds = (where: string | undefined, ref: string): boolean =>
      where === undefined || compiled(where).evaluate(catalog.subject(ref), context) === true;
    return new Set([...catalog.subjects.keys()].filter((ref) => conditions.some((where) => holds(where, ref))));
  }
}

function covers(pattern: string, permission: string): boolean {
  const form = pattern === '*' ? '.*' : pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+');
  return new RegExp(`^${form}$`).test(permission);
}
