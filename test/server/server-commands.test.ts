import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, startFileServer, type FileServer } from '../support/client-catalog.ts';
import { until } from '../support/running-catalog.ts';
import { catalogOf, component, startTestServer, type TestServer } from '../support/server.ts';
import { runCommand, type CommandOutcome } from '../support/surroundings.ts';

// The commands that ask a running server, against a real one.

let folder: string;
let web: FileServer;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-asking-'));
  web = await startFileServer();
  await save('lights', component('lights', {}, { description: 'first' }));
  await save('broken', component('bad name'));
  server = await startTestServer({
    config: { catalog: catalogOf([folder]), reading: { allow: [{ host: web.host }] } },
  });
  await until(() => all().find('component:default/lights') !== undefined && all().problems().length >= 2);
});
afterAll(async () => {
  await server.close();
  await web.close();
  await rm(folder, { recursive: true, force: true });
});

const all = () => server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });

async function save(name: string, entity: object): Promise<void> {
  await writeFile(join(folder, `${name}.yaml`), JSON.stringify(entity));
}

/** Runs a command with the server of the environment. */
function run(...args: readonly string[]): Promise<CommandOutcome> {
  return runCommand(folder, args, { CALLBOARD_SERVER: server.url });
}

const parsed = async (...args: readonly string[]): Promise<unknown> =>
  JSON.parse((await run(...args, '--server', server.url, '-o', 'json')).out);

test('sources shows how fresh each is, where it is configured, and the last error', async () => {
  await server.store.commit([
    { op: 'putLease', lease: { collector: 'probe', source: 'cellar', lastSuccessAt: 0, expiresAt: 1, error: 'dark' } },
  ]);
  await until(() =>
    all()
      .leases()
      .some(({ source }) => source === 'cellar'),
  );
  const { code, out } = await run('sources', '--server', server.url);
  expect(code).toBe(0);
  expect(out).toMatch(/^SOURCE +COLLECTOR +STATE +LOOKED +NEXT +LOCATIONS +PROBLEMS$/m);
  expect(out).toMatch(new RegExp(`^file:${folder} +catalog +fresh +\\d+ s ago +watched +2 +1 error, 1 warning$`, 'm'));
  expect(out).toMatch(/^cellar +probe +failed +never +- +0 +-$/m);
  expect(out).toMatch(/^cellar: dark$/m);
  expect(await parsed('sources')).toMatchObject({ items: expect.arrayContaining([expect.any(Object)]) as unknown });
});

test('problems shows place, field, value and fix, by owner and by location', async () => {
  const { code, out } = await run('problems', '--server', server.url, '--severity', 'error');
  expect(code).toBe(0);
  expect(out).toMatch(
    new RegExp(`^${folder}/broken\\.yaml:1:\\d+ {2}error {2}metadata\\.name: .*bad name.* \\([\\w-]+\\)\\n {4}-> `),
  );
  expect(out).toMatch(/\n1 problem$/);
  const location = `file:${folder}/lights.yaml`;
  expect(await parsed('problems', '--location', location)).toMatchObject({ total: 1, items: [{ location }] });
  expect(await parsed('problems', '--owner', 'stage')).toMatchObject({ total: 1, items: [{ location }] });
  expect(await parsed('problems', '--owner', 'nobody')).toMatchObject({ total: 0 });
  expect((await run('problems', '--server', server.url, '--limit', '1')).out).toMatch(/2 problems, 1 shown$/);
  expect(await run('problems', '--limit', 'all')).toMatchObject({ code: 2 });
});

test('refresh looks again and says what changed; history says what that was', async () => {
  await save('lights', component('lights', { lifecycle: 'experimental' }, { description: 'second' }));
  const { code, out } = await run('refresh', 'component:lights', '--server', server.url);
  expect([code, out]).toEqual([0, expect.stringMatching(/locations? looked at again: (nothing changed|1 change)$/)]);
  expect((await run('refresh', `file:${folder}`, '--server', server.url)).out).toMatch(
    /looked at again: nothing changed$/,
  );
  const history = await run('history', 'component:lights', '--server', server.url);
  expect(history.out).toMatch(
    new RegExp(
      `^\\S+Z {2}updated {2}\\(revision \\d+\\)\\n {4}${folder}/lights.yaml\\n {4}metadata\\.description, spec\\.lifecycle\\n\\n` +
        `\\S+Z {2}created {2}\\(revision \\d+\\)\\n {4}${folder}/lights.yaml$`,
    ),
  );
  expect(await parsed('history', 'component:lights', '--limit', '1')).toMatchObject({
    items: [{ op: 'updated', changed: ['metadata.description', 'spec.lifecycle'] }],
  });
  expect(await run('history', 'lights')).toMatchObject({ code: 2 });
  const none = await run('refresh', 'component:none', '--server', server.url);
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining('ENTITY_NOT_FOUND') as string });
});

