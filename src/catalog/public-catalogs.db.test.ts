import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasSharedInputs, sharedInputs } from '../../test/support/shared-inputs.ts';
import { startCatalog, until } from '../../test/support/running-catalog.ts';

/** What loading a folder gives: entities, and problems by code. */
async function load(folder: string): Promise<{ readonly entities: number; readonly problems: object }> {
  const catalog = await startCatalog({ targets: [join(sharedInputs, folder)], collectors: ['catalog'] });
  try {
    await until(() => catalog.view().leases().length > 0);
    await until(() => catalog.problems().some((problem) => problem.startsWith('dangling-relation')));
    let before = -1;
    while (catalog.problems().length !== before) {
      before = catalog.problems().length;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const byCode: Record<string, number> = {};
    for (const { code } of catalog.view().problems()) byCode[code] = (byCode[code] ?? 0) + 1;
    return { entities: catalog.refs().length, problems: byCode };
  } finally {
    await catalog.stop();
  }
}

describe.runIf(hasSharedInputs)('public catalogs as folders', () => {
  test('182 documents that were thrown together: 4 invalid, 32 declared twice', async () => {
    expect(await load('catalog')).toEqual({
      entities: 130,
      problems: {
        'source-unreadable': 21,
        'target-missing': 261,
        'placeholder-unreadable': 1,
        'placeholder-unsupported': 5,
        'entity-schema': 2,
        'entity-envelope': 1,
        'unknown-kind': 1,
        'duplicate-ref': 26,
        'dangling-relation': 119,
      },
    });
  });

  test('six whole repositories: kinds that nobody knows are told one by one, charts and notes are not', async () => {
    expect(await load('catalog-trees')).toEqual({
      entities: 121,
      problems: {
        'unknown-kind': 195,
        'duplicate-ref': 18,
        'dangling-relation': 93,
        'entity-envelope': 1,
        'entity-schema': 1,
        'placeholder-unreadable': 1,
        'placeholder-unsupported': 5,
        'source-unreadable': 3,
        'target-missing': 2,
      },
    });
  });
});
