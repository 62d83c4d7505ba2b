import { expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import type { ExecPlugin } from './connection.ts';
import { runExecPlugin } from './exec-plugin.ts';
import { PluginRuns, type PluginCluster } from './exec-plugin-runs.ts';

function plugin(script: string, ...args: readonly string[]): ExecPlugin {
  return {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', script, ...args],
    env: {},
    provideClusterInfo: true,
    interactiveMode: 'Never',
  };
}

const cluster = { server: 'https://eu.example', isInsecure: false, disableCompression: false } as PluginCluster;
const runs = (): PluginRuns => new PluginRuns(systemClock, { PATH: process.env['PATH'] });

test.each([
  ['what the system cannot be given', plugin('', 'a\0b'), '{}', 'it cannot be started'],
  ['more than the system takes', plugin(''), 'x'.repeat(4 * 2 ** 20), 'what it is told is too long'],
])('a plugin that is told %s fails, and nothing is thrown', async (_, run, info, reason) => {
  const ended = await runExecPlugin(run, { clock: systemClock, environment: {}, info });
  expect(ended).toMatchObject({ ok: false, reason: expect.stringContaining(reason) as string });
});

test('what a plugin complains of is told without the password of the proxy', async () => {
  const complaining = plugin(`console.error('via', process.env.KUBERNETES_EXEC_INFO); process.exit(1)`);
  const proof = await runs().proof(complaining, { ...cluster, proxyUrl: 'http://me:s3cr%65t-word@proxy.example:3128' });
  const told = 'reason' in proof ? proof.reason : '';
  expect(told).toContain('proxy.example');
  expect(told).not.toMatch(/s3cr%65t-word|s3cret-word/);
});

test('a secret that stands where a long complaint is cut is not told in part', async () => {
  const secret = `tok-${'a1b2c3'.repeat(60)}-end`;
  const script = `process.stderr.write('x'.repeat(3000) + process.env.OWN + 'y'.repeat(990)); process.exitCode = 1`;
  const proof = await runs().proof({ ...plugin(script), env: { OWN: secret } }, cluster);
  const told = 'reason' in proof ? proof.reason : '';
  expect(told).toContain('yyy');
  expect(told).not.toContain('-end');
});
