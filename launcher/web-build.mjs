// Keeps dist/web at what the sources of the web interface say.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock-file.mjs';
import { runNode, say } from './process-run.mjs';

/** What the web interface is built from: its own files and the rooms it may import. */
const sources = [
  'web',
  'src/base',
  'src/model',
  'src/api',
  'src/client.ts',
  'tools/build-web.mjs',
  'package-lock.json',
];

function describe(path, lines) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory()) for (const name of readdirSync(path).sort()) describe(join(path, name), lines);
  else if (!path.includes('.test.')) lines.push(`${path} ${found.size} ${found.mtimeMs}`);
}

/** Names, sizes and times: reading every file would cost more than the rest of a second start. */
function fingerprint(root) {
  const lines = [];
  for (const source of sources) describe(join(root, source), lines);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Builds the web interface when its sources have changed since the last build. One launcher at a time. */
export async function ensureWeb(root, cache, node) {
  const stamp = join(root, 'dist', 'web', '.stamp');
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(root);
  if (isCurrent()) return;
  await withLock(cache, 'web', 'building the web interface', async () => {
    if (isCurrent()) return;
    const before = fingerprint(root);
    say('Building the web interface');
    const seconds = await runNode(node, ['tools/build-web.mjs'], { cwd: root, what: 'Building the web interface' });
    writeFileSync(stamp, before);
    say(`  done in ${seconds} s`);
  });
}
