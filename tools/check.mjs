// `npm run check`: the quick checks and the unit tests (architecture included).
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const steps = [
  ...JSON.parse(readFileSync('tools/checks.json', 'utf8')),
  [
    'unit tests',
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter=default', '--silent=passed-only'],
  ],
];
const failed = [];
for (const [name, args] of steps) {
  const started = performance.now();
  const status = spawnSync(process.execPath, args, { stdio: 'inherit' }).status;
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${name}  ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exit(1);
}
