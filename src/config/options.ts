import { delimiter } from 'node:path';
import { accessOptions, type AccessSettings } from './access-options.ts';
import { forgeTypes, guestRules, locationConflicts, logFormats, logLevels, orphanStrategies } from './config.ts';
import type { CatalogConfig, Config } from './config.ts';
import { fleetOptions, type FleetSettings } from './fleet-options.ts';
import { locations } from './location-value.ts';
import { addressRanges } from './proxy-value.ts';
import { allowedHosts, catalogRules, forges } from './rule-value.ts';
import { choice, databaseUrl, host, path, paths, seconds, text, truth, webUrl, wholeNumber } from './value.ts';
import type { Parser } from './value.ts';

/** Every setting with the type of its value. */
export interface Settings extends AccessSettings, FleetSettings {
  readonly host: string;
  readonly port: number;
  readonly trustedProxies: readonly string[];
  readonly baseUrl: string;
  readonly organization: string;
  readonly locations: CatalogConfig['locations'];
  readonly rules: NonNullable<CatalogConfig['rules']>;
  readonly readonly: boolean;
  readonly orphanStrategy: CatalogConfig['orphanStrategy'];
  readonly onLocationConflict: CatalogConfig['onLocationConflict'];
  readonly forges: CatalogConfig['forges'];
  readonly refreshSeconds: number;
  readonly exact: boolean;
  readonly readingAllow: Config['reading']['allow'];
  readonly demo: boolean;
  readonly demoClusters: number;
  readonly data: string;
  readonly database: string;
  readonly plugins: readonly string[];
  readonly guests: Config['guests'];
  readonly logLevel: Config['log']['level'];
  readonly logFormat: Config['log']['format'];
  readonly retentionRevisions: number;
  readonly retentionRows: number;
  readonly historyDays: number;
}

/** Name of a setting. */
export type OptionName = keyof Settings;

/** One setting: how it is written everywhere, and what it means. */
export interface Option<Value = unknown> {
  /** Path of keys in callboard.yaml. */
  readonly yaml: string;
  /** Environment variables, the first wins. */
  readonly env: readonly string[];
  /** Flag of `callboard serve` with its argument, as commander writes it; absent: file and environment only. */
  readonly flag?: string;
  /** Splits a variable's text where it holds a list. */
  readonly split?: (written: string) => readonly string[];
  /** What a value looks like, for the reference. */
  readonly type: string;
  /** Default in words. */
  readonly byDefault: string;
  readonly unit?: string;
  readonly description: string;
  /** Its value is never shown. */
  readonly secret?: boolean;
  readonly parse: Parser<Value>;
}

/** A URL holds what separates paths. */
function splitLocations(written: string): readonly string[] {
  const isPathList = !/:\/\/|(^|\s)(git|url):/.test(written);
  return written.split(isPathList ? delimiter : /\s+/).filter((part) => part !== '');
}

/**
 * The one table of options. YAML, environment, flags, `--help` and docs/reference/configuration.md are made from it.
 */
