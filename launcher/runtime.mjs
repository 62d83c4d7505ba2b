// Finds a Node that is new enough, or installs the pinned one from npm into a cache folder.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaunchError, npmCi, say } from './process-run.mjs';

const wantedMajor = 24;
const pins = fileURLToPath(new URL('runtime', import.meta.url));

/** True where the Node that runs us can run Callboard. */
export function isNewEnough(version = process.versions.node) {
  return Number(version.split('.')[0]) >= wantedMajor;
}

/** Ends with a clear line where even the launcher cannot run. */
export function requireLaunchableNode() {
  if (Number(process.versions.node.split('.')[0]) >= 20) return;
  throw new LaunchError(`Callboard needs Node 20 or newer to start; this is ${process.version}. Node 24 is best.`);
}

function pinnedPackage() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(pins, 'package.json'), 'utf8'));
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  return { name, version: optionalDependencies[name] };
}

function installNode24(reason) {
  return new LaunchError(
    `Callboard runs on Node ${wantedMajor}; this is ${process.version}, and ${reason}. ` +
      `Install Node ${wantedMajor} or newer (https://nodejs.org) and start again.`,
  );
}

function runs(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 && isNewEnough(stdout.trim().slice(1));
}

async function install(name, version, folder, cache) {
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, '.node-'));
  try {
    say(`This is Node ${process.version}; installing Node ${version} into ${cache} (once)`);
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(pins, file), join(scratch, file));
    const seconds = await npmCi(scratch, `Installing Node ${version}`, ['--include=optional']);
    const unpacked = join(scratch, 'node_modules', name, 'bin');
    if (!existsSync(unpacked)) throw installNode24(`npm did not deliver ${name}`);
    if (!runs(join(unpacked, executable()))) throw installNode24(`npm's ${name} does not run on this system`);
    try {
      renameSync(unpacked, folder);
    } catch (error) {
      // Another launcher was quicker; its copy is the same.
      if (!existsSync(join(folder, executable()))) throw error;
    }
    say(`  done in ${seconds} s`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function executable() {
  return process.platform === 'win32' ? 'node.exe' : 'node';
}

/**
 * The path of a Node >= 24: this one, or the pinned one, installed on the first call.
 *
 * @param cache folder that keeps what is installed
 * @throws LaunchError where npm has no package for this platform, or it does not run
 */
export async function findNode(cache) {
  if (isNewEnough()) return process.execPath;
  const { name, version } = pinnedPackage();
  if (version === undefined)
    throw installNode24(`npm has no current package of it for ${process.platform}-${process.arch}`);
  const folder = join(cache, `${name}-${version}`);
  const node = join(folder, executable());
  if (!existsSync(node)) await install(name, version, folder, cache);
  return node;
}
