import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Flags } from '../config/load-config.ts';
import { readBackup } from '../store/backup-file.ts';
import { backupStore, copyStore, restoreStore } from '../store/backup.ts';
import type { BackupOptions } from '../store/backup.ts';
import { openStore } from '../store/open-store.ts';
import type { Store, StoreDigest } from '../store/store.ts';
import { commandFailure } from './errors.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { OutputFormat } from './definition.ts';
import type { Surroundings } from './surroundings.ts';

/** What every `callboard db` command was told. */
export interface DatabaseRequest {
  readonly flags: Flags;
  readonly output: OutputFormat;
}

type Place = Pick<Config, 'databaseUrl' | 'dataFolder' | 'retention'>;

function open(place: Place, mode: 'read' | 'write'): Promise<Store> {
  return openStore({ url: place.databaseUrl, folder: place.dataFolder, retention: place.retention, mode });
}

/** Where a database is, without its password. */
function placeName({ databaseUrl, dataFolder }: Place): string {
  if (databaseUrl === undefined) return `SQLite in ${dataFolder}`;
  const url = new URL(databaseUrl);
  url.password = '';
  return `PostgreSQL at ${url.protocol}//${url.username === '' ? '' : `${url.username}@`}${url.host}${url.pathname}`;
}

async function withStore<Result>(store: Store, use: (store: Store) => Promise<Result>): Promise<Result> {
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Tells a person at a terminal how far it is, once a second at most. */
function progress({ terminal, clock, err }: Surroundings): BackupOptions {
  let last = clock.monotonic();
  return {
    clock,
    onProgress({ table, rows }) {
      if (!terminal || clock.monotonic() - last < 1000) return;
      last = clock.monotonic();
      err(`  ${rows} rows (${table})`);
    },
  };
}

function say(request: DatabaseRequest, surroundings: Surroundings, text: string, data: object): ExitCode {
  surroundings.out(request.output === 'json' ? JSON.stringify(data, undefined, 2) : text);
  return exitCodes.ok;
}

async function configured(request: DatabaseRequest, { cwd, env }: Surroundings): Promise<Config> {
  return (await loadConfig({ cwd, env, flags: request.flags })).config;
}

/** `callboard db info`. */
export async function runInfo(request: DatabaseRequest, surroundings: Surroundings): Promise<ExitCode> {
  const config = await configured(request, surroundings);
  return withStore(await open(config, 'read'), async (store) => {
    const counts = { entities: 0, facts: 0, problems: 0, locations: 0 };
    let revision = await store.revision();
    for await (const page of store.snapshot()) {
      revision = page.revision;
      counts.entities += page.entities.length;
      counts.facts += page.facts.length;
      counts.problems += page.problems.length;
      counts.locations += page.locations.length;
    }
    const lines = Object.entries({ database: placeName(config), revision, ...counts });
    const text = lines.map(([name, value]) => `${name.padEnd(9)}  ${value}`).join('\n');
    return say(request, surroundings, text, { engine: store.engine, place: placeName(config), revision, ...counts });
  });
}

/** `callboard db backup`: writes, then reads the file again from start to end. */
export async function runBackup(
  request: DatabaseRequest & { readonly file: string; readonly force: boolean },
  surroundings: Surroundings,
): Promise<ExitCode> {
  const config = await configured(request, surroundings);
  const file = resolve(surroundings.cwd, request.file);
  if (existsSync(file) && !request.force) throw commandFailure('FILE_EXISTS', { file });
  const { revision, rows } = await withStore(await open(config, 'read'), (store) =>
    backupStore(store, file, progress(surroundings)),
  );
  for await (const page of readBackup(file)) void page;
  const text = `Backed up ${placeName(config)} at revision ${revision}: ${rows} rows in ${file}, read again and whole`;
  return say(request, surroundings, text, { file, revision, rows, verified: true });
}

/** `callboard db restore`. */
export async function runRestore(
  request: DatabaseRequest & { readonly file: string },
  surroundings: Surroundings,
): Promise<ExitCode> {
  const config = await configured(request, surroundings);
  const file = resolve(surroundings.cwd, request.file);
  const { revision, rows } = await withStore(await open(config, 'write'), (store) =>
    restoreStore(store, file, progress(surroundings)),
  );
  const text = `Restored ${rows} rows at revision ${revision} into ${placeName(config)}`;
  return say(request, surroundings, text, { file, revision, rows });
}

/**
 * Holds the digests of a copy's two ends against each other.
 *
 * @throws COPY_DIFFERS
 */
export function refuseDifference(
  before: StoreDigest,
  after: StoreDigest,
  places: { readonly source: string; readonly target: string },
): void {
  if (!isDeepStrictEqual(before, after)) throw commandFailure('COPY_DIFFERS', places);
}

/** `callboard db migrate-to`: copies, then holds the digests of both databases against each other. */
export async function runMigrate(
  request: DatabaseRequest & { readonly target: string },
  surroundings: Surroundings,
): Promise<ExitCode> {
  const config = await configured(request, surroundings);
  const isUrl = /^postgres(ql)?:\/\//.test(request.target);
  const target: Place = {
    databaseUrl: isUrl ? request.target : undefined,
    dataFolder: isUrl ? config.dataFolder : resolve(surroundings.cwd, request.target),
    retention: config.retention,
  };
  if (placeName(target) === placeName(config)) {
    throw commandFailure('ARGUMENT_INVALID', { argument: 'target', reason: 'it is the database that is configured' });
  }
  // Opening for writing would make an empty database where there is none.
  await (await open(config, 'read')).close();
  // Opened for writing, so that a server on the same folder keeps this from missing what it writes meanwhile.
  const { revision, rows } = await withStore(await open(config, 'write'), async (from) =>
    withStore(await open(target, 'write'), async (to) => {
      const summary = await copyStore(from, to, progress(surroundings));
      refuseDifference(await from.digest(), await to.digest(), {
        source: placeName(config),
        target: placeName(target),
      });
      return summary;
    }),
  );
  const text = `Copied ${rows} rows at revision ${revision} from ${placeName(config)} to ${placeName(target)}; both hold the same`;
  return say(request, surroundings, text, {
    from: placeName(config),
    to: placeName(target),
    revision,
    rows,
    verified: true,
  });
}
