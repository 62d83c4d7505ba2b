import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCatalog, until, type RunningCatalog } from '../../test/support/running-catalog.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-model-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const FILES = ['a.yaml', 'b.yaml', 'sub/c.yaml', 'sub/d.yaml'];

/** One thing that happens to a folder of descriptors. */
type Step =
  | { readonly do: 'save'; readonly file: string; readonly names: readonly string[]; readonly broken: boolean }
  | { readonly do: 'remove'; readonly file: string }
  | { readonly do: 'move'; readonly file: string; readonly to: string };

const file = fc.constantFrom(...FILES);
const names = fc.uniqueArray(fc.constantFrom('one', 'two', 'three', 'four', 'five'), { maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('save' as const), file, names, broken: fc.boolean() }),
  fc.record({ do: fc.constant('remove' as const), file }),
  fc.record({ do: fc.constant('move' as const), file, to: file }),
);

function text(names: readonly string[], broken: boolean): string {
  const groups = names.map(
    (name) =>
      `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: ${name}}\nspec: {type: team, parent: two, children: []}\n`,
  );
  return [...groups, ...(broken ? ['apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: x}\n'] : [])].join(
    '---\n',
  );
}

async function take(action: Step): Promise<void> {
  const path = join(root, 'catalog', action.file);
  if (action.do === 'save') await writeFile(path, text(action.names, action.broken));
  else if (action.do === 'remove') await rm(path, { force: true });
  else {
    await rename(path, join(root, 'catalog', action.to)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/** What a catalog shows, without what depends on history: who of two declarers was first, and when. */
function picture(catalog: RunningCatalog): unknown {
  const view = catalog.view();
  const duplicates = view.problems().filter((problem) => problem.code === 'duplicate-ref');
  return {
    refs: catalog.refs(),
    locations: view
      .locations()
      .map((state) => state.ref)
      .toSorted(),
    duplicates: duplicates.map((problem) => problem.entityRef ?? '').toSorted(),
    others: catalog
      .problems()
      .filter((problem) => !problem.startsWith('duplicate-ref'))
      .map((problem) => problem.replace(/^dangling-relation \S+/, 'dangling-relation'))
      .toSorted(),
  };
}

test('after any changes a catalog that was there shows what one shows that starts now', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      async (bursts) => {
        await rm(join(root, 'catalog'), { recursive: true, force: true });
        await mkdir(join(root, 'catalog/sub'), { recursive: true });
        const old = await startCatalog({ targets: [join(root, 'catalog')], collectors: ['catalog'] });
        try {
          await until(() => old.view().leases().length === 1);
          for (const burst of bursts) {
            for (const action of burst) await take(action);
            await new Promise((resolve) => setTimeout(resolve, 60));
          }
          const fresh = await startCatalog({ targets: [join(root, 'catalog')], collectors: ['catalog'] });
          try {
            await until(() => fresh.view().leases().length === 1);
            const agree = (): boolean => JSON.stringify(picture(old)) === JSON.stringify(picture(fresh));
            await until(agree).catch(() => expect(picture(old)).toEqual(picture(fresh)));
          } finally {
            await fresh.stop();
          }
        } finally {
          await old.stop();
        }
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
}, 180_000);
