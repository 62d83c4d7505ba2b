import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MadeToken } from '../../src/api/tokens.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { adaAdministers, signIn, type TestSession } from '../support/signed-in.ts';
import { runCommand, type CommandOutcome } from '../support/surroundings.ts';

let folder: string;
let server: TestServer;
let ada: TestSession;
/** Ada's own. */
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-tokens-'));
  server = await startTestServer({ config: adaAdministers, entities: [component('lights')] });
  ada = await signIn(server);
  token = (await makeOwn('laptop')).token;
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function makeOwn(name: string): Promise<MadeToken> {
  const answer = await fetch(`${server.url}/api/v1/account/tokens`, {
    method: 'POST',
    headers: { ...ada.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name, expiresInDays: 1 }),
  });
  return (await answer.json()) as MadeToken;
}

function run(env: Record<string, string>, ...args: readonly string[]): Promise<CommandOutcome> {
  return runCommand(folder, [...args, '--server', server.url], env);
}
const asAda = (...args: readonly string[]): Promise<CommandOutcome> => run({ CALLBOARD_TOKEN: token }, ...args);

test('without a token a command is told how to get one', async () => {
  const { code, err } = await run({}, 'query', 'kind == "Component"');
  expect(code).toBe(2);
  expect(err).toContain('Sign in at http://localhost:7007/sign-in, or send a token');
  expect(err).toContain('tokens are made under http://localhost:7007/settings');
  expect(err).toContain('--token-file or CALLBOARD_TOKEN');
  const wrong = await run({ CALLBOARD_TOKEN: `${token}x` }, 'sources');
  expect([wrong.code, wrong.err.includes('The bearer token is not accepted')]).toEqual([2, true]);
  expect(wrong.err).not.toContain(token);
});

test('the token comes from the environment, or from a file that goes before it', async () => {
  expect((await asAda('query', 'kind == "Component"')).out).toContain('lights');
  await writeFile(join(folder, 'token'), `${token}\n`);
  const { code, out } = await run({ CALLBOARD_TOKEN: 'wrong' }, 'sources', '--token-file', 'token');
  expect([code, out]).toEqual([0, expect.any(String)]);
});

test('what is no token is refused before anything is sent', async () => {
  await writeFile(join(folder, 'poem'), 'two\nlines');
  const poem = await run({}, 'sources', '--token-file', 'poem');
  expect([poem.code, poem.err]).toEqual([2, expect.stringContaining('--token-file: it does not hold a token')]);
  const missing = await run({}, 'sources', '--token-file', 'missing');
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('--token-file: ENOENT')]);
  expect((await run({ CALLBOARD_TOKEN: 'a b' }, 'sources')).err).toContain('CALLBOARD_TOKEN: it does not hold a token');
});

test('tokens of services are made, listed and ended', async () => {
  const made = await asAda('tokens', 'make', '--service', 'report', '--name', 'nightly', '--scope', 'catalog.*.read');
  expect([made.code, made.out.trim()]).toEqual([0, expect.stringMatching(/^cbs_\w{43}$/)]);
  expect(made.err).toContain('It cannot be shown again.');
  const hint = made.out.slice(0, 8);
  const listed = await asAda('tokens', 'list', '--all');
  expect(listed.out).toMatch(new RegExp(`${hint} +nightly +service:default/report +catalog\\.\\*\\.read +\\S+ +never`));
  expect(listed.out).not.toContain(made.out.trim());
  expect((await asAda('tokens', 'end', hint)).err).toContain('no token has this id or begins so');
  expect((await asAda('tokens', 'end', hint, '--all')).out).toContain('Ended: nightly (service:default/report)');
  expect((await asAda('tokens', 'list', '--all')).out).not.toContain('nightly');
  const bad = await asAda('tokens', 'make', '--service', 'report', '--name', 'x', '--days', 'many');
  expect([bad.code, bad.err]).toEqual([2, expect.stringContaining('--days: a whole number of days is expected')]);
});

test('one’s own tokens are listed and ended, also the one that asks', async () => {
  const { item } = await makeOwn('phone');
  expect((await asAda('tokens', 'list')).out).toContain('phone');
  expect((await asAda('tokens', 'end', item.id)).out).toContain('Ended: phone');
  const last = await makeOwn('last');
  const own = { CALLBOARD_TOKEN: last.token };
  expect((await run(own, 'tokens', 'end', last.item.id)).code).toBe(0);
  expect((await run(own, 'tokens', 'list')).code).toBe(2);
});

test('no output of a command holds the token that it asked with', async () => {
  const outcomes = await Promise.all([
    asAda('sources'),
    asAda('tokens', 'list', '-o', 'json'),
    asAda('query', 'nonsense ='),
    asAda('refresh', 'component:default/none'),
  ]);
  for (const { out, err } of outcomes) expect(out + err).not.toContain(token);
  expect(await readFile(join(folder, 'token'), 'utf8')).toContain(token);
});