export const options: { readonly [Name in OptionName]: Option<Settings[Name]> } = {
  locations: {
    yaml: 'catalog.locations',
    env: ['CALLBOARD_CATALOG'],
    flag: '--catalog <paths...>',
    split: splitLocations,
    type: 'list of paths, globs, URLs and repositories',
    byDefault: 'the demo organisation when there is no configuration at all, otherwise nothing',
    description:
      'Files, folders (searched for descriptors) and globs to show; http(s) URLs; git repositories as git:<repository>. ' +
      'In the environment separated by : (by ; on Windows), by white space where one of them is no path.',
    parse: locations(),
  },
  rules: {
    yaml: 'catalog.rules',
    env: [],
    type: 'list of {allow, locations}',
    byDefault: 'configured locations may hold every kind, registered ones Component, API and Location',
    description:
      'Which kinds of entities may come from which locations. What no rule allows is a problem and is left out.',
    parse: catalogRules(),
  },
  readonly: {
    yaml: 'catalog.readonly',
    env: ['CALLBOARD_CATALOG_READONLY'],
    type: 'true or false',
    byDefault: 'false',
    description: 'Whether nobody can register, change or remove a location.',
    parse: truth(),
  },
  orphanStrategy: {
    yaml: 'catalog.orphanStrategy',
    env: ['CALLBOARD_CATALOG_ORPHAN_STRATEGY'],
    type: orphanStrategies.join(' | '),
    byDefault: 'delete',
    description: 'What becomes of an entity that no location leads to any more: it goes, or it stays and is marked.',
    parse: choice(orphanStrategies),
  },
  onLocationConflict: {
    yaml: 'catalog.onLocationConflict',
    env: ['CALLBOARD_CATALOG_ON_LOCATION_CONFLICT'],
    type: locationConflicts.join(' | '),
    byDefault: 'reject',
    description: 'What registering a location does that is registered already: it is refused, or it is read again.',
    parse: choice(locationConflicts),
  },
  forges: {
    yaml: 'catalog.forges',
    env: [],
    type: `list of {host, type, token}, the type one of ${forgeTypes.join(', ')}`,
    byDefault: 'github.com, gitlab.com, bitbucket.org, dev.azure.com and codeberg.org, which need not be named',
    description:
      'Further hosts of git repositories. Their repositories may be read, and git reads what locations name by the ' +
      'addresses of their pages; with the token, a text or {secret: <name>}, it reads them over https.',
    parse: forges(),
  },
  refreshSeconds: {
    yaml: 'catalog.refreshSeconds',
    env: ['CALLBOARD_CATALOG_REFRESH_SECONDS'],
    type: 'number, time such as 5m, or false',
    unit: 'seconds',
    byDefault: '120',
    description:
      'How often URLs and repositories are looked at; each wait is up to half as long again. 0 or false: only when ' +
      'somebody asks for it. Files are watched.',
    parse: seconds(604_800),
  },
  exact: {
    yaml: 'catalog.exact',
    env: ['CALLBOARD_CATALOG_EXACT'],
    type: 'true or false',
    byDefault: 'false',
    description:
      'Reads locations exactly as Backstage does, its faults included, for comparing the two side by side: one bad ' +
      'document keeps out all of its file, placeholders do not work in files, an API of type mcp-server needs a definition.',
    parse: truth(),
  },
  readingAllow: {
    yaml: 'reading.allow',
    env: ['CALLBOARD_READING_ALLOW'],
    split: (written) => written.split(','),
    type: 'list of hosts, or of {host, paths, token}',
    byDefault: 'nothing',
    description:
      'The hosts that http(s) URLs are read from: git.example, git.example:8443 or *.example, and, with paths, only what ' +
      'begins with one of them. A token, a text or {secret: <name>}, is sent with what its entry allows. In the environment ' +
      'separated by commas.',
    parse: allowedHosts(),
  },
  demo: {
    yaml: 'demo',
    env: ['CALLBOARD_DEMO'],
    flag: '--no-demo',
    type: 'true or false',
    byDefault: 'true when there is no configuration file and no catalog is named',
    description: 'Whether the demo organisation is shown; --no-demo starts with an empty catalog instead.',
    parse: truth(),
  },
  demoClusters: {
    yaml: 'demoClusters',
    env: ['CALLBOARD_DEMO_CLUSTERS'],
    flag: '--demo-clusters <number>',
    type: 'whole number',
    byDefault: '12 where the demo organisation is shown and no other cluster is configured',
    description:
      'How many Kubernetes clusters of the demo are started beside the server, in a clone: 0 for none; more than 12 are ' +
      'filled with made-up services, up to 150.',
    parse: wholeNumber(0, 150),
  },
  data: {
    yaml: 'data',
    env: ['CALLBOARD_DATA'],
    flag: '--data <folder>',
    type: 'path',
    byDefault: '.callboard in the working folder',
    description: 'Folder of the SQLite database and of everything derived. One serving process owns it.',
    parse: path(),
  },
  database: {
    yaml: 'database',
    env: ['CALLBOARD_DATABASE'],
    flag: '--database <url>',
    type: 'PostgreSQL URL',
    byDefault: 'SQLite in the data folder',
    description:
      'PostgreSQL database, for more than one server. On a command line others can see it: prefer the environment.',
    secret: true,
    parse: databaseUrl(),
  },
  host: {
    yaml: 'listen.host',
    env: ['CALLBOARD_HOST'],
    flag: '--host <address>',
    type: 'host name or address',
    byDefault: '127.0.0.1',
    description: 'Address to listen on. Anything but loopback needs sign-in, a policy, or guests: everywhere.',
    parse: host(),
  },
  port: {
    yaml: 'listen.port',
    env: ['CALLBOARD_PORT', 'PORT'],
    flag: '--port <number>',
    type: 'whole number',
    byDefault: '7007',
    description: 'Port to listen on; 0 takes any free one.',
    parse: wholeNumber(0, 65_535),
  },
  trustedProxies: {
    yaml: 'listen.trustedProxies',
    env: ['CALLBOARD_TRUSTED_PROXIES'],
    split: (written) => written.split(','),
    type: 'list of addresses and CIDR ranges',
    byDefault: 'none',
    description:
      'Proxies in front of this server: what they say in X-Forwarded-For is believed, so that sessions, tokens and the ' +
      'audit log show where a request came from. In the environment separated by commas.',
    parse: addressRanges(),
  },
  baseUrl: {
    yaml: 'baseUrl',
    env: ['CALLBOARD_BASE_URL'],
    flag: '--base-url <url>',
    type: 'http(s) URL',
    byDefault: 'http://localhost:<port>',
    description: 'The URL by which people reach the server, for links and for the check of the Host header.',
    parse: webUrl(),
  },
  organization: {
    yaml: 'organization',
    env: ['CALLBOARD_ORGANIZATION'],
    type: 'text',
    byDefault: 'Callboard',
    description: 'Name shown at the top of every page.',
    parse: text(),
  },
  guests: {
    yaml: 'guests',
    env: ['CALLBOARD_GUESTS'],
    flag: '--guests <rule>',
    type: guestRules.join(' | '),
    byDefault: 'loopback; never where sign-in or a policy is configured',
    description:
      'Where people who are not signed in are let in, as guests: only while the server listens on loopback, everywhere, ' +
      'or never. They may do everything while neither sign-in nor a policy is configured, else what the policy says.',
    parse: choice(guestRules),
  },
  ...fleetOptions,
  ...accessOptions,
  plugins: {
    yaml: 'plugins',
    env: ['CALLBOARD_PLUGINS'],
    split: (written) => written.split(delimiter),
    flag: '--plugin <files...>',
    type: 'list of paths',
    byDefault: 'none',
    description:
      'Plugin modules to load. A plugin runs with all rights of the server. In the environment separated by : (by ; on Windows).',
    parse: paths(),
  },
  logLevel: {
    yaml: 'log.level',
    env: ['CALLBOARD_LOG_LEVEL'],
    flag: '--log-level <level>',
    type: logLevels.join(' | '),
    byDefault: 'warn on a terminal, otherwise info',
    description: 'Least severe level that is logged.',
    parse: choice(logLevels),
  },
  logFormat: {
    yaml: 'log.format',
    env: ['CALLBOARD_LOG_FORMAT'],
    flag: '--log-format <format>',
    type: logFormats.join(' | '),
    byDefault: 'text on a terminal, otherwise json',
    description: 'How log lines are written to standard error.',
    parse: choice(logFormats),
  },
  retentionRevisions: {
    yaml: 'retention.revisions',
    env: ['CALLBOARD_RETENTION_REVISIONS'],
    type: 'whole number',
    unit: 'revisions',
    byDefault: '10000',
    description: 'The change log keeps at least this many: a watcher that was away shorter misses nothing.',
    parse: wholeNumber(1, 100_000_000),
  },
  retentionRows: {
    yaml: 'retention.logRows',
    env: ['CALLBOARD_RETENTION_LOG_ROWS'],
    type: 'whole number',
    unit: 'rows',
    byDefault: '1000000',
    description: 'The change log keeps no more rows than this, whatever retention.revisions says.',
    parse: wholeNumber(1000, 1_000_000_000),
  },
  historyDays: {
    yaml: 'retention.historyDays',
    env: ['CALLBOARD_RETENTION_HISTORY_DAYS'],
    type: 'whole number',
    unit: 'days',
    byDefault: '365',
    description: 'How long the history of each entity is kept.',
    parse: wholeNumber(1, 36_500),
  },
};

/** Names of all settings, in the order of the table. */
export const optionNames = Object.keys(options) as readonly OptionName[];
