import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { ChangeGroup } from '../../src/api/changes.ts';
import type { OwnedAnswer } from '../../src/api/owned.ts';
import type { Policy } from '../../src/access/policy.ts';
import { allowAll } from '../support/allow-all.ts';
import { halfPolicy, isHidden } from '../support/half-policy.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { homes } from '../support/store-engines.ts';

let server: TestServer;
let policy: Policy = allowAll;
afterEach(() => {
  policy = allowAll;
});

interface Answer {
  readonly items: readonly ChangeGroup[];
  readonly next?: string;
}

const ask = async (query = ''): Promise<Answer> =>
  (await (await server.get(`/api/v1/changes${query}`)).json()) as Answer;

/** `created a,b` for each group. */
function lines({ items }: Answer): readonly string[] {
  return items.map(({ items: entities, total }) => {
    const words = new Set(entities.map(({ change }) => change));
    const names = entities.map(({ title, isDependency }) => (isDependency ? `(${title})` : title));
    return `${[...words].join('/')} ${names.join()}${total > entities.length ? ` of ${total}` : ''}`;
  });
}

/** The same story on either database. */
async function tell(to: TestServer): Promise<void> {
  await to.put(component('till', { owner: 'desk' }), component('lamp', { owner: 'stage' }), component('rope'));
  await to.put(component('till', { owner: 'desk', lifecycle: 'deprecated' }));
  await to.put(component('door', { owner: 'desk', dependsOn: ['component:lamp'] }));
  await to.put(component('lamp', { owner: 'stage', type: 'website' }));
  await to.put(component('sign', { owner: 'desk' }));
  await to.remove('component:default/sign');
}

describe('what changed lately', () => {
  beforeAll(async () => {
    server = await startTestServer({ policy: { decide: (...asked) => policy.decide(...asked) } });
    await tell(server);
  });
  afterAll(() => server.close());

  test('is told newest first, each write together, with what became of each entity', async () => {
    const answer = await ask();
    expect(lines(answer)).toEqual([
      'removed sign',
      'created sign',
      'changed lamp',
      'created door',
      'changed till',
      'created lamp,rope,till',
    ]);
    expect(answer).not.toHaveProperty('next');
    expect(answer.items[4]).toMatchObject({
      at: expect.stringMatching(/Z$/),
      total: 1,
      isCut: false,
      items: [
        {
          ref: 'component:default/till',
          kind: 'Component',
          exists: true,
          change: 'changed',
          fields: ['spec.lifecycle'],
          location: 'test:entities',
          source: 'test',
        },
      ],
    });
    expect(answer.items[0]?.items[0]).toMatchObject({ exists: false, change: 'removed' });
  });

  test('is folded where one write changed many, and read page by page without a gap', async () => {
    expect(lines(await ask('?each=2')).at(-1)).toBe('created lamp,rope of 3');
    const seen: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const page: Answer = await ask(`?limit=2${next === '' ? '' : `&cursor=${next}`}`);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...lines(page));
      next = page.next;
    }
    expect(seen).toEqual(lines(await ask()));
  });

  test('is chosen by owner, with what that depends on; what is gone by its last owner', async () => {
    const desk = ['removed sign', 'created sign', 'created door', 'changed till', 'created till'];
    expect(lines(await ask('?owner=desk'))).toEqual(desk);
    expect(lines(await ask('?owner=desk&dependencies=true'))).toEqual([
      ...desk.slice(0, 2),
      'changed (lamp)',
      ...desk.slice(2, 4),
      'created (lamp),till',
    ]);
    expect(lines(await ask('?owner=stage'))).toEqual(['changed lamp', 'created lamp,rope']);
  });

  test('is chosen by conditions of what is there, of which what is gone has none', async () => {
    const website = encodeURIComponent('spec.type == "website"');
    expect(lines(await ask(`?where=${website}`))).toEqual(['changed lamp', 'created lamp']);
    expect(lines(await ask('?q=sign'))).toEqual([]);
    expect(lines(await ask('?owner=desk&filter=spec.lifecycle=deprecated'))).toEqual(['changed till', 'created till']);
  });

  test('since a moment is only what came after it', async () => {
    const { items } = await ask();
    const at = items[2]?.at ?? '';
    const since = (await ask(`?since=${at}`)).items;
    expect(since.length).toBeGreaterThanOrEqual(3);
    expect(since.every((item) => item.at >= at)).toBe(true);
    expect(lines(await ask('?since=2999-01-01T00:00:00Z'))).toEqual([]);
  });

  test('hides what may not be seen, and whatever is gone, from who does not see all', async () => {
    policy = halfPolicy;
    const names = (await ask('?each=10')).items.flatMap(({ items }) => items.map(({ ref }) => ref));
    expect(names.filter(isHidden)).toEqual([]);
    expect(names).not.toContain('component:default/sign');
    const all = ['till', 'lamp', 'rope', 'door'].map((name) => `component:default/${name}`);
    expect(new Set(names)).toEqual(new Set(all.filter((ref) => !isHidden(ref))));
    const owned = (await ask('?owner=desk&dependencies=true&each=10')).items.flatMap(({ items }) => items);
    expect(owned.filter(({ ref }) => isHidden(ref) || ref.endsWith('/sign'))).toEqual([]);
  });

  test.each(['?cursor=x', '?since=yesterday', '?limit=0', '?owner=/'])('%s is refused', async (query) => {
    expect((await server.get(`/api/v1/changes${query}`)).status).toBe(400);
  });
});

describe('what a team owns', () => {
  beforeAll(async () => {
    server = await startTestServer({
      entities: [
        component('till', { owner: 'desk', system: 'sales' }, { title: 'The till' }),
        { ...component('sales', { owner: 'desk', domain: 'house' }), kind: 'System' },
        component('lamp', { owner: 'stage' }),
      ],
    });
  });
  afterAll(() => server.close());

  test('is counted by kind and listed, what is larger first', async () => {
    const answer = (await (await server.get('/api/v1/owned?owner=desk')).json()) as OwnedAnswer;
    expect(answer).toMatchObject({ total: 2, sources: ['test'] });
    expect(answer.kinds.toSorted((left, right) => (left.kind < right.kind ? -1 : 1))).toEqual([
      { kind: 'Component', count: 1 },
      { kind: 'System', count: 1 },
    ]);
    expect(answer.items).toMatchObject([
      { ref: 'system:default/sales', kind: 'System', owner: 'group:default/desk', partOf: 'domain:default/house' },
      { title: 'The till', type: 'service', lifecycle: 'production', partOf: 'system:default/sales', source: 'test' },
    ]);
    expect(Date.parse(answer.items[0]?.changedAt ?? '')).toBeGreaterThan(0);
  });

  test('is narrowed and cut on demand', async () => {
    const answer = (await (
      await server.get('/api/v1/owned?owner=desk&filter=kind=system&limit=0')
    ).json()) as OwnedAnswer;
    expect(answer).toMatchObject({ total: 1, items: [] });
  });
});

describe.skipIf('missing' in inject('postgres'))('on PostgreSQL', () => {
  const makeHome = homes('postgres');

  test('the same is told', async () => {
    const { place } = await makeHome();
    server = await startTestServer({ config: { databaseUrl: place.url } });
    try {
      await tell(server);
      expect(lines(await ask('?owner=desk&dependencies=true&limit=3'))).toEqual([
        'removed sign',
        'created sign',
        'changed (lamp)',
      ]);
    } finally {
      await server.close();
    }
  });
});
