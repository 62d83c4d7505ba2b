import fc from 'fast-check';
import { expect, test } from 'vitest';
import { condition, order, script, who } from '../../test/support/catalog-script.ts';
import { type ScriptedCatalog, visibilityOf, withCatalog } from '../../test/support/scripted-catalog.ts';
import type { Predicate } from '../model/predicate.ts';
import type { Write } from '../store/store.ts';
import type { ListRequest, SortOrder, View } from './view.ts';

const everybody = {
  kind: 'all',
  key: 'all',
  principal: { ref: 'user:default/ada', claims: new Set<string>() },
} as const;

/** Walks all pages in one direction from a cursor on. */
function walk(view: View, request: ListRequest, direction: 'next' | 'previous', cursor?: string): string[][] {
  const pages: string[][] = [];
  for (let at = cursor; ;) {
    const page = view.list({ ...request, cursor: at });
    pages.push(page.ids.map((id) => view.refOf(id)));
    at = page[direction];
    if (at === undefined) return pages;
    if (pages.length > 200) throw new Error('the walk does not end');
  }
}

test('pages walked to the end and back again hold every entity once', async () => {
  const cases = fc.record({ steps: script, who, where: condition, order, limit: fc.integer({ min: 1, max: 4 }) });
  const check = fc.asyncProperty(cases, (input) =>
    withCatalog(input.steps, (catalog, plain) => {
      const visibility = visibilityOf(input.who, plain);
      const view = catalog.graph.view(visibility);
      const expected = plain.list(visibility, input.where, input.order);
      const forward = walk(view, input, 'next');
      expect(forward.flat()).toEqual(expected);
      expect(forward.slice(0, -1).every((page) => page.length === input.limit)).toBe(true);
      let last = view.list(input);
      while (last.next !== undefined) last = view.list({ ...input, cursor: last.next });
      const backward = last.previous === undefined ? [] : walk(view, input, 'previous', last.previous);
      expect([...backward.reverse().flat(), ...last.ids.map((id) => view.refOf(id))]).toEqual(expected);
      for (const offset of [0, 1, 3, 50]) {
        const page = view.list({ ...input, offset });
        expect(page.ids.map((id) => view.refOf(id))).toEqual(expected.slice(offset, offset + input.limit));
        expect(page.previous !== undefined).toBe(offset > 0 && offset < expected.length);
      }
    }),
  );
  await fc.assert(check, { numRuns: 80 });
});

function putComponent(name: string, title: string): Write {
  const body = { apiVersion: 'v1', kind: 'Component', metadata: { name, namespace: 'default', title }, spec: {} };
  const entity = { ref: `component:default/${name}`, body: JSON.stringify(body), hash: `${name} ${title}` };
  return { op: 'putEntity', entity: { ...entity, location: 'file:/x', source: 's', line: 1 } };
}

async function commit(catalog: ScriptedCatalog, writes: readonly Write[]): Promise<void> {
  await catalog.do({ do: 'commit', writes });
}

test('while others come, go and move, no entity that stays put is skipped or doubled', async () => {
  const moves = fc.array(fc.tuple(fc.integer({ min: 0, max: 29 }), fc.constantFrom('a', 'm', 'z', undefined)), {
    maxLength: 12,
  });
  const cases = fc.record({ moves, limit: fc.integer({ min: 1, max: 7 }), direction: fc.constantFrom('asc', 'desc') });
  const check = fc.asyncProperty(cases, ({ moves: list, limit, direction }) =>
    withCatalog([], async (catalog) => {
      const titles = ['a', 'k', 'm', 'z'];
      const stays = Array.from({ length: 20 }, (_, index) => putComponent(`stay-${index}`, titles[index % 4] ?? ''));
      await commit(catalog, [
        ...stays,
        ...Array.from({ length: 30 }, (_, index) => putComponent(`move-${index}`, 'k')),
      ]);
      const view = catalog.graph.view(everybody);
      const request: ListRequest = { limit, order: { path: 'metadata.title', direction } };
      const expected = walk(view, request, 'next')
        .flat()
        .filter((ref) => ref.includes('/stay-'));
      for (const way of ['next', 'previous'] as const) {
        const seen: string[] = [];
        const pending = [...list];
        let cursor = way === 'next' ? undefined : lastCursor(view, request);
        do {
          const page = view.list({ ...request, cursor });
          const refs = page.ids.map((id) => view.refOf(id));
          seen.push(...(way === 'next' ? refs : refs.reverse()));
          cursor = page[way];
          const move = pending.shift();
          if (move) await commit(catalog, [moveOf(move)]);
        } while (cursor !== undefined);
        const stayed = seen.filter((ref) => ref.includes('/stay-'));
        expect(stayed).toEqual(way === 'next' ? expected : expected.toReversed().slice(-stayed.length));
        if (way === 'previous') expect(expected.length - stayed.length).toBeLessThanOrEqual(limit);
      }
    }),
  );
  await fc.assert(check, { numRuns: 25 });
});

function moveOf([index, title]: [number, string | undefined]): Write {
  const name = `move-${index}`;
  return title === undefined
    ? { op: 'deleteEntity', ref: `component:default/${name}`, location: 'file:/x' }
    : putComponent(name, title);
}

/** The cursor that leads back from the last page. */
function lastCursor(view: View, request: ListRequest): string | undefined {
  let page = view.list(request);
  while (page.next !== undefined) page = view.list({ ...request, cursor: page.next });
  return page.previous;
}

