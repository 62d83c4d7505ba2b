import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../test/support/surroundings.ts';
import { callboardVersion } from '../base/version.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'callboard-cli-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

describe('the command line', () => {
  test('shows its commands and exit codes', async () => {
    const { code, out } = await runCommand(cwd, ['--help']);
    expect(code).toBe(0);
    for (const command of ['serve', 'validate', 'query', 'db', 'doctor', 'version'])
      expect(out).toContain(`  ${command} `);
    expect(out).toMatch(/Exit codes:\n {2}0 {2}done/);
  });

  test.each([
    ['serve'],
    ['validate'],
    ['query'],
    ['doctor'],
    ['version'],
    ['db info'],
    ['db backup'],
    ['db restore'],
    ['db migrate-to'],
  ])('%s --help has examples', async (command) => {
    const { code, out } = await runCommand(cwd, [...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/Examples:\n {2}callboard /);
  });

  test.each([
    [[], 'Usage: callboard'],
    [['sreve'], 'Did you mean serve?'],
    [['serve', '--prot', '1'], 'Did you mean --port?'],
    [['version', '-o', 'xml'], 'Allowed choices are text, json'],
    [['query'], 'ask something: an expression, or --search'],
  ])('%j is a usage error', async (args, message) => {
    const { code, err, out } = await runCommand(cwd, args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe('');
  });

  test('a wrong configuration is a usage error with its code', async () => {
    writeFileSync(join(cwd, 'callboard.yaml'), 'listen: { port: x }');
    const { code, err } = await runCommand(cwd, ['db', 'info']);
    expect([code, err]).toEqual([
      2,
      'callboard.yaml:1: listen.port is "x"; expected a whole number from 0 to 65535\n(CONFIG_INVALID)',
    ]);
  });

  test('prints its version for people and machines', async () => {
    const version = callboardVersion();
    expect((await runCommand(cwd, ['version'])).out).toMatch(new RegExp(`^callboard ${version} \\(Node v`));
    expect(JSON.parse((await runCommand(cwd, ['version', '--output', 'json'])).out)).toMatchObject({ version });
  });

  test('loads neither server nor schemas for help and version', () => {
    const main = new URL('../main.ts', import.meta.url).href;
    const script = `import { registerHooks } from 'node:module';
      const urls = [];
      registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
      process.argv = [process.argv[0], 'main', ...ARGS];
      await import(${JSON.stringify(main)});
      console.log('LOADED ' + JSON.stringify(urls));`;
    for (const args of [['version'], ['--help'], ['serve', '--help']]) {
      const code = script.replace('ARGS', JSON.stringify(args));
      const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd, encoding: 'utf8' });
      const urls = JSON.parse(printed.split('LOADED ')[1] ?? '[]') as string[];
      const packages = urls
        .map((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1])
        .filter((name) => name !== undefined);
      expect([...new Set(packages)], args.join(' ')).toEqual(['commander']);
    }
  });
});
