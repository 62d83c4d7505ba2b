import type { TestProject } from 'vitest/node';
import { findPostgres, startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the run's PostgreSQL, or why there is none. */
    postgres: { readonly url: string } | { readonly missing: string };
  }
}

/** Starts one PostgreSQL for all tests of a project. With CI=true it must be there; elsewhere its tests are skipped. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const binaries = findPostgres();
  if (binaries === undefined) {
    const missing = 'PostgreSQL is not installed (no initdb in PATH or /usr/lib/postgresql): its tests are skipped';
    if (process.env['CI'] === 'true') throw new Error(missing.replace('its tests are skipped', 'CI needs it'));
    process.stderr.write(`\n*** ${missing} ***\n\n`);
    project.provide('postgres', { missing });
    return undefined;
  }
  const server = await startPostgres(binaries);
  project.provide('postgres', { url: server.url });
  return () => server.remove();
}
