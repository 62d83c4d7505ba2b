import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { liveObject, memoryFleet, type MemoryFleet } from '../../../test/support/memory-fleet.ts';
import type { CellsByColumn } from '../../../test/support/fleet-batches.ts';
import type { Incident } from '../../api/incidents.ts';
import type { IncidentsQuery } from '../../live/incidents.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import { createLog } from '../../telemetry/log.ts';
import { incidentEntry } from './incident-entry.ts';
import { IncidentKeeper } from './incident-keeper.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
const MINUTE = 60;

let now: number;
let fleet: MemoryFleet;
/** Seconds since 1970. */
const seconds = (): number => now / 1000;
const pass = (minutes: number): void => {
  now += minutes * 60_000;
};

beforeEach(() => {
  now = NOON;
  fleet = memoryFleet(() => now);
  for (const cluster of ['north', 'south', 'coast']) {
    fleet.putCluster(cluster, { labels: { environment: 'prod', region: cluster } });
    fleet.watchAll(cluster);
  }
});

type Told = Incident & { readonly entities: readonly string[] };

function incidents(query: Partial<IncidentsQuery> = {}, scope: LiveScope = 'all'): readonly Told[] {
  fleet.store.incidents.lookAtAll();
  const bytes = fleet.store.answerIncidents({ limit: 50, ...query }, scope);
  return (JSON.parse(Buffer.from(bytes).toString()) as { readonly items: readonly Told[] }).items;
}

const inShop = (name: string, parts: CellsByColumn = {}) => liveObject(name, { namespace: 'shop', ...parts });
const template = JSON.stringify({
  spec: {
    containers: [
      {
        name: 'app',
        env: [{ name: 'JAVA_TOOL_OPTIONS', value: '-Xmx2g' }],
        resources: { limits: { memory: '1Gi' } },
      },
    ],
  },
});

/** A Deployment with four pods, of which some are as told. */
function deploy(
  cluster: string,
  failing: number,
  pod: CellsByColumn = {},
  name = 'box-office',
  more: CellsByColumn = {},
): void {
  const labels = `app.kubernetes.io/name=${name}`;
  const deployment = {
    labels,
    desired: 4,
    current: 4,
    ready: 4 - failing,
    health: 'Healthy',
    images: `${name}:1`,
    ...more,
  };
  fleet.put(cluster, 'Deployment', [inShop(name, deployment)]);
  fleet.put(cluster, 'ReplicaSet', [inShop(`${name}-1`, { ownerKind: 'Deployment', ownerName: name, revision: '1' })]);
  fleet.put(
    cluster,
    'Pod',
    Array.from({ length: 4 }, (_, at) =>
      inShop(`${name}-1-${at}`, {
        ownerKind: 'ReplicaSet',
        ownerName: `${name}-1`,
        phase: 'Running',
        health: 'Healthy',
        ...(at < failing && pod),
      }),
    ),
  );
}

const looping = (sinceMinutes: number, parts: CellsByColumn = {}): CellsByColumn => ({
  health: 'Degraded',
  reason: 'CrashLoopBackOff',
  failing: 'app CrashLoopBackOff',
  lastExit: 'app Error 1',
  restarts: 4,
  restarted: seconds() - 30,
  unready: seconds() - sinceMinutes * MINUTE,
  ...parts,
});

