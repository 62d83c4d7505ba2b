import type { AllowedKind, CatalogRule } from '../model/catalog-rule.ts';
import type { AuditConfig, SecretsConfig } from './audit-config.ts';
import type { BackstageConfig } from './backstage-config.ts';
import type { FleetConfig } from './fleet-config.ts';
import { hasPolicy, type PolicyConfig } from './policy-config.ts';
import type { SecretText } from './secret-text.ts';
import type { SignInConfig } from './sign-in-config.ts';

/** Where catalog locations are: on this machine, behind a URL, or in a git repository. */
export type LocationType = 'file' | 'url' | 'git';

/** One catalog location to read. */
export interface CatalogLocation {
  readonly type: LocationType;
  /**
   * `file`: the absolute path of a file, a folder (searched for descriptors) or a glob; `url`: an http(s) URL as it was
   * written; `git`: `<repository>[//<path>][?ref=<ref>]`, the repository a URL or an absolute path.
   */
  readonly target: string;
  /** Where the setting was written, for messages: `--catalog`, `callboard.yaml:12`, `app-config.yaml:30`. */
  readonly origin: string;
  /** Kinds that this location may hold besides those that `catalog.rules` allow it. */
  readonly allowed?: readonly AllowedKind[] | undefined;
}

/** A host that http(s) URLs may be read from. */
export interface AllowedHost {
  /** Lower-case host name, or `*.` and the end of one; with the port where it is not that of the scheme. */
  readonly host: string;
  /** What the path of a URL must begin with, one of them; absent: any path. */
  readonly paths?: readonly string[] | undefined;
  /** Sent as a bearer token with what this entry allows, over https or to this machine. */
  readonly token?: SecretText | undefined;
}

/** What kind of web pages a forge has; `bitbucket` is Bitbucket Cloud, `gitea` also Forgejo, `azure` Azure DevOps. */
export const forgeTypes = ['github', 'gitlab', 'bitbucket', 'gitea', 'azure'] as const;

/** A host of git repositories with web pages for their files. */
export interface Forge {
  /** Lower-case host name, with the port where it is not 443. */
  readonly host: string;
  readonly type: (typeof forgeTypes)[number];
  /** With which git reads its repositories over https. */
  readonly token?: SecretText | undefined;
}

/** The public forges, which need not be configured. */
export const publicForges: readonly Forge[] = [
  { host: 'github.com', type: 'github' },
  { host: 'gitlab.com', type: 'gitlab' },
  { host: 'bitbucket.org', type: 'bitbucket' },
  { host: 'dev.azure.com', type: 'azure' },
  { host: 'codeberg.org', type: 'gitea' },
];

/** What becomes of an entity that no location leads to any more. */
export const orphanStrategies = ['delete', 'keep'] as const;

/** What registering a location that is registered already does. */
export const locationConflicts = ['reject', 'refresh'] as const;

/** How the catalog reads and what may be in it. */
export interface CatalogConfig {
  readonly locations: readonly CatalogLocation[];
  /** Which kinds may come from where; absent: a configured location may hold all. */
  readonly rules: readonly CatalogRule[] | undefined;
  /** True when no location can be registered, changed or removed. */
  readonly readonly: boolean;
  readonly orphanStrategy: (typeof orphanStrategies)[number];
  readonly onLocationConflict: (typeof locationConflicts)[number];
  /** Hosts whose repositories may be read, and the addresses of whose pages git reads; the public ones among them. */
  readonly forges: readonly Forge[];
  /** How often URLs and repositories are looked at, seconds; 0: only when asked. */
  readonly refreshSeconds: number;
  /** True when locations are read exactly as Backstage reads them, its faults included. */
  readonly exact: boolean;
}

/** The levels of the log, most first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** How log lines are written: one JSON object a line, or text for a person. */
export const logFormats = ['json', 'text'] as const;

/** Where people who are not signed in are let in, as guests. */
export const guestRules = ['loopback', 'everywhere', 'never'] as const;

/** The settled configuration of one process. Paths are absolute. */
export interface Config {
  readonly listen: {
    readonly host: string;
    readonly port: number;
    /** Addresses and ranges (CIDR) of proxies whose `X-Forwarded-For` is believed. */
    readonly trustedProxies?: readonly string[] | undefined;
  };
  /**
   * Where people who are not signed in are let in, as guests: `loopback`: only while the server listens on loopback;
   * `everywhere`: whoever reaches the address; `never`. What guests may do is the policy's matter; while nothing of
   * access is configured, everything.
   */
  readonly guests: (typeof guestRules)[number];
  readonly signIn: SignInConfig;
  readonly access: PolicyConfig;
  readonly backstage: BackstageConfig;
  readonly audit: AuditConfig;
  readonly secrets: SecretsConfig;
  /** Public URL, for links and for Backstage clients. Without a slash at the end. */
  readonly baseUrl: string;
  readonly organization: string;
  /** Folder of SQLite and of everything derived. */
  readonly dataFolder: string;
  /** `postgres://` URL; absent: SQLite in the data folder. Holds a password: never log it. */
  readonly databaseUrl: string | undefined;
  readonly catalog: CatalogConfig;
  /** The clusters that are read live. */
  readonly fleet: FleetConfig;
  /** Which http(s) URLs the server may read; nothing is allowed that is not named. */
  readonly reading: { readonly allow: readonly AllowedHost[] };
  /** True when the demo organisation is shown because nothing else was configured. */
  readonly demo: boolean;
  /** How many clusters of the demo are to be started and read; 0 where the demo is not shown. */
  readonly demoClusters: number;
  /** Absolute paths of plugin modules. */
  readonly plugins: readonly string[];
  readonly log: {
    readonly level: (typeof logLevels)[number];
    readonly format: (typeof logFormats)[number];
  };
  /** The change log keeps at least this many revisions, and no more rows than this. */
  readonly retention: {
    readonly revisions: number;
    readonly logRows: number;
    readonly historyDays: number;
    /** Undefined: the audit log is kept whole. */
    readonly auditDays?: number | undefined;
    /** What happened in the clusters; undefined: it is kept whole. */
    readonly timeline?: { readonly days: number; readonly bytes: number } | undefined;
  };
}

/** True where somebody can sign in, or somebody said who may do what. */
export function isAccessConfigured({ signIn, access }: Pick<Config, 'signIn' | 'access'>): boolean {
  return signIn.providers.length > 0 || hasPolicy(access);
}
