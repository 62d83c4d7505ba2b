import { describe, expect, test } from 'vitest';
import type { LikelyCause, TimelineItem, TimelineKind } from '../../api/timeline.ts';
import { type CauseQuestion, likelyCauses } from './likely-causes.ts';

const AT = Date.UTC(2026, 2, 1, 12);
const ref = 'component:default/till';
const database = 'component:default/ledger';

const instant = (minutes: number): string => new Date(AT + minutes * 60_000).toISOString();

/** What happened so many minutes after the moment. */
function item(kind: TimelineKind, minutes: number, parts: Partial<TimelineItem> = {}): TimelineItem {
  return {
    id: `${kind} ${minutes} ${parts.cluster ?? ''}`,
    at: instant(minutes),
    kind,
    title: kind,
    cluster: 'eu-1',
    namespace: 'shop',
    workload: { kind: 'Deployment', name: 'till' },
    data: {},
    ...parts,
  };
}

/** @param items in any order */
function causes(items: readonly TimelineItem[], question: Partial<CauseQuestion> = {}): readonly LikelyCause[] {
  const newestFirst = items.toSorted((left, right) => Date.parse(right.at) - Date.parse(left.at));
  return likelyCauses(newestFirst, {
    at: AT,
    dependencies: new Set(),
    regionOf: (cluster) => cluster.split('-')[0],
    ...question,
  });
}

const of = (name: string): Partial<TimelineItem> => ({ workload: { kind: 'Deployment', name } });

describe('what may have caused it', () => {
  test('is nothing where nothing changed, and never what is an effect itself', () => {
    expect(causes([])).toEqual([]);
    expect(causes([item('restarts', -3), item('health', -2, { to: 'Degraded' }), item('incident', -1)])).toEqual([]);
    expect(causes([item('cluster', -1, { to: 'ok' })])).toEqual([]);
  });

  test('the closer to the moment, the likelier; what happened long before is left out', () => {
    const found = causes([
      item('image', -40, of('a')),
      item('image', -2, of('b')),
      item('image', -10, of('c')),
      item('created', -1_000, of('d')),
    ]);
    expect(found.map(({ entry }) => entry.at)).toEqual([-2, -10, -40].map(instant));
    expect(found.map(({ why }) => why)).toEqual([
      ['The image changed 2 minutes before'],
      ['The image changed 10 minutes before'],
      ['The image changed 40 minutes before'],
    ]);
  });

  test('configuration goes before images, images before rollouts, and all before scaling', () => {
    const found = causes([
      item('scale', -5, of('a')),
      item('rollout', -5, of('b')),
      item('image', -5, of('c')),
      item('config', -5, of('d')),
    ]);
    expect(found.map(({ entry }) => entry.kind)).toEqual(['config', 'image', 'rollout', 'scale']);
  });

  test('no more than five are told', () => {
    const items = Array.from({ length: 9 }, (_, at) => item('image', -at, of(`web-${at}`)));
    expect(causes(items)).toHaveLength(5);
  });

  test('clocks differ: what came two minutes later may be it, what came after that may not', () => {
    expect(causes([item('image', 2)])).toMatchObject([{ why: ['The image changed right after that moment'] }]);
    expect(causes([item('image', 3)])).toEqual([]);
  });

  test('of what nobody saw happen, the time from the last look on counts', () => {
    const [found] = causes([item('image', 20, { since: instant(-20) })]);
    expect(found?.why).toEqual(['The image changed around that moment; nobody saw exactly when']);
    expect(causes([item('image', 20, { since: instant(10) })])).toEqual([]);
  });
});

