import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

/** An installed Node and its npm. */
export interface InstalledNode {
  readonly version: string;
  /** PATH with the folder of this Node first. */
  readonly path: string;
}

/** The first Node of PATH that is older than 24 (and at least 20) and has npm beside it, as on a machine of a newcomer. */
export function findOldNode(): InstalledNode | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of folders) {
    const { status, stdout } = spawnSync(join(folder, 'node'), ['--version'], { encoding: 'utf8' });
    const major = Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
    if (status !== 0 || major < 20 || major >= 24) continue;
    const path = [folder, ...folders].join(delimiter);
    const npm = spawnSync('npm', ['--version'], { env: { ...process.env, PATH: path } });
    if (npm.status === 0) return { version: stdout.trim(), path };
  }
  return undefined;
}

/** PATH of the Node that runs the tests. */
export function ownNode(): InstalledNode {
  return { version: process.version, path: [dirname(process.execPath), process.env['PATH']].join(delimiter) };
}
