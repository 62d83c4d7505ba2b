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
// What failed, told again at the end: of a long run often only the last lines are at hand.
const failures = [];
const LONGEST_MESSAGE = 1500;

function run(args) {
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}

function count(report, status) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch (error) {
    total.failed += 1;
    failures.push(`The test runner left no report: ${error.message}`);
    return;
  }
  total.passed += result.numPassedTests;
  total.failed += result.numFailedTests;
  total.skipped += result.numPendingTests + result.numTodoTests;
  // A file that cannot be loaded, or an error outside a test, fails the run without failing a test.
  if (status !== 0 && result.numFailedTests === 0) {
    total.failed += 1;
    failures.push('Outside a test: a file that cannot be loaded, or an error that nobody waited for; it is told above');
  }
  for (const { name, message, assertionResults } of result.testResults) {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    for (const test of failed) failures.push(told(`${name} > ${test.fullName}`, test.failureMessages.join('\n')));
    if (failed.length === 0 && message) failures.push(told(name, message));
  }
}

function told(what, message) {
  return `${what}\n${message.slice(0, LONGEST_MESSAGE)}`;
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
      else {
        total.failed += 1;
        failures.push(name);
      }
    }
    for (const group of groups) suite(group, []);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const failure of failures) console.log(`\nFailed: ${failure}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
