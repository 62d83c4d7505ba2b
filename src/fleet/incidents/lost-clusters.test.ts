import { beforeEach, describe, expect, test } from 'vitest';
import { memoryFleet, type MemoryFleet } from '../../../test/support/memory-fleet.ts';
import type { Incident } from '../../api/incidents.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import { incidentEntry } from './incident-entry.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
const names = ['eu-1', 'eu-2', 'eu-3', 'eu-4', 'us-1'] as const;
type Name = (typeof names)[number];

let now: number;
let fleet: MemoryFleet;

beforeEach(() => {
  now = NOON;
  fleet = fleetOf();
});

function fleetOf(): MemoryFleet {
  const made = memoryFleet(() => now);
  for (const name of names) {
    made.putCluster(name, { labels: { region: name.slice(0, 2) } });
    made.watchAll(name);
  }
  return made;
}

/** Every cluster does not answer any more; where it is asked is part of what is said. */
function lose(...lost: readonly Name[]): void {
  for (const name of lost) {
    const message = `The API server did not answer in time (${name}:6443)`;
    fleet.setState(name, { state: 'unreachable', reason: { code: 'Timeout', message } });
  }
}

function bring(...back: readonly Name[]): void {
  for (const name of back) fleet.setState(name, { state: 'ok' });
}

/** Time passes, and clusters are looked at as often as they are. */
function pass(seconds: number): void {
  for (let passed = 0; passed < seconds; passed += 10) {
    now += 10_000;
    fleet.store.incidents.lookAtAll();
  }
}

function incidents(scope: LiveScope = 'all'): readonly Incident[] {
  const bytes = fleet.store.answerIncidents({ limit: 50 }, scope);
  return (JSON.parse(Buffer.from(bytes).toString()) as { readonly items: readonly Incident[] }).items;
}

const open = (): readonly Incident[] => incidents().filter(({ state }) => state === 'open');
const entries = () => fleet.store.incidents.takeNews().map((incident) => incidentEntry(incident));

/** Three clusters, each lost 100 s after the one before: two were told one by one before it was known to be one thing. */
function loseOneByOne(): void {
  lose('eu-1');
  pass(100);
  lose('eu-2');
  pass(100);
  lose('eu-3');
}

describe('clusters that are lost', () => {
  test('three within two minutes are one incident, that was never told as several', () => {
    lose('eu-1');
    pass(40);
    lose('eu-2', 'eu-3');
    pass(50);
    expect(incidents()).toEqual([]);
    pass(20);
    expect(incidents()).toMatchObject([
      {
        title: '3 clusters of eu do not answer since 12:00 UTC: The API server did not answer in time',
        rule: 'cluster-unreachable',
        severity: 'critical',
        state: 'open',
        began: new Date(NOON).toISOString(),
        clusters: ['eu-1', 'eu-2', 'eu-3'],
        regions: ['eu'],
        workloads: 0,
        fix: expect.stringMatching(/^Look at what they share/u) as string,
        evidence: [{ cluster: 'eu-1' }, { cluster: 'eu-2' }, { cluster: 'eu-3' }],
      },
    ]);
  });

  test('two are two, and so are three that are lost minutes apart', () => {
    lose('eu-1', 'eu-2');
    pass(70);
    expect(open().map(({ title, severity }) => [title, severity])).toEqual([
      ['eu-1 does not answer since 12:00 UTC', 'warning'],
      ['eu-2 does not answer since 12:00 UTC', 'warning'],
    ]);
    pass(130);
    lose('us-1');
    pass(70);
    expect(open().map(({ clusters }) => clusters)).toEqual([['us-1'], ['eu-1'], ['eu-2']]);
  });

  test('of several regions, for several reasons, are told without both', () => {
    lose('eu-1', 'eu-2');
    fleet.setState('us-1', { state: 'unreachable', reason: { code: 'HostUnknown', message: 'No such name' } });
    pass(60);
    expect(open().map(({ title }) => title)).toEqual(['3 clusters do not answer since 12:00 UTC']);
  });

  test('for one reason that is said differently of each are told with its word', () => {
    for (const name of ['eu-1', 'eu-2', 'us-1'])
      fleet.setState(name, { state: 'unreachable', reason: { code: 'ConnectionLost', message: `${name} broke off` } });
    pass(60);
    expect(open().map(({ title }) => title)).toEqual(['3 clusters do not answer since 12:00 UTC: ConnectionLost']);
  });

  test('are told to who sees one of them as that one', () => {
    lose(...names);
    pass(60);
    expect(incidents({ 'eu-1': true })).toMatchObject([
      {
        title: 'eu-1 does not answer since 12:00 UTC',
        clusters: ['eu-1'],
        fix: expect.not.stringContaining('Callboard'),
      },
    ]);
    expect(incidents({ 'eu-1': true, 'eu-2': true })).toMatchObject([
      { title: expect.stringMatching(/^2 clusters of eu/u) as string, fix: expect.not.stringContaining('Callboard') },
    ]);
  });
});

