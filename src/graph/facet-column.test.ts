import { afterEach, expect, test } from 'vitest';
import { ScriptedCatalog } from '../../test/support/scripted-catalog.ts';
import type { Write } from '../store/store.ts';
import type { View, Visibility } from './view.ts';

const principal = { ref: 'user:default/ada', claims: new Set<string>() };
const everybody: Visibility = { kind: 'all', key: 'all', principal };

const opened: ScriptedCatalog[] = [];
afterEach(async () => {
  for (const catalog of opened.splice(0)) await catalog.close();
});

async function open(writes: readonly Write[]): Promise<ScriptedCatalog> {
  const catalog = await new ScriptedCatalog().open();
  opened.push(catalog);
  await catalog.do({ do: 'commit', writes });
  return catalog;
}

function put(name: string, spec: object): Write {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Component', metadata: { name, namespace: 'default' }, spec });
  const entity = { ref: `component:default/${name}`, body, hash: body };
  return { op: 'putEntity', entity: { ...entity, location: `file:/${name}`, source: 's', line: 1 } };
}

function counts(view: View, path: string, names?: readonly string[]): string {
  const where = names && ({ op: 'field', key: 'metadata.name', values: names } as const);
  const values = view.facets([path], where).get(path) ?? [];
  return values.map(({ value, count }) => `${value}=${count}`).join(' ');
}

test('values are counted inside the asked set, whichever side of it is smaller', async () => {
  const lamps = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const catalog = await open(lamps.map((name, index) => put(name, { type: index < 5 ? 'light' : 'Sound' })));
  const view = catalog.graph.view(everybody);
  expect(counts(view, 'spec.type')).toBe('light=5 Sound=3');
  expect(counts(view, 'Spec.Type', ['a', 'f', 'g'])).toBe('Sound=2 light=1');
  expect(counts(view, 'spec.type', lamps.slice(1))).toBe('light=4 Sound=3');
});

test('an entity counts once a value, however often and in whatever type it has it', async () => {
  const catalog = await open([put('a', { port: [80, '80', true, null] }), put('b', { port: 80, Port: 443 })]);
  expect(counts(catalog.graph.view(everybody), 'spec.port')).toBe('80=2 443=1 true=1');
});

test('values that nobody has any more are gone, also after many of them', async () => {
  const catalog = await open([put('a', { owner: 'x' }), put('b', { owner: 'crew', type: 'light' })]);
  const view = catalog.graph.view(everybody);
  for (let round = 0; round < 30; round += 1) {
    await catalog.do({ do: 'commit', writes: [put('a', { owner: `crew-${round}`, type: `t${round}` })] });
    expect(counts(view, 'spec.type')).toBe(`light=1 t${round}=1`);
    expect(counts(view, 'relations.ownedBy')).toBe(`group:default/crew=1 group:default/crew-${round}=1`);
  }
  const gone = { op: 'deleteEntity', ref: 'component:default/a', location: 'file:/a' } as const;
  await catalog.do({ do: 'commit', writes: [gone] });
  expect(counts(view, 'relations.ownedBy')).toBe('group:default/crew=1');
});