describe('the same change in several clusters', () => {
  test('is one, told by its first, with its clusters in order and how far it reached', () => {
    const found = causes([
      item('image', -9, { cluster: 'us-1', to: '2' }),
      item('image', -10, { cluster: 'eu-2', to: '2' }),
      item('image', -8, { cluster: 'eu-1', to: '2' }),
    ]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ entry: { at: instant(-10) }, clusters: ['eu-1', 'eu-2', 'us-1'] });
    expect(found[0]?.why[0]).toBe('It reached 3 clusters in 2 regions within 2 minutes');
  });

  test('counts for more than as close a change in one', () => {
    const found = causes([
      item('image', -10, { ...of('lamp'), to: '5' }),
      item('image', -10, { cluster: 'eu-1', to: '2' }),
      item('image', -10, { cluster: 'us-1', to: '2' }),
    ]);
    expect(found.map(({ clusters }) => clusters.length)).toEqual([2, 1]);
  });

  test('is two where a quarter of an hour lies between, or it became something else', () => {
    expect(causes([item('image', -40, { to: '2' }), item('image', -10, { cluster: 'us-1', to: '2' })])).toHaveLength(2);
    expect(causes([item('image', -11, { to: '2' }), item('image', -10, { cluster: 'us-1', to: '3' })])).toHaveLength(2);
  });
});

describe('of an entity', () => {
  test('its own changes go before those of what it depends on, and those before all others', () => {
    const found = causes(
      [
        item('image', -5, { ...of('other'), entity: 'component:default/other' }),
        item('image', -5, { ...of('ledger'), entity: database }),
        item('image', -5, { entity: ref }),
      ],
      { entity: ref, dependencies: new Set([database]) },
    );
    expect(found.map(({ entry }) => entry.entity)).toEqual([ref, database, 'component:default/other']);
    expect(found[0]?.why).toContain(`It is ${ref} itself`);
    expect(found[1]?.why).toContain(`${ref} depends on ${database}`);
    expect(found[2]?.why).toEqual(['The image changed 5 minutes before']);
  });
});

describe('a change that was followed by failures', () => {
  const effect = (minutes: number, parts: Partial<TimelineItem> = {}) => item('restarts', minutes, parts);

  test('of the same workload within a quarter of an hour goes before one that was not', () => {
    const found = causes([item('image', -10), effect(-3), item('image', -9, of('lamp'))]);
    expect(found.map(({ entry }) => entry.workload?.name)).toEqual(['till', 'lamp']);
    expect(found[0]?.why[0]).toBe('It began to restart or fail within 15 minutes after');
  });

  test.each<[string, TimelineItem]>([
    ['what failed before', effect(-12)],
    ['what failed much later', effect(6)],
    ['what fails in another namespace', effect(-3, { namespace: 'bank' })],
    ['what fails in a cluster that it did not reach', effect(-3, { cluster: 'us-1', entity: ref })],
    ['what does well again', item('health', -3, { to: 'Healthy' })],
  ])('%s is none of its effects', (_, other) => {
    const [found] = causes([item('image', -10, { entity: ref }), other]);
    expect(found?.why).toEqual(['The image changed 10 minutes before']);
  });

  test('counts each workload that fails once, in all clusters that it reached, and not the incident that they are', () => {
    const [found] = causes([
      item('config', -10, { entity: ref }),
      item('config', -9, { entity: ref, cluster: 'us-1' }),
      effect(-4),
      item('health', -3, { to: 'Degraded' }),
      effect(-3, { cluster: 'us-1' }),
      { id: 'incident', at: instant(-3), kind: 'incident', title: 'incident', entity: ref, data: {} },
    ]);
    expect(found?.why[0]).toBe('2 workloads of it began to restart or fail within 15 minutes after');
  });

  test('workloads that use a ConfigMap are its own', () => {
    const config = item('config', -10, {
      workload: { kind: 'ConfigMap', name: 'settings' },
      data: { workloads: [{ kind: 'Deployment', name: 'till' }, { name: 'lamp' }, null, { name: 7 }] },
    });
    const [found] = causes([config, effect(-4), effect(-3, of('lamp')), effect(-3, of('other'))]);
    expect(found?.why[0]).toBe('2 workloads of it began to restart or fail within 15 minutes after');
  });

  test('a cluster that ceased to answer is followed by whatever fails there', () => {
    const lost = {
      id: 'lost',
      at: instant(-10),
      kind: 'cluster',
      title: 'lost',
      cluster: 'eu-1',
      to: 'unreachable',
      data: {},
    } as const;
    const [found] = causes([lost, effect(-5, { ...of('a'), namespace: 'x' }), effect(-5, { cluster: 'us-1' })]);
    expect(found?.why[0]).toBe('It began to restart or fail within 15 minutes after');
  });
});
