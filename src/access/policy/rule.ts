import type { PermissionItem, RoleRule } from '../../api/roles.ts';
import { coversPermission } from './permission-pattern.ts';

/** The permissions of a server by name. */
export type PermissionTable = ReadonlyMap<string, PermissionItem>;

/** What stands in a policy, and where. */
export interface Origin {
  readonly kind: 'built-in' | 'file' | 'stored';
  /** File and line, or the setting that says it. */
  readonly place?: string;
}

/** A role of a policy. */
export interface Role {
  readonly name: string;
  readonly description?: string | undefined;
  readonly rules: readonly RoleRule[];
  readonly origin: Origin;
}

/** A binding of a policy; its subjects are canonical. */
export interface Binding {
  readonly name: string;
  readonly role: string;
  readonly subjects: readonly string[];
  readonly origin: Origin;
}

/** A rule that speaks for a principal, with how it came to have it. */
export interface Grant {
  readonly rule: RoleRule;
  readonly role: Role;
  readonly binding: Binding;
  /** The subject of the binding that the principal is, or is in. */
  readonly subject: string;
}

/** True where a rule speaks of a permission, by name or by pattern. */
export function ruleCovers(rule: RoleRule, permission: string): boolean {
  return coversPermission(rule.permissions, permission);
}

/** True where a rule is about live objects in some places only. */
export function isPlaced(rule: RoleRule): boolean {
  return rule.clusters !== undefined || rule.namespaces !== undefined;
}
