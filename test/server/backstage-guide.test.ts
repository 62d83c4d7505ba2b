import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';

// Every example of the how-to about Backstage's clients, run as it stands there against the demo organisation.

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = readFileSync(`${root}docs/how-to/backstage-clients.md`, 'utf8');
const examples = Array.from(guide.matchAll(/```(sh|js)\n(.*?)```\n\n```json\n(.*?)```/gs), (match) => match.slice(1));

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ config: { catalog: catalogOf([`${root}demo/organisation`]) } });
  const isRead = async (): Promise<boolean> => {
    const { items } = (await (await server.get('/api/v1/sources?collector=catalog')).json()) as {
      items: { state: string }[];
    };
    return items.length > 0 && items.every(({ state }) => state === 'fresh');
  };
  for (let turn = 0; turn < 100 && !(await isRead()); turn += 1) await systemClock.sleep(100);
});
afterAll(() => server.close());

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(5);
  expect(examples.length).toBe(Array.from(guide.matchAll(/```(sh|js)\n/g)).length);
});

test.each(examples)('example %#, %s', async (language, code = '', answer = '') => {
  const [program, args] =
    language === 'sh' ? ['sh', ['-c', code]] : [process.execPath, ['--input-type=module', '-e', code]];
  const options = { cwd: root, env: { PATH: process.env['PATH'], CALLBOARD: server.url }, timeout: 20_000 };
  const { stdout } = await promisify(execFile)(program, args, options);
  expect(JSON.parse(stdout)).toMatchObject(JSON.parse(answer) as object);
});
