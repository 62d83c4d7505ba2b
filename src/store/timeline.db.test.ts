import { expect, test } from 'vitest';
import { KEEP_ALL } from '../../test/support/keep-all.ts';
import { describeEngines } from '../../test/support/store-engines.ts';
import { systemClock } from '../base/clock.ts';
import type { TimelineEntry, TimelineStore, TimelineWrite } from './timeline.ts';

const entry = (id: string, at: number, parts: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id,
  at,
  kind: 'rollout',
  title: `what ${id} was`,
  source: 'kubernetes',
  data: {},
  ...parts,
});
const add = (id: string, at: number, parts: Partial<TimelineEntry> = {}): TimelineWrite => ({
  op: 'add',
  entry: entry(id, at, parts),
});
const state = (at: number, to: string, isQuiet = false): TimelineWrite => ({
  op: 'state',
  entry: entry('health web', at, { kind: 'health', data: { to } }),
  isQuiet,
});
const idsOf = async (store: TimelineStore, parts: object = {}): Promise<string[]> =>
  (await store.page({ limit: 100, ...parts })).map(({ id }) => id);

describeEngines('timeline', (makeHome) => {
  test('an entry is read back as it was written, newest first, page after page, also where times are equal', async () => {
    const { timeline } = await (await makeHome()).open();
    const whole = entry('b', 2_000, {
      since: 1_000,
      until: 3_000,
      entityRef: 'component:default/web',
      cluster: 'eu-1',
      namespace: 'shop',
      actor: 'HorizontalPodAutoscaler/web',
      data: { from: 'quote " and \ud83d\ude00', list: [1, null] },
    });
    expect(await timeline.append([add('a', 1_000), { op: 'add', entry: whole }, add('c', 2_000)])).toBe(3);
    expect(await timeline.page({ limit: 2 })).toEqual([entry('c', 2_000), whole]);
    expect(await timeline.page({ limit: 2, after: { at: 2_000, id: 'b' } })).toEqual([entry('a', 1_000)]);
    expect(await timeline.oldest()).toBe(1_000);
    expect(await timeline.oldest('elsewhere')).toBeUndefined();
  });

  test('conditions narrow a page: entity, cluster, kinds, source and time', async () => {
    const { timeline } = await (await makeHome()).open();
    await timeline.append([
      add('a', 1, { entityRef: 'component:default/web', cluster: 'eu' }),
      add('b', 2, { cluster: 'us', kind: 'scale' }),
      add('c', 3, { cluster: 'eu', kind: 'config', source: 'elsewhere' }),
    ]);
    expect(await idsOf(timeline, { entityRef: 'component:default/web' })).toEqual(['a']);
    expect(await idsOf(timeline, { cluster: 'eu' })).toEqual(['c', 'a']);
    expect(await idsOf(timeline, { kinds: ['scale', 'config'] })).toEqual(['c', 'b']);
    expect(await idsOf(timeline, { source: 'kubernetes' })).toEqual(['b', 'a']);
    expect(await idsOf(timeline, { from: 2, to: 2 })).toEqual(['b']);
    expect(await idsOf(timeline, { kinds: [] })).toEqual([]);
  });

  test('telling an entry twice is telling it once; one that went on for longer grows and keeps when it began', async () => {
    const { timeline } = await (await makeHome()).open();
    await timeline.append([add('storm', 1_000, { until: 2_000, data: { pods: 3 } })]);
    expect(await timeline.append([add('storm', 1_500, { until: 2_000, data: { pods: 1 } })])).toBe(0);
    expect(await timeline.append([add('storm', 1_500, { since: 500, until: 4_000, data: { pods: 9 } })])).toBe(1);
    expect(await timeline.page({ limit: 9 })).toEqual([entry('storm', 1_000, { until: 4_000, data: { pods: 9 } })]);
  });

  test('what began ends once, in a later batch or the same; what nobody told of does not end', async () => {
    const { timeline } = await (await makeHome()).open();
    const end = (id: string, until: number): TimelineWrite => ({ op: 'end', id, until, data: { updated: 3 } });
    await timeline.append([add('a', 1, { data: { updated: 1, of: 3 } }), end('a', 9), end('unknown', 9)]);
    expect(await timeline.append([end('a', 20)])).toBe(0);
    expect(await timeline.page({ limit: 9 })).toEqual([entry('a', 1, { until: 9, data: { updated: 3, of: 3 } })]);
  });

  test('a state is told when it is another one than the newest; that all is well only after it was not', async () => {
    const { timeline } = await (await makeHome()).open();
    expect(await timeline.append([state(1, 'Healthy', true)])).toBe(0);
    expect(await timeline.append([state(2, 'Degraded')])).toBe(1);
    expect(await timeline.append([state(3, 'Degraded')])).toBe(0);
    expect(await timeline.append([state(4, 'Healthy', true), state(5, 'Degraded'), state(6, 'Degraded')])).toBe(2);
    // A clock that was set back: it is after what it follows all the same.
    expect(await timeline.append([state(1, 'Healthy', true)])).toBe(1);
    const told = await timeline.page({ limit: 9 });
    expect(told.map(({ at, data }) => [at, data['to']])).toEqual([
      [6, 'Healthy'],
      [5, 'Degraded'],
      [4, 'Healthy'],
      [2, 'Degraded'],
    ]);
  });

  test('entries are counted by pieces of time, kind and place', async () => {
    const { timeline } = await (await makeHome()).open();
    await timeline.append([
      add('a', 1_000, { cluster: 'eu' }),
      add('b', 1_999, { cluster: 'eu' }),
      add('c', 2_000, { cluster: 'eu' }),
      add('d', 2_000, { cluster: 'eu', kind: 'scale', namespace: 'shop', entityRef: 'component:default/web' }),
      add('e', 9_000),
    ]);
    const counts = await timeline.counts({ from: 1_000, to: 2_999, pieceMs: 1_000 });
    expect(new Set(counts.map(({ at, kind, entries, cluster }) => `${at} ${kind} ${entries} ${cluster}`))).toEqual(
      new Set(['1000 rollout 2 eu', '2000 rollout 1 eu', '2000 scale 1 eu']),
    );
    expect(counts.find(({ kind }) => kind === 'scale')).toMatchObject({
      namespace: 'shop',
      entityRef: 'component:default/web',
    });
  });

  test('what no database can hold is refused as a whole', async () => {
    const { timeline } = await (await makeHome()).open();
    const refused = expect.objectContaining({ code: 'WRITE_INVALID' });
    await expect(timeline.append([add('a', 1), add('', 2)])).rejects.toEqual(refused);
    await expect(timeline.append([add('a', 1, { title: 'a\0b' })])).rejects.toEqual(refused);
    await expect(timeline.append([add('a', 1.5)])).rejects.toEqual(refused);
    expect(await timeline.page({ limit: 9 })).toEqual([]);
  });

  test('compaction drops what is too old, and the oldest where there is too much', async () => {
    const day = 86_400_000;
    const at = (days: number): number => 100 * day - days * day;
    const home = await makeHome();
    const clock = { ...systemClock, now: () => at(0) };
    const retention = { ...KEEP_ALL, timeline: { days: 30, bytes: 10_000_000 } };
    const old = await home.open({ clock, retention });
    await old.timeline.append([add('x', at(31)), add('y', at(29)), add('z', at(1))]);
    expect(await old.compact()).toBe(1);
    expect(await idsOf(old.timeline)).toEqual(['z', 'y']);
    await old.timeline.append(
      Array.from({ length: 5_000 }, (_, index) =>
        add(`n${index}`, at(0) - 5_000 + index, { data: { text: 'x'.repeat(700) } }),
      ),
    );
    await old.close();
    const small = await home.open({ clock, retention: { ...retention, timeline: { days: 30, bytes: 1_000_000 } } });
    await small.compact();
    const kept = await small.timeline.counts({ from: 0, to: at(0), pieceMs: at(0) + 1 });
    expect(kept[0]?.entries).toBeGreaterThan(700);
    expect(kept[0]?.entries).toBeLessThan(1_100);
    expect(await idsOf(small.timeline, { limit: 1 })).toEqual(['n4999']);
  });

  test('a dump carries the timeline', async () => {
    const first = await (await makeHome()).open();
    await first.timeline.append([add('a', 1_000, { until: 2_000, cluster: 'eu', data: { pods: 3 } })]);
    const second = await (await makeHome()).open();
    await second.load(first.dump());
    expect(await second.timeline.page({ limit: 9 })).toEqual(await first.timeline.page({ limit: 9 }));
  });
});
