/** One catalog location to read: a file, a folder (searched for descriptors) or a glob, as an absolute path. */
export interface CatalogLocation {
  readonly target: string;
  /** Where the setting was written, for messages: `--catalog`, `callboard.yaml:12`, `app-config.yaml:30`. */
  readonly origin: string;
}

/** The levels of the log, most first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** How log lines are written: one JSON object a line, or text for a person. */
export const logFormats = ['json', 'text'] as const;

/** Where people who are not signed in may read and write. */
export const guestRules = ['loopback', 'everywhere'] as const;

/** The settled configuration of one process. Paths are absolute. */
export interface Config {
  readonly listen: { readonly host: string; readonly port: number };
  /**
   * Where people who are not signed in may read and write: `loopback`: only while the server listens on loopback;
   * `everywhere`: whoever reaches the address.
   */
  readonly guests: (typeof guestRules)[number];
  /** Public URL, for links and for Backstage clients. Without a slash at the end. */
  readonly baseUrl: string;
  readonly organization: string;
  /** Folder of SQLite and of everything derived. */
  readonly dataFolder: string;
  /** `postgres://` URL; absent: SQLite in the data folder. Holds a password: never log it. */
  readonly databaseUrl: string | undefined;
  readonly catalog: { readonly locations: readonly CatalogLocation[] };
  /** True when the demo organisation is shown because nothing else was configured. */
  readonly demo: boolean;
  /** Absolute paths of plugin modules. */
  readonly plugins: readonly string[];
  readonly log: {
    readonly level: (typeof logLevels)[number];
    readonly format: (typeof logFormats)[number];
  };
  /** The change log keeps at least this many revisions, and no more rows than this. */
  readonly retention: { readonly revisions: number; readonly logRows: number; readonly historyDays: number };
}
