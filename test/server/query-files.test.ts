import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand, testSurroundings } from '../support/surroundings.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'callboard-query-'));
  mkdirSync(join(cwd, 'services'));
  for (const [name, lifecycle] of [
    ['lights', 'production'],
    ['sound', 'experimental'],
    ['fog', undefined],
  ] as const) {
    const lines = ['apiVersion: backstage.io/v1alpha1', 'kind: Component', `metadata: { name: ${name} }`];
    const spec = ['spec:', '  type: service', '  owner: stage', `  lifecycle: ${lifecycle ?? 'unknown'}`];
    writeFileSync(join(cwd, 'services', `${name}.yaml`), [...lines, ...spec].join('\n'));
  }
  writeFileSync(
    join(cwd, 'services', 'stage.yaml'),
    'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: stage }\nspec: { type: team, children: [] }\n',
  );
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const query = (...args: readonly string[]) => runCommand(cwd, ['query', ...args, '--catalog', 'services']);

describe('callboard query --catalog', () => {
  test('answers from files, without a server and without leaving anything behind', async () => {
    const before = readdirSync(cwd);
    const { code, out, err } = await query('kind == "Component" && spec.lifecycle == "production"');
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      'ENTITY                    TYPE     OWNER  LIFECYCLE',
      'component:default/lights  service  stage  production',
      '',
      '1 found',
    ]);
    expect(readdirSync(cwd)).toEqual(before);
  });

  test('counts what it cannot decide, the Location of the folder itself among it', async () => {
    const { out } = await query('spec.lifecycle == "production"', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({ total: 1, unknown: 2 });
  });

  test('knows relations and facts', async () => {
    const { out } = await query(
      '"group:default/stage" in relations.ownedBy && facts.completeness.score < 50',
      '-o',
      'json',
    );
    expect(JSON.parse(out)).toMatchObject({ total: 3 });
  });

  test('knows the facts of all of many entities', async () => {
    const entity = (index: number): string =>
      `apiVersion: backstage.io/v1alpha1\nkind: Domain\nmetadata:\n  name: many-${index}\nspec:\n  owner: crew\n`;
    writeFileSync(
      join(cwd, 'services', 'many.yaml'),
      Array.from({ length: 2_000 }, (_, index) => entity(index)).join('---\n'),
    );
    const { out } = await query('kind == "Domain" && facts.completeness.score == 50', '-o', 'json', '--limit', '1');
    expect(JSON.parse(out)).toMatchObject({ total: 2_000, unknown: 0 });
  });

  test('sorts and limits', async () => {
    const { out } = await query('kind == "Component"', '--order', 'metadata.name:desc', '--limit', '2', '-o', 'json');
    const { total, items } = JSON.parse(out) as { total: number; items: readonly { metadata: { name: string } }[] };
    expect([total, items.map(({ metadata }) => metadata.name)]).toEqual([3, ['sound', 'lights']]);
  });

  test('shows the plan', async () => {
    const { out } = await query('kind == "Component"', '--explain');
    expect(out).toMatch(/kind == "Component".*\[index: true 3, unknown 0, evaluated 0\]\n3 found; unknown for 0$/);
  });

  test('says what is wrong with files, and answers from the rest', async () => {
    writeFileSync(
      join(cwd, 'services', 'catalog-info.yaml'),
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {}\n',
    );
    const { code, err, out } = await query('kind == "Component"', '--limit', '0');
    expect([code, out]).toEqual([0, '3 found, 0 shown']);
    expect(err).toContain('callboard validate shows them');
  });

  test.each([
    [['kinb == "x"'], 'did you mean `kind`?', 'EXPRESSION_INVALID'],
    [['true', '--limit', 'many'], '--limit: a whole number', 'ARGUMENT_INVALID'],
    [['true', '--catalog', 'nowhere'], 'there is no file or folder', 'CONFIG_INVALID'],
  ])('%j is a usage error', async (args, message, errorCode) => {
    const { code, err } = await query(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain(errorCode);
  });

  test('ends when it is told to, and takes its temporary store with it', async () => {
    const surroundings = testSurroundings(cwd);
    const running = runCommandLine(['query', 'true', '--catalog', 'services'], surroundings);
    while (surroundings.listening() === 0) await surroundings.clock.sleep(1);
    surroundings.send('SIGINT');
    expect(await running).toBe(1);
    expect(surroundings.complaints.join('\n')).toContain('Interrupted by SIGINT');
  });
});
