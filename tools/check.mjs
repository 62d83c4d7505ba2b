// `npm run check`: the quick checks, two at a time, then the unit tests (architecture included).
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const failed = [];

function run([name, args]) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  return new Promise((resolve) => {
    child.on('close', (status) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (status !== 0) {
        failed.push(name);
        console.log(output);
      }
      console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${name}  ${seconds} s`);
      resolve();
    });
  });
}

const checks = JSON.parse(readFileSync('tools/checks.json', 'utf8'));
const lane = async () => {
  for (let next = checks.shift(); next !== undefined; next = checks.shift()) await run(next);
};
await Promise.all([lane(), lane()]);
await run(['unit tests', ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--silent=passed-only']]);
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exit(1);
}
