import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Environment } from './environment.ts';
import { loadConfig } from './load-config.ts';

let cwd: string;
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'callboard-audit-'))));
afterEach(() => rmSync(cwd, { recursive: true }));

async function load(yaml: string, env: Environment = {}) {
  writeFileSync(join(cwd, 'callboard.yaml'), yaml);
  return (await loadConfig({ cwd, flags: {}, env })).config;
}

const keyText = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

test('sinks have an address, a format and headers whose texts may be kept secrets', async () => {
  const { audit, retention } = await load(
    [
      'audit:',
      '  retentionDays: 30',
      '  sinks:',
      '    - url: https://siem.example/in',
      '    - url: https://events.example/',
      '      format: cloudevents',
      '      headers: { Authorization: { secret: siem }, X-Team: ours }',
    ].join('\n'),
  );
  expect(retention.auditDays).toBe(30);
  expect(audit.sinks).toEqual([
    { url: 'https://siem.example/in', format: 'jsonl', headers: {} },
    {
      url: 'https://events.example',
      format: 'cloudevents',
      headers: { authorization: { secret: 'siem' }, 'x-team': 'ours' },
    },
  ]);
});

test.each([
  ['audit: { sinks: [{ format: jsonl }] }', /a sink with url/],
  ['audit: { sinks: [{ url: "ftp://x" }] }', /http:\/\/ or https:\/\/ URL/],
  ['audit: { sinks: [{ url: "https://x", headers: { "a b": c } }] }', /header names/],
  ['audit: { sinks: [{ url: "https://x", headers: { a: { secret: "/" } } }] }', /\{secret: <name>\}/],
  ['secrets: { keys: ["k1:short"] }', /each id once/],
  [`secrets: { keys: ["k1:${keyText(1)}", "k1:${keyText(2)}"] }`, /each id once/],
])('%s is refused', async (yaml, expected) => {
  await expect(load(yaml)).rejects.toThrow(expected);
});

test('keys of secrets come from the environment, and no message shows one', async () => {
  const written = `new:${keyText(2)},old:${keyText(1)}`;
  const { secrets } = await load('', { CALLBOARD_SECRET_KEYS: written });
  expect(secrets.keys?.map(({ id }) => id)).toEqual(['new', 'old']);
  const failed = load('', { CALLBOARD_SECRET_KEYS: `${written},new:${keyText(3)}` });
  await expect(failed).rejects.toThrow(/CALLBOARD_SECRET_KEYS/);
  await expect(failed).rejects.not.toThrow(keyText(1));
});