describe('a workload that fails in several clusters', () => {
  test('since the same minutes is one incident, not one for each', () => {
    deploy('north', 4, looping(5));
    deploy('south', 2, looping(3));
    deploy('coast', 0);
    const [incident, ...others] = incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      title: 'box-office restarts in 2 clusters since 11:55 UTC: CrashLoopBackOff',
      state: 'open',
      rule: 'workload-in-clusters',
      severity: 'critical',
      began: new Date(NOON - 5 * 60_000).toISOString(),
      clusters: ['north', 'south'],
      regions: ['north', 'south'],
      workloads: 2,
      pods: { affected: 6, of: 8, restarts: 24 },
      workload: { kind: 'Deployment', namespace: 'shop', name: 'box-office' },
    });
    expect(incident?.evidence.map(({ text }) => text)).toEqual([
      'shop/box-office: 4 of 4 pods CrashLoopBackOff, 16 restarts',
      'shop/box-office: 2 of 4 pods CrashLoopBackOff, 8 restarts',
    ]);
  });

  test.each<[string, () => void]>([
    ['in one cluster only', () => deploy('north', 4, looping(5))],
    [
      'an hour apart',
      () => {
        deploy('north', 4, looping(65));
        deploy('south', 4, looping(5));
      },
    ],
    [
      'two of which have nothing in common',
      () => {
        deploy('north', 4, looping(5), 'one');
        deploy('south', 4, looping(5), 'other');
      },
    ],
    [
      'all of which do well',
      () => {
        deploy('north', 0);
        deploy('south', 0);
      },
    ],
  ])('is none %s', (_case, arrange) => {
    arrange();
    expect(incidents()).toEqual([]);
  });
});

describe('memory above the limit', () => {
  const killed = (): CellsByColumn => looping(4, { lastExit: 'app OOMKilled 137' });

  test('that kills in circles is said with the cause, and what helps first', () => {
    deploy('north', 3, killed(), 'box-office', { template });
    deploy('south', 3, killed(), 'box-office', { template });
    deploy('coast', 0, {}, 'box-office', { template });
    expect(incidents()).toMatchObject([
      {
        title: 'box-office restarts in 2 clusters since 11:56 UTC: OOMKilled, heap above the limit',
        rule: 'oom-cycle',
        severity: 'critical',
        fix: 'More replicas first, so that each stays below its limit; then the limit or the heap setting.',
        evidence: [
          { text: 'JVM in container app may take 2 GiB (-Xmx2g) and is killed at its limit of 1 GiB' },
          { cluster: 'north' },
          { cluster: 'south' },
        ],
      },
    ]);
  });

  test('is one in a single cluster too, unless it was killed but once', () => {
    deploy('north', 1, looping(4, { lastExit: 'app OOMKilled 137', restarts: 1 }), 'box-office', { template });
    expect(incidents()).toEqual([]);
    deploy('north', 1, looping(4, { lastExit: 'app OOMKilled 137', restarts: 3 }), 'box-office', { template });
    expect(incidents()).toMatchObject([{ rule: 'oom-cycle', clusters: ['north'] }]);
  });

  test('names the change that reached all regions just before', () => {
    for (const cluster of ['north', 'south', 'coast']) {
      deploy(cluster, cluster === 'coast' ? 0 : 3, killed(), 'box-office', { template });
      fleet.put(cluster, 'ReplicaSet', [
        inShop('box-office-2', {
          ownerKind: 'Deployment',
          ownerName: 'box-office',
          revision: '2',
          created: seconds() - 6 * MINUTE,
        }),
      ]);
    }
    const [incident] = incidents();
    expect(incident?.cause).toEqual({
      text: 'a change of its pod template reached 3 regions at the same moment',
      at: new Date(NOON - 6 * 60_000).toISOString(),
    });
    expect(incident?.fix).toContain('Undo the change that reached all regions');
  });
});

