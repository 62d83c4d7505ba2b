// Runs the checks and every suite and ends with the line `N passed, N failed, N skipped`.
// With arguments it hands them to vitest: `npm test -- src/graph`.
//
// Files with a failed test are run once more in the whole run, alone: real servers and browsers on a busy machine now
// and then miss a deadline. What passes only then is told apart at the end, to be mended; what fails twice fails.
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
// With more failed files than this a busy machine is not the reason, and running them again tells nothing.
const MOST_FILES_AGAIN = 5;
const scratch = mkdtempSync(join(tmpdir(), 'callboard-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
// What failed, told again at the end: of a long run often only the last lines are at hand.
const failures = [];
const passedAgain = [];
const LONGEST_MESSAGE = 1500;

function run(args) {
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}

/** The files of one run of vitest, each with its tests counted and its failures told. */
function results(projects, args, report) {
  const status = run([
    ...vitest,
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ]);
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch (error) {
    return [fileless(`The test runner left no report: ${error.message}`)];
  }
  const files = result.testResults.map(fileResult);
  // An error outside a test fails the run without failing a file.
  if (status !== 0 && files.every((file) => file.failures.length === 0)) {
    files.push(fileless('Outside a test: an error that nobody waited for; it is told above'));
  }
  return files;
}

function fileResult({ name, status, message, assertionResults }) {
  const count = (...states) => assertionResults.filter((test) => states.includes(test.status)).length;
  const failed = assertionResults
    .filter((test) => test.status === 'failed')
    .map((test) => told(`${name} > ${test.fullName}`, test.failureMessages.join('\n')));
  // A file that cannot be loaded fails without a test.
  if (failed.length === 0 && status === 'failed') failed.push(told(name, message));
  return { name, passed: count('passed'), skipped: count('pending', 'todo', 'skipped'), failures: failed };
}

function fileless(failure) {
  return { name: undefined, passed: 0, skipped: 0, failures: [failure] };
}

function told(what, message) {
  return `${what}\n${message.slice(0, LONGEST_MESSAGE)}`;
}

function count(files) {
  for (const file of files) {
    total.passed += file.passed;
    total.skipped += file.skipped;
    total.failed += file.failures.length;
    failures.push(...file.failures);
  }
}

function suite(projects, args) {
  count(results(projects, args, join(scratch, `${projects[0]}.json`)));
}

function suiteWithSecondTry(projects) {
  const files = results(projects, [], join(scratch, `${projects[0]}.json`));
  const failed = files.filter((file) => file.failures.length > 0);
  if (failed.length === 0 || failed.length > MOST_FILES_AGAIN || failed.some((file) => file.name === undefined)) {
    count(files);
    return;
  }
  console.log(`\n> once more: ${failed.map((file) => file.name).join(', ')}`);
  const again = results(
    projects,
    failed.map((file) => file.name),
    join(scratch, `${projects[0]}-again.json`),
  );
  count(files.filter((file) => file.failures.length === 0));
  count(again);
  const still = again.filter((file) => file.failures.length > 0);
  for (const file of failed) {
    if (!still.some((each) => each.name === file.name || each.name === undefined)) passedAgain.push(...file.failures);
  }
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
    for (const group of groups) suiteWithSecondTry(group);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const failure of passedAgain) console.log(`\nFailed at first, passed when its file was run again: ${failure}`);
for (const failure of failures) console.log(`\nFailed: ${failure}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
