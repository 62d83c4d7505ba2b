// What `npm start` and `npm test` call: does all set-up and runs the task with Node 24. Plain JavaScript without
// dependencies, since it runs on any Node >= 20 before anything is installed.
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureProgram, ensureWeb } from './builds.mjs';
import { ensurePackages } from './packages.mjs';
import { LaunchError, nodeFlags, runInPlace, say } from './process-run.mjs';
import { findNode, requireLaunchableNode } from './runtime.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = resolve(root, '.cache');

/** Each task: what runs (the program itself, or a tool), and whether it needs the web interface built. */
const tasks = {
  start: { program: true, run: ['serve'], web: true },
  callboard: { program: true, run: [], web: false },
  test: { run: ['tools/test.mjs'], web: true },
  check: { run: ['tools/check.mjs'], web: false },
  reference: { run: ['tools/reference.ts'], web: false },
  build: { run: ['tools/build-package.mjs'], web: true },
};

/**
 * npm moves to the clone's folder before it runs us. Where it was called from another folder (`npm --prefix`), paths
 * that a person typed, and the configuration, are meant from there; from inside the clone they are the clone's.
 */
function workingFolder(task) {
  const from = process.env.INIT_CWD;
  if (!['start', 'callboard'].includes(task) || from === undefined) return root;
  return relative(root, from).startsWith('..') ? from : root;
}

async function launch([task, ...args]) {
  requireLaunchableNode();
  const chosen = tasks[task];
  if (chosen === undefined)
    throw new LaunchError(`Usage: node launcher/launch.mjs ${Object.keys(tasks).join('|')} [arguments]`);
  const node = await findNode(cache);
  await ensurePackages(root, cache);
  if (chosen.web) await ensureWeb(root, cache, node);
  const command = chosen.program ? [await ensureProgram(root, cache, node), ...chosen.run] : chosen.run;
  const [script, ...first] = command;
  return runInPlace(node, [...nodeFlags, resolve(root, script), ...first, ...args], {
    cwd: workingFolder(task),
    env: { ...process.env, NODE_COMPILE_CACHE: resolve(cache, 'compile') },
  });
}

try {
  process.exitCode = await launch(process.argv.slice(2));
} catch (error) {
  say(error instanceof LaunchError ? error.message : error.stack);
  process.exitCode = 1;
}
