// Runs the checks and every suite and ends with the line `N passed, N failed, N skipped`.
// With arguments it hands them to vitest: `npm test -- src/graph`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const vitest = ['node_modules/vitest/vitest.mjs', 'run'];
// What starts servers and browsers of its own runs after the rest, one file at a time.
const groups = [
  ['unit', 'db', 'server'],
  ['faults', 'e2e', 'package'],
];
const scratch = mkdtempSync(join(tmpdir(), 'callboard-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };

function run(args) {
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}

function count(report, status) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch (error) {
    console.error(`The test runner left no report: ${error.message}`);
    total.failed += 1;
    return;
  }
  total.passed += result.numPassedTests;
  total.failed += result.numFailedTests;
  total.skipped += result.numPendingTests + result.numTodoTests;
  // A file that cannot be loaded, or an error outside a test, fails the run without failing a test.
  if (status !== 0 && result.numFailedTests === 0) total.failed += 1;
}

function suite(projects, args) {
  const report = join(scratch, `${projects[0]}.json`);
  const status = run([
    ...vitest,
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ]);
  count(report, status);
}

const args = process.argv.slice(2);
try {
  if (args.length > 0) {
    suite(groups.flat(), ['--passWithNoTests=false', ...args]);
  } else {
    for (const [name, step] of JSON.parse(readFileSync('tools/checks.json', 'utf8'))) {
      console.log(`\n> ${name}`);
      if (run(step) === 0) total.passed += 1;
      else total.failed += 1;
    }
    for (const group of groups) suite(group, []);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
