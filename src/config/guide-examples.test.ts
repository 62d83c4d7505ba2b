import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Config } from './config.ts';
import { loadConfig } from './load-config.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'callboard-guide-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

/** The first YAML example of a page as a configuration. */
async function exampleOf(page: string): Promise<Config> {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  writeFileSync(join(cwd, 'callboard.yaml'), /```yaml\n(.*?)```/s.exec(text)?.[1] ?? '');
  return (await loadConfig({ cwd, flags: {}, env: {} })).config;
}

test('the example of the reference is a configuration', async () => {
  const { catalog, reading } = await exampleOf('reference/configuration.md');
  expect(catalog.locations.map(({ type }) => type)).toEqual(['file', 'file', 'git', 'url']);
  expect(catalog.rules).toHaveLength(2);
  expect(reading.allow).toEqual([{ host: 'files.example', paths: ['/catalog/'] }]);
});

test('the example of remote locations is a configuration that allows what it names', async () => {
  const { catalog, reading } = await exampleOf('how-to/remote-locations.md');
  expect(catalog.locations.map(({ target }) => new URL(target).host)).toEqual(['files.example', 'files.example:8443']);
  expect(catalog.locations[1]?.allowed).toEqual([{ kind: 'User' }, { kind: 'Group' }]);
  expect(reading.allow.map(({ host }) => host)).toEqual(['files.example', 'files.example:8443', '*.pages.example']);
});

test('the examples of the audit log and of secrets are configurations', async () => {
  const { audit, retention } = await exampleOf('how-to/audit.md');
  expect(audit.sinks.map(({ format }) => format)).toEqual(['jsonl', 'cloudevents']);
  expect(retention.auditDays).toBe(400);
  const { signIn } = await exampleOf('how-to/secrets.md');
  expect(signIn.providers).toMatchObject([{ id: 'okta', clientSecret: { secret: 'okta-client' } }]);
});

test('the example of git repositories is a configuration', async () => {
  const { catalog } = await exampleOf('how-to/git.md');
  expect(catalog.locations.map(({ type }) => type)).toEqual(['git', 'git', 'git', 'url', 'url']);
  expect(catalog.forges[0]).toEqual({ host: 'git.example', type: 'gitlab' });
});

test('the example of signing in is a configuration with three ways to sign in', async () => {
  const { signIn, guests } = await exampleOf('how-to/sign-in.md');
  expect(signIn.providers.map(({ id, type }) => `${id} ${type}`)).toEqual(['okta oidc', 'github github', 'gate proxy']);
  expect(signIn.resolvers).toHaveLength(2);
  expect(guests).toBe('never');
});

test('the example of clusters is a configuration', async () => {
  const { fleet } = await exampleOf('how-to/clusters.md');
  expect(fleet.kubeconfigs.map(({ contexts }) => contexts)).toEqual([undefined, ['prod-*', 'stage']]);
  expect(fleet.inCluster).toBe('home');
  expect(fleet.clusters.map(({ isProtected }) => isProtected)).toEqual([true, undefined]);
  expect(fleet.customResources).toHaveLength(1);
});
