import { get, type IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { component, startTestServer, type TestServer } from '../support/server.ts';

/** Starts to read and goes no further. */
function stalled(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => resolve(response.once('error', () => undefined)));
    request.on('error', reject);
  });
}

let server: TestServer;
beforeAll(async () => {
  // Together more than the buffers of a connection hold.
  const long = 'x'.repeat(600_000);
  server = await startTestServer({
    entities: Array.from({ length: 30 }, (_, at) => component(`lamp-${at}`, { long })),
  });
});
afterAll(() => server.close());

test('exports that nobody reads on keep no other from being written', { timeout: 20_000 }, async () => {
  const path = '/api/v1/entities/export';
  const readers = await Promise.all(Array.from({ length: 6 }, () => stalled(`${server.url}${path}?format=json`)));
  const table = await server.get(`${path}?columns=ref`, { signal: AbortSignal.timeout(15_000) });
  expect((await table.text()).trimEnd().split('\r\n')).toHaveLength(31);
  for (const reader of readers) reader.destroy();
});

test('an export that is read for longer than an answer may take comes to its end', { timeout: 30_000 }, async () => {
  const reader = await stalled(`${server.url}/api/v1/entities/export?format=json`);
  await setTimeout(3_000);
  const parts: string[] = [];
  for await (const part of reader.setEncoding('utf8')) parts.push(String(part));
  expect(JSON.parse(parts.join(''))).toHaveLength(30);
});
