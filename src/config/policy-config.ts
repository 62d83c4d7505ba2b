/** An Open Policy Agent that decides instead of roles. */
export interface OpaConfig {
  /** Address of the document of its data API that decides, e.g. `http://localhost:8181/v1/data/callboard/decision`. */
  readonly url: string;
  /** How long it may take to answer, ms; later is a denial. */
  readonly timeoutMs: number;
  /** How long an answer holds, seconds. */
  readonly cacheSeconds: number;
}

/** Who may see and do what. */
export interface PolicyConfig {
  /** Absolute path of the policy file. */
  readonly file: string | undefined;
  /** Refs of users, groups and services that may do everything, whatever the policy says. Canonical. */
  readonly admins: readonly string[];
  readonly opa: OpaConfig | undefined;
  /** Whom to ask for a permission, one sentence; absent: whoever runs Callboard. */
  readonly contact: string | undefined;
}

/** Nobody has said who may do what. */
export const noPolicy: PolicyConfig = { file: undefined, admins: [], opa: undefined, contact: undefined };

/** True where somebody said who may do what. */
export function hasPolicy({ file, admins, opa }: PolicyConfig): boolean {
  return file !== undefined || admins.length > 0 || opa !== undefined;
}
