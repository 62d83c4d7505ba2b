// Keeps node_modules at what package-lock.json says.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock-file.mjs';
import { npmCi, say } from './process-run.mjs';

function stampFile(root) {
  return join(root, 'node_modules', '.callboard-packages');
}

function isStamped(root, hash) {
  const file = stampFile(root);
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

/**
 * True where npm's own record of node_modules agrees with the lockfile, as after an `npm ci` by hand: then there is
 * nothing to do but to remember it.
 */
function isInstalled(root, lockfile) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(lockfile).packages;
  const found = JSON.parse(readFileSync(record, 'utf8')).packages;
  const sameVersion = Object.entries(found).every(([path, { version }]) => wanted[path]?.version === version);
  const complete = Object.entries(wanted).every(
    ([path, entry]) => path === '' || found[path] !== undefined || entry.optional === true || entry.peer === true,
  );
  return sameVersion && complete;
}

/** Installs when the lockfile is not the one that was installed last. One launcher at a time. */
export async function ensurePackages(root, cache) {
  const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lockfile).digest('hex');
  if (isStamped(root, hash)) return;
  await withLock(cache, 'packages', 'installing packages', async () => {
    if (isStamped(root, hash)) return;
    if (!isInstalled(root, lockfile)) {
      say('Installing packages (the first time, and when package-lock.json has changed)');
      const seconds = await npmCi(root, 'Installing packages', ['--include=dev', '--include=optional']);
      say(`  done in ${seconds} s`);
    }
    writeFileSync(stampFile(root), hash);
  });
}
