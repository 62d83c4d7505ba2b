import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.ts';
import type { Finding } from './doctor.ts';
import { portHolder } from './port-holder.ts';

/** Node must be new enough to run Callboard; `version` like `v24.1.0`. */
export function checkNode(version: string): Finding {
  const check = 'node';
  if (Number(version.slice(1).split('.')[0]) >= 24) return { check, status: 'ok', detail: version };
  return { check, status: 'fail', detail: `${version} is too old`, fix: 'install Node 24 or newer' };
}

/** Git is needed by sources that read repositories. */
export function checkGit(program = 'git'): Promise<Finding> {
  const check = 'git';
  return new Promise((resolve) => {
    execFile(program, ['--version'], { timeout: 10_000 }, (error, stdout) => {
      const fix = 'install git; catalogs in files work without it';
      if (error !== null) resolve({ check, status: 'warn', detail: 'git does not run', fix });
      else resolve({ check, status: 'ok', detail: stdout.trim().replace(/^git version /, '') });
    });
  });
}

function listenFault(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}

async function isCallboard(host: string, port: number): Promise<boolean> {
  const wildcard = host === '0.0.0.0' || host === '::';
  const name = wildcard ? '127.0.0.1' : host;
  try {
    const response = await fetch(`http://${name.includes(':') ? `[${name}]` : name}:${port}/api/openapi.json`, {
      signal: AbortSignal.timeout(2000),
    });
    const { info } = (await response.json()) as { readonly info?: { readonly title?: string } };
    return info?.title?.includes('Callboard') === true;
  } catch {
    // Whatever holds the port speaks something else; that is the answer.
    return false;
  }
}

/** The port must be free; where it is not, says who holds it as far as the system tells. */
export async function checkPort(config: Config): Promise<Finding> {
  const { host, port } = config.listen;
  const check = 'port';
  const fault = await listenFault(host, port);
  if (fault === undefined) return { check, status: 'ok', detail: `${port} on ${host} is free` };
  if (fault !== 'EADDRINUSE') {
    return {
      check,
      status: 'fail',
      detail: `cannot listen on ${host}:${port} (${fault})`,
      fix: 'another --host or --port',
    };
  }
  const holder = portHolder(port);
  const by = holder === undefined ? 'another program' : `process ${holder.pid} (${holder.name})`;
  if (await isCallboard(host, port)) {
    return {
      check,
      status: 'warn',
      detail: `a Callboard already answers on ${port}: ${by}`,
      fix: 'stop it before you start another',
    };
  }
  return {
    check,
    status: 'fail',
    detail: `${port} on ${host} is held by ${by}`,
    fix: 'stop it, or take another --port',
  };
}

/** The web interface must be built; the package comes with it. */
export function checkWeb(folder = fileURLToPath(new URL('../../dist/web', import.meta.url))): Finding {
  const check = 'web';
  if (existsSync(`${folder}/index.html`)) return { check, status: 'ok', detail: 'the web interface is built' };
  const fix = 'npm start builds it; or npm run build:web';
  return { check, status: 'warn', detail: 'the web interface is not built; only the API answers', fix };
}
