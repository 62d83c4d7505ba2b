import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testGround } from '../../../test/support/policy.ts';
import { systemClock } from '../../base/clock.ts';
import { createLog } from '../../telemetry/log.ts';
import type { FilePolicySource } from './policy-engine.ts';
import { openPolicyFile } from './policy-file.ts';

const options = {
  ground: testGround,
  clock: systemClock,
  log: createLog({ level: 'fatal', format: 'json' }),
};
const policyOf = (role: string): string => `roles:\n  ${role}:\n    rules: [{permissions: ['*']}]\n`;

let folder: string;
let source: FilePolicySource | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-policy-'));
});
afterEach(async () => {
  await source?.close();
  source = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** Waits for a change after which `is` holds. */
function changed(followed: FilePolicySource, is: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = followed.onChange(() => {
      if (!is()) return;
      stop();
      resolve();
    });
  });
}
const names = (followed: FilePolicySource): string[] => followed.current.layer.roles.map(({ name }) => name);

test('a change is in force at once; one that is no good is told of and the last good one stays', async () => {
  const file = join(folder, 'access.yaml');
  await writeFile(file, policyOf('first'));
  const followed = (source = await openPolicyFile(file, options));
  expect(names(followed)).toEqual(['first']);

  let told = changed(followed, () => names(followed)[0] === 'second');
  await writeFile(file, policyOf('second'));
  await told;

  told = changed(followed, () => followed.current.problems.length > 0);
  await writeFile(file, 'roles: 3');
  await told;
  expect(followed.current).toMatchObject({
    layer: { roles: [{ name: 'second' }] },
    problems: [{ place: 'access.yaml:1:1', message: 'roles is a map by name.' }],
  });

  told = changed(followed, () => followed.current.problems[0]?.message.includes('no such file') === true);
  await rm(file);
  await told;
  expect(names(followed)).toEqual(['second']);

  told = changed(followed, () => names(followed)[0] === 'third');
  await writeFile(join(folder, 'other'), policyOf('third'));
  await rename(join(folder, 'other'), file);
  await told;
  expect(followed.current.problems).toEqual([]);
});

test('a mounted ConfigMap is followed to its next version', async () => {
  const version = async (name: string, role: string): Promise<void> => {
    await writeFile(join(folder, `${name}.yaml`), policyOf(role));
    await symlink(`${name}.yaml`, join(folder, '..new'));
    await rename(join(folder, '..new'), join(folder, '..data'));
  };
  await version('v1', 'first');
  const file = join(folder, 'access.yaml');
  await symlink('..data', file);
  const followed = (source = await openPolicyFile(file, options));
  expect(names(followed)).toEqual(['first']);
  const told = changed(followed, () => names(followed)[0] === 'second');
  await version('v2', 'second');
  await told;
});

test('one that is no good, or is not there, stops the start', async () => {
  const file = join(folder, 'access.yaml');
  await expect(openPolicyFile(file, options)).rejects.toMatchObject({ code: 'CONFIG_FILE_MISSING' });
  await writeFile(file, 'roles:\n  a: {rules: 1}\nbindings: []\n');
  await expect(openPolicyFile(file, options)).rejects.toMatchObject({
    code: 'POLICY_INVALID',
    message: expect.stringContaining(
      'access.yaml:2:7: rules must be array\naccess.yaml:3:1: bindings is a map by name.',
    ),
  });
});
