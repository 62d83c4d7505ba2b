// Keeps what is built from the sources at what the sources say: the web interface, and the program as it is started.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock-file.mjs';
import { LaunchError, runNode, say } from './process-run.mjs';

/** What the web interface is built from: its own files and the rooms it may import. */
const webSources = [
  'web',
  'src/base',
  'src/model',
  'src/api',
  'src/client.ts',
  'tools/build-web.mjs',
  'package-lock.json',
];
const programSources = ['src', 'tools/build-start.mjs', 'package-lock.json'];
/** A server that runs may still read from the build it was started from. */
const keptPrograms = 10;

function describe(path, lines) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory()) for (const name of readdirSync(path).sort()) describe(join(path, name), lines);
  else if (!path.includes('.test.')) lines.push(`${path} ${found.size} ${found.mtimeMs}`);
}

/** Names, sizes and times: reading every file would cost more than the rest of a second start. */
function fingerprint(root, sources) {
  const lines = [];
  for (const source of sources) describe(join(root, source), lines);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Builds the web interface when its sources have changed since the last build. One launcher at a time. */
export async function ensureWeb(root, cache, node) {
  const stamp = join(root, 'dist', 'web', '.stamp');
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(root, webSources);
  if (isCurrent()) return;
  await withLock(cache, 'web', 'building the web interface', async () => {
    if (isCurrent()) return;
    const before = fingerprint(root, webSources);
    say('Building the web interface');
    const seconds = await runNode(node, ['tools/build-web.mjs'], { cwd: root, what: 'Building the web interface' });
    writeFileSync(stamp, before);
    say(`  done in ${seconds} s`);
  });
}

/**
 * The program to start: joined into a few files, which start in half the time, made anew when the sources have changed.
 * Where that fails the program is started from its sources, which says better what is wrong with them.
 *
 * @returns absolute path of the main module
 */
export async function ensureProgram(root, cache, node) {
  const folder = join(cache, `start-${fingerprint(root, programSources).slice(0, 16)}`);
  const main = join(folder, 'main.js');
  if (existsSync(main)) return main;
  try {
    await withLock(cache, 'start', 'joining the program', async () => {
      if (existsSync(main)) return;
      say('Joining the program into a few files');
      const fresh = join(cache, 'start-new');
      const args = ['tools/build-start.mjs', fresh];
      const seconds = await runNode(node, args, { cwd: root, what: 'Joining the program' });
      renameSync(fresh, folder);
      dropOldPrograms(cache);
      say(`  done in ${seconds} s`);
    });
    return main;
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    say(`${error.message}\nStarting from the sources instead`);
    return join(root, 'src', 'main.ts');
  }
}

function dropOldPrograms(cache) {
  const builds = readdirSync(cache)
    .filter((name) => /^start-[0-9a-f]{16}$/.test(name))
    .map((name) => ({ path: join(cache, name), at: statSync(join(cache, name)).mtimeMs }))
    .sort((left, right) => right.at - left.at);
  for (const { path } of builds.slice(keptPrograms)) rmSync(path, { recursive: true, force: true });
}
