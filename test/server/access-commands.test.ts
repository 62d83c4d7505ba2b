import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { runCommand, type CommandOutcome } from '../support/surroundings.ts';

// `callboard access` against a real server, whose guests may do everything until a policy says otherwise.

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-access-'));
  const user = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name: 'ada' },
    spec: { memberOf: ['stage'] },
  };
  server = await startTestServer({ entities: [user, component('lamp'), component('desk', { owner: 'house' })] });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: readonly string[]): Promise<CommandOutcome> =>
  runCommand(folder, ['access', ...args, '--server', server.url]);

test('policy shows roles and bindings with where they come from', async () => {
  const { code, out } = await run('policy');
  expect(code).toBe(0);
  expect(out).toMatch(/^ROLE +FROM +PERMISSIONS +WHERE$/m);
  expect(out).toMatch(/^viewer +built-in +catalog\.\*\.read, fleet\.\*\.read, kubernetes\.\*\.read$/m);
  expect(out).toMatch(/^open +no access is configured +admin +guests$/m);
  const { out: json } = await run('policy', '-o', 'json');
  expect(JSON.parse(json)).toMatchObject({ engine: 'roles' });
});

test('check says whether and why; a denial is exit code 1', async () => {
  const own = await run('check', '--permission', 'catalog.entity.read');
  expect(own).toMatchObject({ code: 0, err: '' });
  expect(own.out).toMatch(/^allow: catalog\.entity\.read for user:default\/guest: /);
  expect(own.out).toMatch(/^yes +admin +open +guests$/m);
  const other = await run(
    'check',
    '--permission',
    'catalog.entity.read',
    '--principal',
    'user:ada',
    '--entity',
    'component:lamp',
  );
  expect(other.code).toBe(1);
  expect(other.out).toBe(
    'deny: catalog.entity.read for user:default/ada: it has no role. Ask whoever runs Callboard at Test.',
  );
  expect(await run('check', '--permission', 'catalog.entity.read', '--principal', 'ada')).toMatchObject({ code: 2 });
});

test('preview says who would gain and lose what by a file, and what is wrong with it', async () => {
  const file = join(folder, 'access.yaml');
  const lines = [
    'roles:',
    '  owner:',
    '    rules: [{permissions: [catalog.entity.read], where: "owns(principal, entity)"}]',
    'bindings:',
    '  owners: {role: owner, subjects: [everyone]}',
  ];
  await writeFile(file, lines.join('\n'));
  const { code, out } = await run('preview', 'access.yaml');
  expect(code).toBe(1);
  expect(out).toMatch(/^user:default\/guest +.*catalog\.entity\.read.* +- +3 -> 0 \(-3 such as \S+\)$/m);
  expect(out).toMatch(
    /^user:default\/ada +- +catalog\.entity\.read \(for some\) +0 -> 1 \(\+1 such as component:default\/lamp\)$/m,
  );
  expect(out).toMatch(/^Affected: 2 of 2 principals\.\nYou could not take it back/m);
  const { out: json } = await run('preview', 'access.yaml', '-o', 'json');
  expect(JSON.parse(json)).toMatchObject({ problems: [], changes: 2, affected: 2, locksOut: true });
  await writeFile(file, 'roles:\n  a: {rules: [{permissions: [catalog.entity.read], where: "owner =="}]}\n');
  const bad = await run('preview', 'access.yaml');
  expect(bad.code).toBe(1);
  expect(bad.out).toMatch(/^access\.yaml:2:\d+: .*\nThe file cannot be in force\.$/m);
  await writeFile(file, '');
  expect(await run('preview', 'access.yaml')).toMatchObject({ code: 0, out: 'Nothing would change.' });
  expect(await run('preview', 'none.yaml')).toMatchObject({ code: 2 });
});