test('an order kept up to date knows entities that took the place of others, and the smallest of several values', async () => {
  await withCatalog([], async (catalog) => {
    const view = catalog.graph.view(everybody);
    const names = (path: string): string[] =>
      view.list({ limit: 90, order: { path, direction: 'asc' } }).ids.map((id) => view.refOf(id).split('/')[1] ?? '');
    const others = Array.from({ length: 60 }, (_, index) => putComponent(`m-${index + 10}`, 'm'));
    await commit(catalog, [putComponent('a', 'same'), ...others]);
    expect(names('no.such')[0]).toBe('a');
    await commit(catalog, [{ op: 'deleteEntity', ref: 'component:default/a', location: 'file:/x' }]);
    await commit(catalog, [putComponent('z', 'same')]);
    expect(names('no.such').at(-1)).toBe('z');
    expect(names('metadata.tags').at(-1)).toBe('z');
    await commit(catalog, [tagged('m-12', ['b']), tagged('z', ['a', 'y']), tagged('m-11', ['n', 'c', 'x'])]);
    expect(names('metadata.tags').slice(0, 4)).toEqual(['z', 'm-12', 'm-11', 'm-10']);
  });
});

function tagged(name: string, tags: readonly string[]): Write {
  const body = { apiVersion: 'v1', kind: 'Component', metadata: { name, namespace: 'default', tags } };
  const entity = { ref: `component:default/${name}`, body: JSON.stringify(body), hash: `${name} ${tags.join()}` };
  return { op: 'putEntity', entity: { ...entity, location: 'file:/x', source: 's', line: 1 } };
}

test('an order as text takes numbers as they are written, and keeps up with changes', async () => {
  await withCatalog([], async (catalog) => {
    await commit(catalog, [
      scored('a', 9),
      scored('b', 10),
      scored('c', '1z'),
      scored('d', 100),
      putComponent('e', 'e'),
    ]);
    const view = catalog.graph.view(everybody);
    const order = { path: 'metadata.score', direction: 'asc' } as const;
    const names = (by: SortOrder): string =>
      walk(view, { limit: 2, order: by }, 'next')
        .flat()
        .map((ref) => ref.split('/')[1])
        .join('');
    expect(names(order)).toBe('abdce');
    expect(names({ ...order, as: 'text' })).toBe('bdcae');
    expect(names({ ...order, as: 'text', direction: 'desc' })).toBe('acdbe');
    await commit(catalog, [scored('e', 99)]);
    expect(names({ ...order, as: 'text' })).toBe('bdcae');
    expect(names(order)).toBe('abedc');
  });
});

function scored(name: string, score: number | string): Write {
  const body = { apiVersion: 'v1', kind: 'Component', metadata: { name, namespace: 'default', score } };
  const entity = { ref: `component:default/${name}`, body: JSON.stringify(body), hash: `${name} ${score}` };
  return { op: 'putEntity', entity: { ...entity, location: 'file:/x', source: 's', line: 1 } };
}

test('a wide and a narrow result give the same pages', async () => {
  await withCatalog([], async (catalog) => {
    await commit(
      catalog,
      Array.from({ length: 500 }, (_, index) => putComponent(`c-${index}`, `t${index % 7}`)),
    );
    const view = catalog.graph.view(everybody);
    const order = { path: 'metadata.title', direction: 'asc' } as const;
    const all = walk(view, { limit: 50, order }, 'next').flat();
    for (const digit of ['3', '33', '333']) {
      const where: Predicate = { op: 'fieldText', keys: ['metadata.name'], term: digit };
      expect(walk(view, { where, limit: 20, order }, 'next').flat()).toEqual(all.filter((ref) => ref.includes(digit)));
    }
  });
});

test('a cursor of another question, or no cursor at all, is refused', async () => {
  await withCatalog([], async (catalog) => {
    await commit(catalog, [putComponent('a', 'A'), putComponent('b', 'B'), putComponent('c', 'C')]);
    const view = catalog.graph.view(everybody);
    const { next } = view.list({ limit: 1 });
    const invalid = expect.objectContaining({ code: 'CURSOR_INVALID', status: 400 });
    const order = { path: 'metadata.title', direction: 'asc' } as const;
    expect(() => view.list({ limit: 1, cursor: next, order })).toThrow(invalid);
    expect(() => view.list({ limit: 1, cursor: next, where: { op: 'field', key: 'kind' } })).toThrow(invalid);
    const strange = [
      '',
      'x',
      '!!!',
      Buffer.from('[]').toString('base64url'),
      Buffer.from('["n",1,2,3]').toString('base64url'),
      'A'.repeat(5000),
    ];
    for (const cursor of strange) expect(() => view.list({ limit: 1, cursor }), cursor).toThrow(invalid);
    expect(Buffer.from(String(next), 'base64url').toString()).not.toContain('"query"');
    expect(view.list({ limit: 1, cursor: next }).ids.map((id) => view.refOf(id))).toEqual(['component:default/b']);
  });
});

test('a page of size nought has the counts and no cursors', async () => {
  await withCatalog([], async (catalog) => {
    await commit(catalog, [putComponent('a', 'A'), putComponent('b', 'B')]);
    expect(catalog.graph.view(everybody).list({ limit: 0 })).toMatchObject({
      ids: [],
      total: 2,
      unknown: 0,
      next: undefined,
      previous: undefined,
    });
  });
});
