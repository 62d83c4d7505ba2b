import { expect, test } from 'vitest';
import { entity, openTestPolicy } from '../../../test/support/policy.ts';
import { principalNamed } from './subject.ts';
import { previewPolicy } from './preview.ts';

test('a preview that nobody waits for any more ends at once', async () => {
  const policy = await openTestPolicy({ entities: [entity('User', 'ada', { memberOf: [] })] });
  try {
    const { engine, catalog } = policy;
    const abort = new AbortController();
    let asked = 0;
    function* people() {
      for (let at = 0; at < 1000; at += 1) {
        asked += 1;
        if (asked === 3) abort.abort(new Error('gone'));
        yield principalNamed(`user:default/u${at}`);
      }
    }
    const sets = { before: engine.set, after: engine.set };
    const preview = previewPolicy(people(), {
      engine,
      graph: catalog.graph,
      clock: catalog.clock,
      ...sets,
      signal: abort.signal,
    });
    await expect(preview).rejects.toThrow('gone');
    expect(asked).toBe(3);
  } finally {
    await policy.close();
  }
});
