import { createServer, type Server } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Policy } from '../../src/access/policy.ts';
import type { AuditItem } from '../../src/api/audit.ts';
import { createClient, type Client } from '../../src/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { runCommand, type CommandOutcome } from '../support/surroundings.ts';

const VALUE = 'a value that nobody may see';

let folder: string;
let sink: Server;
let server: TestServer;
let client: Client;
const delivered: AuditItem[] = [];
/** Denies what a test says. */
let denied: string | undefined;
const policy: Policy = {
  decide: (_, permission) =>
    permission === denied ? { result: 'deny', reason: 'the test says so' } : { result: 'allow' },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-audit-'));
  sink = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.headers.authorization === VALUE) {
        delivered.push(
          ...body
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as AuditItem),
        );
      }
      response.writeHead(request.headers.authorization === VALUE ? 204 : 401).end();
    });
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
  const headers = { authorization: { secret: 'siem' } };
  server = await startTestServer({ policy, config: { audit: { sinks: [{ url, format: 'jsonl', headers }] } } });
  client = createClient({ baseUrl: server.url });
});
afterAll(async () => {
  await server.close();
  sink.closeAllConnections();
  sink.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], input?: string): Promise<CommandOutcome> =>
  runCommand(folder, [...args, '--server', server.url], {}, input);

async function recorded(query: { action?: string; outcome?: AuditItem['outcome'] }): Promise<AuditItem[]> {
  return (await client.call('GET /api/v1/audit', { query: { ...query, limit: 500 } })).items;
}

describe('secrets', () => {
  test('what a setting needs and nobody has set is missing, until it is set', async () => {
    expect((await run(['secrets', 'list'])).out).toBe('No secret is kept.\nsiem is missing: audit.sinks[0] needs it');
    expect(await run(['secrets', 'set', 'siem'], VALUE)).toMatchObject({ code: 0, out: 'siem is set.' });
    const { items, missing, keys } = await client.call('GET /api/v1/secrets');
    expect(items).toEqual([
      {
        name: 'siem',
        keyId: keys[0]?.id,
        createdAt: expect.any(String) as string,
        updatedAt: expect.any(String) as string,
        usedBy: ['audit.sinks[0]'],
      },
    ]);
    expect(missing).toEqual([]);
    expect(keys).toMatchObject([{ current: true, secrets: 1 }]);
  });

  test('a file may hold the value; a secret is removed, encrypted anew, and never printed', async () => {
    await writeFile(join(folder, 'key'), 'line one of a key\nline two of a key\n');
    const outcomes = [
      await run(['secrets', 'set', 'deploy-key', '--file', 'key']),
      await run(['secrets', 'list']),
      await run(['secrets', 'rotate']),
      await run(['secrets', 'delete', 'deploy-key']),
      await run(['secrets', 'delete', 'deploy-key']),
      await run(['secrets', 'set', 'Bad Name'], VALUE),
      await run(['secrets', 'set', 'short'], 'tiny'),
      await run(['secrets', 'set', 'deploy-key', '--file', 'none']),
    ];
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 2, 2, 2, 2]);
    expect(outcomes[1]?.out).toMatch(
      /^NAME +KEY +CHANGED +USED BY\ndeploy-key +\w+ +\S+ +-\nsiem .* audit\.sinks\[0\]$/,
    );
    expect(outcomes[2]?.out).toMatch(/^0 secrets encrypted anew with key /);
    expect(JSON.stringify(outcomes)).not.toMatch(/line one|that nobody may see/);
  });

  test('no file of the data folder holds the value', async () => {
    await server.store.compact();
    for (const name of ['callboard.db', 'callboard.db-wal']) {
      expect((await readFile(join(server.dataFolder, name))).includes(VALUE)).toBe(false);
    }
  });
});

