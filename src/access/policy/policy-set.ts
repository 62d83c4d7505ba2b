import { createHash } from 'node:crypto';
import { canonicalJson } from '../../base/canonical-json.ts';
import { builtInRoleNames } from './built-in.ts';
import type { Binding, Role } from './rule.ts';

/** Roles and bindings of one origin. */
export interface PolicyLayer {
  readonly roles: readonly Role[];
  readonly bindings: readonly Binding[];
}

/** Something in a policy that is not as it was meant. */
export interface PolicyProblem {
  /** File with line and column, or what the stored thing is called. */
  readonly place: string;
  readonly message: string;
}

/** All roles and bindings that are in force. Immutable. */
export interface PolicySet {
  /** Equal where the same roles and bindings are in force, on whatever server. */
  readonly version: string;
  readonly roles: ReadonlyMap<string, Role>;
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly bindingsBySubject: ReadonlyMap<string, readonly Binding[]>;
  readonly problems: readonly PolicyProblem[];
}

/**
 * Lays roles and bindings together: of two with one name the first is in force, and the other is a problem.
 * @param layers the strongest first
 */
export function createPolicySet(layers: readonly PolicyLayer[]): PolicySet {
  const problems: PolicyProblem[] = [];
  const roles = inForce(
    layers.flatMap((layer) => layer.roles),
    'role',
    problems,
  );
  const bindings = inForce(
    layers.flatMap((layer) => layer.bindings),
    'binding',
    problems,
  );
  const bindingsBySubject = new Map<string, Binding[]>();
  for (const binding of bindings.values()) {
    if (!roles.has(binding.role)) {
      problems.push({ place: placeOf('binding', binding), message: `There is no role ${binding.role}.` });
    }
    for (const subject of new Set(binding.subjects)) {
      const others = bindingsBySubject.get(subject);
      if (others) others.push(binding);
      else bindingsBySubject.set(subject, [binding]);
    }
  }
  const version = createHash('sha256')
    .update(canonicalJson([[...roles.values()], [...bindings.values()]]))
    .digest('base64url')
    .slice(0, 16);
  return { version, roles, bindings, bindingsBySubject, problems };
}

/** What a role or binding is called in a problem: where it stands, else its name. */
export function placeOf(what: 'role' | 'binding', { name, origin }: Role | Binding): string {
  return origin.place ?? `${what} ${name}`;
}

function inForce<Item extends Role | Binding>(
  items: readonly Item[],
  what: 'role' | 'binding',
  problems: PolicyProblem[],
): ReadonlyMap<string, Item> {
  const found = new Map<string, Item>();
  for (const item of items) {
    const first = found.get(item.name);
    if (first === undefined) {
      found.set(item.name, item);
      continue;
    }
    const isBuiltIn = what === 'role' && builtInRoleNames.has(item.name);
    const winner = isBuiltIn ? 'a built-in role' : `another in ${first.origin.place ?? 'the store'}`;
    const message = `The ${what} ${item.name} is not in force: ${winner} has this name.`;
    problems.push({ place: placeOf(what, item), message });
  }
  return found;
}
