#!/usr/bin/env node
// The command `callboard` of the installed package. On Node >= 24 the program runs in this process; on an older one the
// pinned Node 24 is fetched once into the user's cache folder and runs it.
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaunchError, nodeFlags, runInPlace, say } from './process-run.mjs';
import { findNode, isNewEnough, requireLaunchableNode } from './runtime.mjs';

const main = new URL('../dist/main.js', import.meta.url);

function cacheFolder() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'callboard');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'callboard');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'callboard');
}

/** node:sqlite still announces itself as experimental; the person who starts Callboard can do nothing about it. */
function silenceExperimentalWarnings() {
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning') return;
    for (const listener of listeners) listener.call(process, warning);
  });
}

async function runElsewhere() {
  requireLaunchableNode();
  const node = await findNode(cacheFolder());
  return runInPlace(node, [...nodeFlags, fileURLToPath(main), ...process.argv.slice(2)], {
    cwd: process.cwd(),
    env: { ...process.env, NODE_COMPILE_CACHE: join(cacheFolder(), 'compile') },
  });
}

if (isNewEnough()) {
  module.enableCompileCache();
  silenceExperimentalWarnings();
  await import(main.href);
} else {
  try {
    process.exitCode = await runElsewhere();
  } catch (error) {
    say(error instanceof LaunchError ? error.message : error.stack);
    process.exitCode = 1;
  }
}
