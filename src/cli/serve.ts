import { createServer } from 'node:net';
import type { Worker } from 'node:worker_threads';
import { CallboardError } from '../base/errors.ts';
import { callboardVersion } from '../base/version.ts';
import { createLog } from '../telemetry/log.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Flags } from '../config/load-config.ts';
import { serve } from '../server/serve.ts';
import type { RunningServer } from '../server/serve.ts';
import { demoFleetOf, type DemoFleet } from './demo-fleet.ts';
import { commandFailure } from './errors.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { EndSignal, Surroundings } from './surroundings.ts';

/** What `callboard serve` was told. */
export interface ServeRequest {
  readonly flags: Flags;
  /** Print nothing but the log. */
  readonly quiet: boolean;
  /** The store's thread, which has a head start. */
  readonly storeThread: Worker;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function catalogLines(config: Config, serveCommand: string): string[] {
  const own = `Your own:  ${serveCommand} --catalog <file, folder or glob>`;
  const { locations } = config.catalog;
  if (locations.length === 0) return ['nothing yet', own];
  if (config.demo && locations.length === 1) return ['the demo organisation, since nothing else is configured', own];
  const shown = locations.slice(0, 5).map(({ target, origin }) => `${target} (${origin})`);
  return locations.length > 5 ? [...shown, `and ${locations.length - 5} more`] : shown;
}

/** The URL to open: the public one where one is configured, else the shortest that reaches this server. */
function openUrl(config: Config, { url, address }: Pick<RunningServer, 'url' | 'address'>): string {
  const { hostname } = new URL(config.baseUrl);
  if (hostname !== 'localhost' && hostname !== '[::1]' && !hostname.startsWith('127.')) return config.baseUrl;
  return url.startsWith('http://127.0.0.1:') ? `http://localhost:${address.port}` : url;
}

/** The lines that a person sees once the server listens. */
export function welcome(
  config: Config,
  server: Pick<RunningServer, 'url' | 'address'>,
  surroundings: Surroundings,
  { files, demoFleet }: { readonly files: readonly string[]; readonly demoFleet?: DemoFleet | undefined },
): string[] {
  const reach = isLoopback(config.listen.host) ? 'this machine only' : `listening on ${config.listen.host}`;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Open', [`${openUrl(config, server)}  (${reach})`]],
    ['Catalog', catalogLines(config, surroundings.serveCommand)],
    ['Clusters', demoFleet === undefined ? [] : [`${config.demoClusters} demo clusters`]],
    ['Data', [config.databaseUrl === undefined ? `SQLite in ${config.dataFolder}` : 'PostgreSQL']],
    ['Configured', files.length === 0 ? ['by flags, environment and defaults'] : files],
  ];
  const lines = rows.flatMap(([name, values]) =>
    values.map((value, index) => `  ${(index === 0 ? name : '').padEnd(11)}${value}`),
  );
  return [`Callboard ${callboardVersion()} is running. Ctrl+C ends it.`, ...lines];
}

/** A free port near the wanted one, for the hint of PORT_IN_USE. */
async function freePort(host: string, wanted: number): Promise<number> {
  for (let port = wanted + 1; port <= Math.min(wanted + 20, 65_535); port += 1) {
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, host, () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
  return 0;
}

/** Says of a fault while listening what to do about it; other faults stay as they are. */
async function explainListenFault(fault: unknown, { listen }: Config): Promise<unknown> {
  const systemCode = (fault: unknown): unknown => (fault instanceof Error && 'code' in fault ? fault.code : undefined);
  const cause = fault instanceof CallboardError && fault.cause !== undefined ? fault.cause : fault;
  const code = systemCode(cause);
  if (code === 'EADDRINUSE') {
    const free = await freePort(listen.host, listen.port);
    return commandFailure('PORT_IN_USE', { host: listen.host, port: listen.port, free }, cause);
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return commandFailure('PORT_REFUSED', { host: listen.host, port: listen.port, reason: code }, cause);
  }
  return fault;
}

/** Ctrl+C reaches every process of a terminal, and npm and the launcher pass it on as well: all of that is one signal. */
const echoMs = 500;

/** Resolves when the first signal to end has come; a later one ends the process at once. */
function untilTold(surroundings: Surroundings): Promise<EndSignal> {
  return new Promise((resolve) => {
    let toldAt: number | undefined;
    surroundings.onEndSignal((signal) => {
      const now = surroundings.clock.monotonic();
      if (toldAt === undefined) {
        toldAt = now;
        resolve(signal);
      } else if (now - toldAt > echoMs) {
        surroundings.exit(signal === 'SIGINT' ? 130 : 143);
      }
    });
  });
}

/** `callboard serve`: runs until a signal, then closes; returns when everything is closed. */
export async function runServe(request: ServeRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { cwd, env, terminal } = surroundings;
  const { config: asked, notices, files } = await loadConfig({ cwd, env, terminal, flags: request.flags });
  const demoFleet = demoFleetOf(asked, surroundings);
  const config = demoFleet?.config ?? asked;
  for (const notice of notices) surroundings.err(`Note: ${notice}`);
  const told = untilTold(surroundings);
  let server: RunningServer;
  try {
    const { clock } = surroundings;
    server = await serve({ config, clock, log: createLog(config.log), storeThread: request.storeThread });
  } catch (fault) {
    throw await explainListenFault(fault, config);
  }
  demoFleet?.start();
  if (!request.quiet)
    for (const line of welcome(config, server, surroundings, { files, demoFleet })) surroundings.out(line);
  const signal = await told;
  if (!request.quiet) surroundings.out(`${signal}: closing; again ends at once`);
  await Promise.all([server.close(), demoFleet?.close()]);
  return exitCodes.ok;
}