describe('an incident of lost clusters', () => {
  test('is joined by one that is lost later, after another came back too', () => {
    lose('eu-1', 'eu-2', 'eu-3');
    pass(70);
    const [before] = open();
    bring('eu-1', 'eu-2');
    lose('eu-4');
    pass(50);
    expect(open()).toMatchObject([{ id: before?.id, clusters: ['eu-1', 'eu-2', 'eu-3'] }]);
    pass(20);
    expect(incidents()).toMatchObject([{ id: before?.id, clusters: ['eu-1', 'eu-2', 'eu-3', 'eu-4'] }]);
  });

  test('is not joined by one that is lost much later', () => {
    lose('eu-1', 'eu-2', 'eu-3');
    pass(600);
    lose('eu-4');
    pass(70);
    expect(open().map(({ clusters, severity }) => [clusters.length, severity])).toEqual([
      [3, 'critical'],
      [1, 'warning'],
    ]);
  });

  test('keeps who came back with the time when it was last lost, and ends when all have been back for minutes', () => {
    lose('eu-1', 'eu-2', 'eu-3');
    pass(70);
    bring('eu-1');
    pass(300);
    const [incident] = open();
    expect(incident?.title).toContain('3 clusters of eu do not answer since 12:00 UTC, 1 of them answers again: ');
    const [kept] = fleet.store.incidents.incidents;
    expect(kept?.members.map(({ cluster, seen }) => [cluster, seen - NOON / 1000])).toEqual([
      ['eu-1', 70],
      ['eu-2', 370],
      ['eu-3', 370],
    ]);
    bring('eu-2', 'eu-3');
    pass(180);
    expect(open()).toHaveLength(1);
    pass(10);
    expect(incidents()).toMatchObject([
      {
        id: incident?.id,
        state: 'ended',
        title: expect.stringMatching(/^3 clusters of eu did not answer from 12:00 to 12:06 UTC/u) as string,
      },
    ]);
  });

  test('takes back who answered for a moment; who answered for minutes is lost another time', () => {
    lose('eu-1', 'eu-2', 'eu-3');
    pass(70);
    bring('eu-1');
    pass(100);
    lose('eu-1');
    pass(70);
    expect(open().map(({ clusters }) => clusters.length)).toEqual([3]);
    bring('eu-1');
    pass(600);
    lose('eu-1');
    pass(70);
    expect(open().map(({ clusters }) => clusters)).toEqual([['eu-1', 'eu-2', 'eu-3'], ['eu-1']]);
  });

  test('of all of the fleet says first that the cause may be here, until one answers', () => {
    fleet.putCluster('never-reached', { labels: {} });
    lose(...names);
    pass(60);
    expect(open()).toMatchObject([
      {
        title: 'Callboard reaches none of its 5 clusters since 12:00 UTC: The API server did not answer in time',
        fix: expect.stringMatching(/^Callboard's own network or credentials are the likely place to look/u) as string,
      },
    ]);
    entries();
    bring('us-1');
    pass(10);
    expect(open()).toMatchObject([{ title: expect.stringMatching(/^5 clusters do not answer/u) as string }]);
    expect(entries()).toMatchObject([{ entry: { title: expect.stringContaining(', 1 of them answers') as string } }]);
  });

  test('goes on from what was told one by one, of which nothing stays open beside it', () => {
    loseOneByOne();
    const [second, first] = open();
    expect([first?.clusters, second?.clusters]).toEqual([['eu-1'], ['eu-2']]);
    entries();
    pass(60);
    expect(incidents()).toMatchObject([
      { id: first?.id, state: 'open', severity: 'critical', clusters: ['eu-1', 'eu-2', 'eu-3'] },
      {
        id: second?.id,
        state: 'ended',
        title: 'eu-2 did not answer from 12:01 to 12:04 UTC, and from then on together with others',
      },
    ]);
    expect(entries()).toMatchObject([
      {
        entry: {
          id: `incident ${first?.id}`,
          title: expect.stringMatching(/^3 clusters of eu do not answer/u) as string,
          cluster: undefined,
          data: { clusters: ['eu-1', 'eu-2', 'eu-3'], severity: 'critical', to: 'open' },
        },
      },
      { entry: { id: `incident ${second?.id}`, data: { to: 'ended' } } },
    ]);
    pass(600);
    expect(entries()).toEqual([]);
    expect(open()).toHaveLength(1);
  });
});

describe('after a restart', () => {
  test.each<[string, () => void]>([
    ['what was one', () => lose('eu-1', 'eu-2', 'eu-3')],
    ['what had been told one by one', loseOneByOne],
  ])('%s stays that one, though all of it is found lost anew', (_case, arrange) => {
    arrange();
    pass(120);
    const before = open();
    expect(before).toHaveLength(1);
    const kept = fleet.store.incidents.incidents;
    fleet = fleetOf();
    fleet.store.incidents.restore(kept);
    lose('eu-1', 'eu-2', 'eu-3');
    pass(300);
    expect(open()).toMatchObject([{ id: before[0]?.id, began: before[0]?.began, clusters: ['eu-1', 'eu-2', 'eu-3'] }]);
  });

  test('those that were lost hours apart are not taken for one', () => {
    for (const name of ['eu-1', 'eu-2', 'us-1'] as const) {
      lose(name);
      pass(600);
    }
    const before = open().map(({ id }) => id);
    const kept = fleet.store.incidents.incidents;
    fleet = fleetOf();
    fleet.store.incidents.restore(kept);
    lose('eu-1', 'eu-2', 'us-1');
    pass(300);
    expect(open().map(({ id }) => id)).toEqual(before);
  });

  test('what was found anew before the last run was known becomes part of what was known', () => {
    lose('eu-1', 'eu-2', 'eu-3');
    pass(120);
    const kept = fleet.store.incidents.incidents;
    fleet = fleetOf();
    lose('eu-1', 'eu-2', 'eu-3');
    pass(70);
    expect(open().map(({ id }) => id)).not.toEqual(kept.map(({ id }) => id));
    fleet.store.incidents.restore(kept);
    pass(10);
    expect(open().map(({ id }) => id)).toEqual(kept.map(({ id }) => id));
  });
});
