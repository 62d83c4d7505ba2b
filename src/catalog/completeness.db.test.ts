import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCatalog, until, type RunningCatalog } from '../../test/support/running-catalog.ts';
import { measureCompleteness } from './completeness.ts';

test('counts what the kind is asked for', () => {
  const component = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'x', description: ' ', tags: ['a'], links: [] },
    spec: { type: 'service', lifecycle: 'production', owner: 'crew' },
  };
  expect(measureCompleteness(component)).toEqual({
    present: { description: false, owner: true, lifecycle: true, system: false, tags: true, links: false },
    missing: ['description', 'system', 'links'],
    score: 50,
  });
  expect(measureCompleteness({ ...component, kind: 'Domain' })).toMatchObject({ missing: ['description'], score: 50 });
  expect(measureCompleteness({ ...component, kind: 'User' })).toBeUndefined();
});

let root: string;
let catalog: RunningCatalog | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-completeness-'));
});

afterEach(async () => {
  await catalog?.stop();
  await rm(root, { recursive: true, force: true });
});

function score(ref: string): unknown {
  const view = catalog?.view();
  const id = view?.find(ref);
  const facts = id === undefined ? [] : (view?.facts(id) ?? []);
  return facts.find((fact) => fact.collector === 'completeness' && fact.path === 'score')?.value;
}

test('facts follow the entity, stand under a lease, and are never stored', async () => {
  const domain = (more: string): string =>
    `apiVersion: backstage.io/v1alpha1\nkind: Domain\nmetadata:\n  name: stage\n${more}spec:\n  owner: crew\n`;
  const file = join(root, 'a.yaml');
  await writeFile(file, domain(''));
  catalog = await startCatalog({ targets: [root] });
  await until(() => score('domain:default/stage') === 50);
  await until(
    () =>
      catalog
        ?.view()
        .leases()
        .some((lease) => lease.collector === 'completeness') ?? false,
  );
  await writeFile(file, domain('  description: All of it.\n'));
  await until(() => score('domain:default/stage') === 100);
  await rm(file);
  await until(() => catalog?.refs().length === 0);
  await until(() => catalog?.graph.stats().facts === 0);
  expect(catalog.writes.filter((write) => write.op === 'putFact' || write.op === 'deleteFact')).toEqual([]);
});
