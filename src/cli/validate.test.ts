import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../test/support/surroundings.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'callboard-validate-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const component = (name: string, spec: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec: ${spec}\n`;
const good = '{ type: service, lifecycle: production, owner: stage }';

describe('callboard validate', () => {
  test('is content with a valid file', async () => {
    writeFileSync(join(cwd, 'a.yaml'), component('lights', good));
    expect(await runCommand(cwd, ['validate', 'a.yaml'])).toMatchObject({
      code: 0,
      out: '1 document in 1 file: 0 errors, 0 warnings',
    });
  });

  test('names file, line, field and fix of what is wrong, and exits with 1', async () => {
    writeFileSync(join(cwd, 'a.yaml'), component('li ghts', good));
    const { code, out } = await runCommand(cwd, ['validate', 'a.yaml']);
    expect(code).toBe(1);
    expect(out).toMatch(/^a\.yaml:4:\d+ {2}error {2}metadata\.name: .*\([\w-]+\)/);
    expect(out).toMatch(/1 document in 1 file: 1 error, 0 warnings$/);
  });

  test('prints all verdicts for a machine', async () => {
    writeFileSync(
      join(cwd, 'a.yaml'),
      `${component('lights', good)}---\n${component('lights', '{ type: service, lifecycle: x }')}`,
    );
    const { code, out } = await runCommand(cwd, ['validate', '.', '-o', 'json']);
    expect(code).toBe(1);
    const ref = 'component:default/lights';
    expect(JSON.parse(out)).toEqual([
      {
        file: 'a.yaml',
        documents: [
          { line: 1, kind: 'Component', ref, ok: true, errors: [], warnings: [] },
          {
            line: 7,
            kind: 'Component',
            ref,
            ok: false,
            errors: [expect.objectContaining({ path: 'spec.owner', message: expect.any(String) as string, line: 11 })],
            warnings: [],
          },
        ],
      },
    ]);
  });

  test('names files as they were named, from the working folder or from the root', async () => {
    mkdirSync(join(cwd, 'services'));
    writeFileSync(join(cwd, 'services/a.yaml'), component('lights', good));
    const files = async (...paths: string[]): Promise<string[]> => {
      const { out } = await runCommand(cwd, ['validate', ...paths, '-o', 'json']);
      return (JSON.parse(out) as { file: string }[]).map(({ file }) => file);
    };
    expect(await files('services')).toEqual(['services/a.yaml']);
    expect(await files('./services/*.yaml')).toEqual(['services/a.yaml']);
    expect(await files(join(cwd, 'services'))).toEqual([join(cwd, 'services/a.yaml')]);
  });

  test('an entity that is declared twice is a warning: each document is right', async () => {
    writeFileSync(join(cwd, 'a.yaml'), `${component('lights', good)}---\n${component('lights', good)}`);
    const { code, out } = await runCommand(cwd, ['validate', '.']);
    expect(code).toBe(0);
    expect(out).toMatch(/^a\.yaml:7:1 {2}warning {2}metadata\.name: .*a\.yaml:1; .*\(duplicate-ref\)\n {4}-> Rename/);
  });

  test('takes the locations of the configuration where no path is given', async () => {
    expect(await runCommand(cwd, ['validate'])).toMatchObject({ code: 2 });
    writeFileSync(join(cwd, 'a.yaml'), component('lights', good));
    writeFileSync(join(cwd, 'callboard.yaml'), 'catalog: { locations: [a.yaml] }');
    expect(await runCommand(cwd, ['validate'])).toMatchObject({ code: 0 });
  });

  test('a path that is not there is a usage error', async () => {
    expect(await runCommand(cwd, ['validate', 'missing.yaml'])).toMatchObject({ code: 2 });
  });
});