describe('the audit log', () => {
  test('holds who did what, with what result, stored together with what was done', async () => {
    const [record] = (await recorded({ action: 'access.secret.update' })).filter(
      ({ target }) => target === 'secret:siem',
    );
    expect(record).toMatchObject({
      actor: 'user:default/guest',
      action: 'access.secret.update',
      target: 'secret:siem',
      outcome: 'success',
      address: '127.0.0.1',
      requestId: expect.any(String) as string,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  test('holds what was denied and what failed, with the code of the reason, and shows no secret', async () => {
    denied = 'access.secret.update';
    const put = (name: string): Promise<Response> =>
      server.get(`/api/v1/secrets/${name}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ value: VALUE }),
      });
    expect((await put('other')).status).toBe(403);
    denied = undefined;
    expect((await server.get('/api/v1/secrets/none', { method: 'DELETE' })).status).toBe(404);
    await expect
      .poll(async () => (await recorded({ outcome: 'denied' })).at(0))
      .toMatchObject({ action: 'access.secret.update', reason: 'PERMISSION_DENIED' });
    await expect
      .poll(async () => (await recorded({ outcome: 'failure' })).at(0))
      .toMatchObject({ action: 'access.secret.delete', reason: 'SECRET_MISSING' });
    expect(JSON.stringify(await recorded({}))).not.toContain(VALUE);
  });

  test('is listed in pages, filtered and searched', async () => {
    const all = await recorded({});
    const first = await client.call('GET /api/v1/audit', { query: { limit: 2 } });
    expect(first.items).toEqual(all.slice(0, 2));
    const second = await client.call('GET /api/v1/audit', { query: { limit: 500, before: first.next } });
    expect(second.items).toEqual(all.slice(2));
    expect(second.next).toBeUndefined();
    const { items } = await client.call('GET /api/v1/audit', { query: { q: 'DEPLOY-key', action: 'access.*' } });
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ target }) => target === 'secret:deploy-key')).toBe(true);
    const none = await client.call('GET /api/v1/audit', { query: { until: all.at(-1)?.at } });
    expect(none.items).toEqual([]);
    await expect(client.call('GET /api/v1/audit', { query: { from: 'yesterday' } })).rejects.toMatchObject({
      code: 'MOMENT_INVALID',
      status: 400,
    });
  });

  test('is exported as lines and as a table that no spreadsheet takes for formulas; the export is recorded', async () => {
    await server.store.access.commit(
      [],
      [{ at: 1, actor: '=HYPERLINK("x")', action: '@a', target: '-1+1', outcome: 'success', data: { more: 'a,"b"' } }],
    );
    const lines = await run(['audit', 'export', '--action', 'access.secret.*']);
    const items = lines.out.split('\n').map((line) => JSON.parse(line) as AuditItem);
    expect(items.map(({ sequence }) => sequence)).toEqual(items.map(({ sequence }) => sequence).sort((a, b) => a - b));
    expect(items.some(({ target }) => target === 'secret:siem')).toBe(true);
    const answer = await server.get('/api/v1/audit/export?format=csv');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
    const table = await answer.text();
    expect(table.split('\r\n')[0]).toBe(
      'sequence,at,actor,action,target,outcome,reason,requestId,address,via,revision,data,hash',
    );
    expect(table).toContain(`"'=HYPERLINK(""x"")","'@a","'-1+1","success",,,,,,"{""more"":""a,\\""b\\""""}",`);
    expect((await recorded({ action: 'access.audit.export' })).length).toBeGreaterThan(1);
  });

  test('is verified, and a record that was noted is found again', async () => {
    const outcome = await run(['audit', 'verify']);
    expect(outcome).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Intact: \d+ records, 1 to \d+\./) as string,
    });
    const noted = outcome.out.split('Note the newest: ')[1] ?? '';
    expect(await run(['audit', 'verify', '--noted', noted])).toMatchObject({ code: 0 });
    const forged = `${noted.split(':')[0]}:${'0'.repeat(64)}`;
    expect(await run(['audit', 'verify', '--noted', forged, '-o', 'json'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('"noted": false') as string,
      err: expect.stringMatching(/written anew/) as string,
    });
    expect(await run(['audit', 'verify', '--noted', 'x'])).toMatchObject({ code: 2 });
  });

  test('is listed on the command line', async () => {
    const { out } = await run(['audit', 'list', '--action', 'access.secret.delete', '--limit', '1']);
    expect(out).toMatch(
      /^AT +ACTOR +ACTION +TARGET +OUTCOME +FROM +BY\n\S+ +user:default\/guest +access\.secret\.delete/,
    );
    expect(out).toMatch(/failure \(SECRET_MISSING\)/);
    expect((await run(['audit', 'list', '--actor', 'nobody'])).out).toBe('No records.');
    expect(JSON.parse((await run(['audit', 'list', '-o', 'json'])).out)).toMatchObject({
      items: expect.any(Array) as [],
    });
  });

  test('arrives at a sink, once its credential is set', async () => {
    const newest = async (): Promise<number> => (await recorded({}))[0]?.sequence ?? 0;
    await expect.poll(async () => delivered.at(-1)?.sequence === (await newest()), { timeout: 20_000 }).toBe(true);
    expect(delivered.map(({ sequence }) => sequence)).toEqual(delivered.map((_, index) => index + 1));
    expect(JSON.stringify(delivered)).not.toContain(VALUE);
    expect(await (await server.get('/metrics')).text()).toContain('callboard_audit_sinks_failing 0');
  });

  test('that was changed by hand is not intact any more', async () => {
    const database = new DatabaseSync(join(server.dataFolder, 'callboard.db'), { timeout: 5_000 });
    database.exec("UPDATE audit SET actor = 'user:default/else' WHERE sequence = 2");
    database.close();
    expect(await run(['audit', 'verify'])).toMatchObject({
      code: 1,
      out: 'Not intact at record 2: record 2 was changed',
    });
  });
});
