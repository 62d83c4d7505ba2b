import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Flags } from '../config/load-config.ts';
import { locationRoot } from '../config/location-value.ts';
import { lockFolder } from '../store/folder-lock.ts';
import { openStore } from '../store/open-store.ts';
import { withoutPasswords } from '../telemetry/log.ts';
import type { Finding } from './doctor.ts';
import type { Surroundings } from './surroundings.ts';

/** The configuration must be whole; the other checks need it. */
export async function checkConfiguration(
  flags: Flags,
  { cwd, env }: Surroundings,
): Promise<{ readonly finding: Finding; readonly config?: Config }> {
  const check = 'configuration';
  try {
    const { config, notices, files } = await loadConfig({ cwd, env, flags });
    const from = files.length === 0 ? 'no file; flags, environment and defaults' : files.join(', ');
    if (notices.length === 0) return { finding: { check, status: 'ok', detail: from }, config };
    return { finding: { check, status: 'warn', detail: [from, ...notices].join('\n') }, config };
  } catch (fault) {
    if (!(fault instanceof CallboardError)) throw fault;
    return {
      finding: { check, status: 'fail', detail: fault.message, fix: 'docs/reference/configuration.md lists every key' },
    };
  }
}

/** The nearest folder that exists on the way up. */
function existingParent(folder: string): string {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

/** The data folder must be ours to write, and not served by another process. */
export function checkData({ dataFolder: folder, databaseUrl }: Config): Finding {
  const check = 'data';
  const parent = existingParent(folder);
  try {
    if (!statSync(parent).isDirectory()) throw new Error(`${parent} is a file`);
    accessSync(parent, constants.W_OK | constants.X_OK);
  } catch (error) {
    const detail = `${folder} cannot be written: ${errorMessage(error)}`;
    return { check, status: 'fail', detail, fix: 'give this user the folder, or name another with --data' };
  }
  if (parent !== folder) return { check, status: 'ok', detail: `${folder} will be made` };
  if (databaseUrl !== undefined) return { check, status: 'ok', detail: folder };
  try {
    lockFolder(folder).release();
    return { check, status: 'ok', detail: `${folder} is writable and free` };
  } catch (fault) {
    if (!(fault instanceof CallboardError) || fault.code !== 'STORE_LOCKED') throw fault;
    const detail = `${folder} is served by process ${String(fault.details['pid'])}`;
    return { check, status: 'warn', detail, fix: 'stop that server before you start another here' };
  }
}

/** The database must answer and have a schema that this program knows. */
export async function checkDatabase(config: Config): Promise<Finding> {
  const check = 'database';
  const { databaseUrl: url, dataFolder: folder, retention } = config;
  try {
    const store = await openStore({ url, folder, retention, mode: 'read' });
    try {
      return {
        check,
        status: 'ok',
        detail: `${store.engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, revision ${await store.revision()}`,
      };
    } finally {
      await store.close();
    }
  } catch (fault) {
    if (!(fault instanceof CallboardError)) throw fault;
    if (fault.code === 'STORE_MISSING') return { check, status: 'ok', detail: 'none yet; the first start makes it' };
    if (fault.code === 'STORE_SCHEMA_OLDER')
      return { check, status: 'warn', detail: fault.message, fix: 'start the server once' };
    const fix = url === undefined ? 'restore a backup into another folder' : 'start the database, or correct its URL';
    return { check, status: 'fail', detail: withoutPasswords(fault.message), fix };
  }
}

/** Every catalog location on this machine must be there and readable. */
export async function checkLocations({ catalog, demo }: Config): Promise<Finding[]> {
  const check = 'catalog';
  if (catalog.locations.length === 0) {
    return [
      {
        check,
        status: 'warn',
        detail: 'no location is configured',
        fix: 'name one with --catalog or in callboard.yaml',
      },
    ];
  }
  const findings: Finding[] = [];
  for (const { type, target, origin } of catalog.locations) {
    const named = demo ? target : `${target} (${origin})`;
    try {
      // URLs and repositories are looked at by the running server, which shows how fresh they are.
      if (type === 'file') await access(locationRoot(target), constants.R_OK);
      findings.push({ check, status: 'ok', detail: named });
    } catch (error) {
      findings.push({ check, status: 'fail', detail: `${named}: ${errorMessage(error)}`, fix: `correct ${origin}` });
    }
  }
  return findings;
}
