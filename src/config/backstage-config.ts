import type { SecretText } from './secret-text.ts';

/** What the actions of Backstage's permissions are. */
export const permissionActions = ['create', 'read', 'update', 'delete'] as const;

/** Action of a permission, as Backstage names it. */
export type PermissionAction = (typeof permissionActions)[number];

/** What an external caller is limited to. One that has restrictions may do nothing that none of them names. */
export interface AccessRestriction {
  /** Id of a Backstage plugin, `catalog`. */
  readonly plugin: string;
  /** Only these permissions of it. */
  readonly permissions?: readonly string[] | undefined;
  /** Only permissions with these actions. */
  readonly actions?: readonly PermissionAction[] | undefined;
}

interface ExternalBase {
  /** Absent: it may do everything. */
  readonly restrictions?: readonly AccessRestriction[] | undefined;
}

/** A caller that sends a fixed text as bearer token. */
export interface StaticAccess extends ExternalBase {
  readonly type: 'static';
  readonly token: SecretText;
  readonly subject: string;
}

/** A caller that signs tokens with a shared secret (HS256), as Backstage's older backends do. */
export interface LegacyAccess extends ExternalBase {
  readonly type: 'legacy';
  /** Base64. */
  readonly secret: SecretText;
  readonly subject: string;
}

/** Callers whose tokens a third party signs. */
export interface JwksAccess extends ExternalBase {
  readonly type: 'jwks';
  /** Where the third party's public keys are. */
  readonly url: string;
  readonly issuers?: readonly string[] | undefined;
  readonly audiences?: readonly string[] | undefined;
  readonly algorithms?: readonly string[] | undefined;
  /** Stands before the token's subject. */
  readonly subjectPrefix?: string | undefined;
}

/** A caller of Backstage's kind, from outside. */
export type ExternalAccess = StaticAccess | LegacyAccess | JwksAccess;

/** How Backstage's own clients and frontends are let in. */
export interface BackstageConfig {
  readonly externalAccess: readonly ExternalAccess[];
  /** How long an identity token holds, seconds. */
  readonly tokenSeconds: number;
  /** Origins of Backstage frontends that are served elsewhere and may use this server for whoever is signed in. */
  readonly appOrigins: readonly string[];
}

/** No external callers, no frontends elsewhere. */
export const noBackstage: BackstageConfig = { externalAccess: [], tokenSeconds: 3600, appOrigins: [] };