test('locations are previewed, added, listed and removed', async () => {
  const target = serve(web, '/part.yaml', component('part'), component('lights'));
  const at = ['--server', server.url];
  const preview = await run('locations', 'add', target, '--dry-run', ...at);
  expect(preview.code).toBe(0);
  expect(preview.out).toMatch(/^create +location:default\/generated-\w{40}/m);
  expect(preview.out).toMatch(new RegExp(`^create +component:default/part +url:${target}:1$`, 'm'));
  expect(preview.out).toMatch(
    new RegExp(`^conflict +component:default/lights +declared in file:${folder}/lights.yaml:1$`, 'm'),
  );
  expect(preview.out).toContain(`Would be registered: url:${target}`);
  expect((await run('locations', 'list', ...at)).out).toBe('No location is registered.');

  // The second document cannot be taken.
  const added = await run('locations', 'add', target, ...at);
  expect(added.code).toBe(1);
  expect(added.out).toContain('(duplicate-ref)');
  expect(added.out).toMatch(/^Registered as [\w-]{36}: /m);
  const again = await run('locations', 'add', target, ...at);
  expect([again.code, again.err]).toEqual([4, expect.stringContaining('LOCATION_EXISTS')]);

  expect(await parsed('locations', 'list')).toMatchObject([{ type: 'url', target }]);
  const going = await run('locations', 'remove', target, '--dry-run', ...at);
  expect(going.out).toMatch(/^component:default\/part\nWould be removed: .* \(entities: 2\)$/m);
  const [{ id }] = (await parsed('locations', 'list')) as [{ id: string }];
  expect((await run('locations', 'remove', id, ...at)).out).toMatch(/^component:default\/part\nRemoved: /m);
  expect(all().find('component:default/part')).toBeUndefined();
  expect(await run('locations', 'remove', id, ...at)).toMatchObject({ code: 2 });
});

test('a location that cannot be read is said, with exit code 1', async () => {
  const { code, out } = await run('locations', 'add', `${web.url}/nothing.yaml`, '--dry-run', '--server', server.url);
  expect(code).toBe(1);
  expect(out).toMatch(/^url:.*nothing\.yaml {2}error {2}.*\([\w-]+\)$/m);
});

test('control characters of a server do not reach the terminal', async () => {
  await server.store.commit([
    {
      op: 'putLease',
      lease: { collector: 'probe', source: 'a\u001b[31mb', lastSuccessAt: 0, expiresAt: 1, error: 'c\u0007d' },
    },
  ]);
  await until(() => all().leases().length >= 3);
  const { out } = await run('sources', '--server', server.url);
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(out).not.toMatch(/[\u0007\u001b]/);
});

test('changes shows what changed lately, by owner and span', async () => {
  await save('dimmer', component('dimmer', { owner: 'group:default/lamps', dependsOn: ['component:lights'] }));
  await until(() => all().find('component:default/dimmer') !== undefined);
  const at = ['changes', '--server', server.url];
  const { code, out } = await run(...at, '--owner', 'lamps', '--since', '1h');
  expect(code).toBe(0);
  expect(out).toMatch(/^\S+Z {2}\(revision \d+\)\n {4}created {2}component:default\/dimmer$/);
  expect((await run(...at, '--owner', 'lamps', '--dependencies')).out).toContain(
    'component:default/lights  (a dependency)',
  );
  expect((await run(...at, '--owner', 'nobody')).out).toBe('Nothing changed');
  expect(await parsed('changes', '--owner', 'lamps', '--limit', '1')).toMatchObject({
    items: [{ total: 1, items: [{ ref: 'component:default/dimmer', change: 'created' }] }],
  });
  expect(await run(...at, '--since', 'lately')).toMatchObject({ code: 2 });
});
