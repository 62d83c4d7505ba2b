import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Decision, Policy } from '../../src/access/policy.ts';
import type { Predicate } from '../../src/model/predicate.ts';
import { until } from '../support/running-catalog.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { auditRecords } from '../support/signed-in.ts';

let folder: string;
let file: string;
let server: TestServer;

/** True for the entity of one name, or for all others. */
function whetherNamed(name: string, isIt: boolean): Decision {
  const condition: Predicate = {
    op: 'scan',
    source: `${name} ${isIt}`,
    evaluate: ({ entity }) => (entity.metadata.name === name) === isIt,
  };
  return { result: 'condition', key: condition.source, condition };
}

/** Reads all but `hidden`; refreshes and deletes `mine` alone; registers under a condition that nothing applies. */
const policy: Policy = {
  decide: (_, permission) => {
    if (permission === 'catalog.entity.read') return whetherNamed('hidden', false);
    if (permission === 'catalog.entity.refresh' || permission === 'catalog.entity.delete')
      return whetherNamed('mine', true);
    return permission === 'catalog.location.create' ? whetherNamed('mine', true) : { result: 'allow' };
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-permission-'));
  file = join(folder, 'all.yaml');
  await writeFile(file, ['mine', 'other', 'hidden'].map((name) => JSON.stringify(component(name))).join('\n---\n'));
  server = await startTestServer({ catalog: [file], policy });
  const view = server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });
  await until(() => view.find('component:default/other') !== undefined);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function send(method: string, path: string, body?: unknown): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await server.get(path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const code = text === '' ? undefined : (JSON.parse(text) as { code?: string; error?: { name: string } });
  return [response.status, code?.code ?? code?.error?.name].filter((part) => part !== undefined).join(' ');
}

const refresh = (body: object): Promise<string> => send('POST', '/api/v1/sources/refresh', body);
const compatible = (name: string): Promise<string> =>
  send('POST', '/api/catalog/refresh', { entityRef: `component:default/${name}` });

describe('a permission that is given for some entities', () => {
  test('lets them be refreshed, refuses others, and tells nothing of those that are hidden', async () => {
    expect(await refresh({ entityRef: 'component:default/mine' })).toBe('200');
    expect(await refresh({ entityRef: 'component:default/other' })).toBe('403 PERMISSION_DENIED');
    expect(await refresh({ entityRef: 'component:default/hidden' })).toBe('404 ENTITY_NOT_FOUND');
    expect(await refresh({ entityRef: 'component:default/none' })).toBe('404 ENTITY_NOT_FOUND');
    expect(await refresh({ location: `file:${file}` })).toBe('403 PERMISSION_DENIED');
  });

  test('does the same for the clients of Backstage', async () => {
    expect([await compatible('mine'), await compatible('other')]).toEqual(['200', '403 NotAllowedError']);
    expect(await compatible('hidden')).toBe(await compatible('none'));
    const view = server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });
    const uidOf = (name: string): string => {
      const body = Buffer.from(view.bytes(view.find(`component:default/${name}`) ?? -1)).toString();
      return (JSON.parse(body) as { metadata: { uid: string } }).metadata.uid;
    };
    const remove = (name: string): Promise<string> => send('DELETE', `/api/catalog/entities/by-uid/${uidOf(name)}`);
    expect([await remove('other'), await remove('hidden')]).toEqual(['403 NotAllowedError', '204']);
    expect(view.find('component:default/hidden')).toBeDefined();
    expect(await remove('mine')).toBe('204');
  });

  test('is a denial where nothing would ask about the entity', async () => {
    expect(await send('POST', '/api/v1/locations', { type: 'file', target: file })).toBe('403 PERMISSION_DENIED');
  });

  test('leaves records that name the entity and how it ended', async () => {
    const records = await auditRecords(server, (found) =>
      found.some(({ action }) => action === 'catalog.location.create'),
    );
    const told = records.map(({ action, target, outcome }) => `${action} ${target} ${outcome}`);
    expect(told.slice(0, 4)).toEqual([
      'catalog.entity.refresh component:default/mine success',
      'catalog.entity.refresh component:default/other denied',
      'catalog.entity.refresh component:default/hidden failure',
      'catalog.entity.refresh component:default/none failure',
    ]);
    expect(told).toContain('catalog.entity.delete component:default/mine success');
  });
});