describe('a cluster', () => {
  test('in which much fails at the same time is one incident', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) deploy('north', 4, looping(5), name);
    deploy('south', 0);
    expect(incidents()).toMatchObject([
      {
        rule: 'cluster-degraded',
        title: '5 workloads fail together in north since 11:55 UTC',
        clusters: ['north'],
        workloads: 5,
      },
    ]);
  });

  test.each<[string, () => void]>([
    ['in which little fails', () => ['a', 'b', 'c', 'd'].forEach((name) => deploy('north', 4, looping(5), name))],
    [
      'in which much fails, one after the other over hours',
      () => ['a', 'b', 'c', 'd', 'e'].forEach((name, at) => deploy('north', 4, looping(5 + 60 * at), name)),
    ],
  ])('%s is none', (_case, arrange) => {
    arrange();
    expect(incidents()).toEqual([]);
  });

  test('that does not answer for a minute is one, until it answers', () => {
    fleet.setState('north', { state: 'unreachable', reason: { code: 'Timeout', message: 'No answer within 10 s' } });
    expect(incidents()).toEqual([]);
    pass(2);
    expect(incidents()).toMatchObject([
      {
        rule: 'cluster-unreachable',
        title: 'north does not answer since 12:00 UTC',
        evidence: [{ text: 'No answer within 10 s' }],
      },
    ]);
    fleet.setState('north', { state: 'ok' });
    pass(4);
    expect(incidents()).toMatchObject([{ state: 'ended', title: 'north did not answer from 12:00 to 12:02 UTC' }]);
  });

  test('that is shown as it was saved is not looked at before it is read', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) deploy('north', 4, looping(5), name);
    const saved = fleet.store.snapshot('north');
    if (saved === undefined) throw new Error('Nothing is known of the cluster');
    fleet.store.dropCluster('north');
    fleet.putCluster('north', { labels: {} });
    fleet.store.restore('north', saved);
    expect(incidents()).toEqual([]);
    fleet.setState('north', { state: 'ok' });
    expect(incidents()).toMatchObject([{ rule: 'cluster-degraded', clusters: ['north'] }]);
  });

  test('is looked at when all of it was read once: until then what belongs together is not there together', () => {
    fleet.putCluster('new', { labels: {} });
    for (const name of ['a', 'b', 'c', 'd', 'e']) deploy('new', 4, looping(5), name);
    expect(incidents()).toEqual([]);
    fleet.watchAll('new');
    for (const name of ['a', 'b', 'c', 'd', 'e']) deploy('new', 4, looping(5), name);
    expect(incidents()).toMatchObject([{ rule: 'cluster-degraded', clusters: ['new'] }]);
  });

  test('whose nodes do not report has one incident for all of them', () => {
    const conditions = JSON.stringify([
      { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', since: seconds() - 300 },
    ]);
    for (const name of ['node-1', 'node-2'])
      fleet.put('north', 'Node', [liveObject(name, { health: 'Unknown', conditions })]);
    expect(incidents()).toMatchObject([
      { rule: 'nodes-gone', title: '2 nodes in north do not report since 11:55 UTC' },
    ]);
  });
});

