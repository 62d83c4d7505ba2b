import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { factSchemas } from '../src/fleet/facts/fact-schemas.ts';
import { findingRules } from '../src/fleet/findings/finding.ts';
import { ownHealth } from '../src/fleet/health/assess-health.ts';
import { writtenRules } from '../src/fleet/health/custom-rules.ts';
import { fleetReference } from '../tools/reference-fleet.ts';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/reference/fleet.md'), 'utf8');

/** All of a folder's program but the tests and the files that only name things. */
function program(folder: string, but: readonly string[]): string {
  return readdirSync(join(root, folder))
    .filter((name) => !name.endsWith('.test.ts') && !but.includes(name))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n');
}

test('the page of facts, findings and health is as the code is', () => {
  expect(page).toBe(fleetReference());
});

test('each fact, each rule of findings and each kind with rules of health stands there', () => {
  const names = [
    ...factSchemas.map(({ path }) => `facts.kubernetes.${path}`),
    ...findingRules,
    ...Object.keys(ownHealth).map((kind) => kind.replace(/^\//, '')),
    ...Object.keys(writtenRules),
  ];
  expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
});

test('each rule of findings is told by a detector, and each fact is worked out', () => {
  const detectors = program('src/fleet/findings', ['finding.ts', 'finding-fixes.ts']);
  expect(findingRules.filter((rule) => !detectors.includes(`'${rule}'`))).toEqual([]);
  const facts = program('src/fleet/facts', ['fact-schemas.ts']);
  expect(factSchemas.filter(({ path }) => !new RegExp(`\\b${path}\\b`).test(facts)).map(({ path }) => path)).toEqual(
    [],
  );
});
