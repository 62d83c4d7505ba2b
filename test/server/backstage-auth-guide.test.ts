import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

// Every example of the how-to about Backstage's sign-in, run as it stands there against its own configuration.

const guide = readFileSync(new URL('../../docs/how-to/backstage-auth.md', import.meta.url), 'utf8');
const examples = Array.from(guide.matchAll(/```sh\n(.*?)```\n\n```json\n(.*?)```/gs), (match) => match.slice(1));

let folder: string;
let config: Config;
let server: TestServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-auth-guide-'));
  writeFileSync(join(folder, 'callboard.yaml'), /```yaml\n(.*?)```/s.exec(guide)?.[1] ?? '');
  const env = { NIGHTLY_TOKEN: 'nightly-token-1', BACKEND_SECRET: 'c2VjcmV0' };
  ({ config } = await loadConfig({ cwd: folder, flags: {}, env }));
  server = await startTestServer({ config: { backstage: config.backstage } });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the configuration is one', () => {
  const { externalAccess, appOrigins } = config.backstage;
  expect(externalAccess.map(({ type }) => type)).toEqual(['static', 'legacy', 'jwks']);
  expect(appOrigins).toEqual(['https://portal.example']);
});

test('there are examples', () => {
  expect(examples.length).toBe(Array.from(guide.matchAll(/```sh\n/g)).length);
  expect(examples.length).toBeGreaterThanOrEqual(3);
});

test.each(examples)('example %#', async (code = '', answer = '') => {
  const options = { env: { PATH: process.env['PATH'], CALLBOARD: server.url }, timeout: 20_000 };
  const { stdout } = await promisify(execFile)('sh', ['-c', code], options);
  expect(JSON.parse(stdout)).toMatchObject(JSON.parse(answer) as object);
});