describe('an incident', () => {
  test('keeps its id and its beginning while clusters join, and ends when all was quiet for minutes', () => {
    deploy('north', 4, looping(5));
    deploy('south', 4, looping(5));
    const [first] = incidents();
    pass(20);
    deploy('coast', 4, looping(1));
    deploy('north', 4, looping(1));
    const [grown, ...others] = incidents();
    expect(others).toEqual([]);
    expect(grown).toMatchObject({ id: first?.id, began: first?.began, clusters: ['coast', 'north', 'south'] });
    for (const cluster of ['north', 'south', 'coast']) deploy(cluster, 0);
    for (const cluster of ['north', 'south', 'coast'])
      fleet.put(
        cluster,
        'Pod',
        [0, 1, 2, 3].map((at) => inShop(`box-office-1-${at}`, { phase: 'Running', health: 'Healthy' })),
      );
    pass(2);
    expect(incidents()).toMatchObject([{ state: 'open' }]);
    pass(2);
    expect(incidents()).toMatchObject([
      {
        id: first?.id,
        state: 'ended',
        title: 'box-office restarted in 3 clusters from 11:55 to 12:20 UTC: CrashLoopBackOff',
      },
    ]);
  });

  test('is told on for the timeline as it comes, grows and ends', () => {
    const book = fleet.store.incidents;
    const entries = (): readonly object[] => {
      book.lookAtAll();
      return book.takeNews().map((incident) => incidentEntry(incident));
    };
    deploy('north', 4, looping(5));
    deploy('south', 4, looping(5));
    const began = NOON - 5 * 60_000;
    expect(entries()).toMatchObject([
      {
        op: 'add',
        entry: { kind: 'incident', at: began, until: NOON, namespace: 'shop', data: { clusters: ['north', 'south'] } },
      },
    ]);
    expect(entries()).toEqual([]);
    deploy('coast', 4, looping(5));
    expect(entries()).toMatchObject([{ entry: { title: expect.stringContaining('in 3 clusters') as string } }]);
    for (const cluster of ['north', 'south', 'coast']) fleet.list(cluster, 'Pod', []);
    pass(5);
    expect(entries()).toMatchObject([{ entry: { at: began, until: NOON, data: { to: 'ended' } } }]);
  });

  test('is told as far as one sees it', () => {
    deploy('north', 4, looping(5));
    deploy('south', 4, looping(5));
    fleet.store.changeClaims({
      isWhole: true,
      put: [{ ref: 'component:default/box-office', kind: 'Component', name: 'box-office' }],
      dropped: [],
    });
    expect(incidents({}, { north: ['shop'] })).toMatchObject([
      { clusters: ['north'], workloads: 1, pods: { of: 4 }, entities: ['component:default/box-office'] },
    ]);
    expect(incidents({}, { coast: true })).toEqual([]);
    expect(incidents({}, { north: ['other'] })).toEqual([]);
    expect(incidents({ entity: 'component:default/box-office' })).toHaveLength(1);
    expect(incidents({ entity: 'component:default/other' })).toEqual([]);
    expect(incidents({ clusters: ['coast'] })).toEqual([]);
    expect(incidents({ state: 'ended' })).toEqual([]);
  });

  test('is looked for a little at a time, and all clusters are looked at in a round', () => {
    deploy('north', 4, looping(5));
    deploy('south', 4, looping(5));
    const book = fleet.store.incidents;
    const atOnce = (): boolean => true;
    book.look(atOnce);
    expect([book.checkedAt, book.incidents.length]).toEqual([undefined, 0]);
    for (let look = 0; look < 10; look += 1) book.look(atOnce);
    expect([book.checkedAt, book.incidents.length]).toEqual([now, 1]);
  });
});

describe('what is kept', () => {
  const log = createLog({ level: 'fatal', format: 'json' });
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callboard-incidents-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is there after a restart: what ended, and when what goes on began', async () => {
    deploy('north', 4, looping(5));
    deploy('south', 4, looping(5));
    const [before] = incidents();
    await new IncidentKeeper({ book: fleet.store.incidents, folder, log }).close();
    pass(30);
    const next = memoryFleet(() => now);
    await new IncidentKeeper({ book: next.store.incidents, folder, log }).restore();
    expect(next.store.incidents.incidents).toMatchObject([{ id: before?.id, key: 'Deployment shop box-office' }]);
    next.store.incidents.lookAtAll();
    expect(next.store.incidents.incidents).toMatchObject([{ id: before?.id, ended: NOON / 1000 }]);
  });

  test('takes the place of what was found anew meanwhile; a file that is none is not used', async () => {
    deploy('north', 4, looping(5));
    deploy('south', 4, looping(5));
    incidents();
    const book = fleet.store.incidents;
    await new IncidentKeeper({ book, folder, log }).close();
    const [known] = book.incidents;
    book.restore([{ ...(known as (typeof book.incidents)[number]), id: 'older', began: NOON / 1000 - 3_600 }]);
    expect(incidents().map(({ id }) => id)).toEqual(['older']);
    writeFileSync(join(folder, 'incidents.json'), 'no json');
    const next = memoryFleet(() => now);
    await new IncidentKeeper({ book: next.store.incidents, folder, log }).restore();
    expect(next.store.incidents.incidents).toEqual([]);
  });
});
