import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FindingPage } from '../../src/api/findings.ts';
import type { Incident, IncidentList } from '../../src/api/incidents.ts';
import { openOutageStage, type OutageStage } from '../support/outage-stage.ts';
import { runCommand } from '../support/surroundings.ts';

// An outage in small: real clusters of the demo, read by real readers. A change of settings goes to all regions at once, and what
// takes the load is killed in circles where it is busy.

const PROXY = 'waiting-room';
const regions = ['prod-north', 'prod-south', 'prod-coast'];
const wait = { timeout: 40_000, interval: 250 };

let outage: OutageStage;

beforeAll(async () => {
  outage = await openOutageStage(regions);
}, 180_000);
afterAll(() => outage.close());

async function ask<T>(path: string): Promise<T> {
  const response = await outage.server.get(`/api/v1/fleet/${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

function everywhere(
  clusters: readonly string[],
  act: (stage: ReturnType<OutageStage['stage']>, at: never) => void,
): void {
  for (const cluster of clusters) {
    const stage = outage.stage(cluster);
    act(stage, stage.placementOf(PROXY) as never);
  }
}

describe('the outage', () => {
  test('could be foreseen: the memory setting is above the limit in every cluster', { timeout: 60_000 }, async () => {
    const foreseen = async () => (await ask<FindingPage>('findings?rule=memory-above-limit')).items;
    // The catalog says whose it is a moment after the clusters were read.
    const places = async () => (await foreseen()).map(({ cluster, name, entity }) => [cluster, name, entity]);
    await expect
      .poll(places, wait)
      .toEqual(regions.toSorted().map((cluster) => [cluster, PROXY, `component:default/${PROXY}`]));
    const items = await foreseen();
    expect(items[0]?.message).toBe(
      `Go in container ${PROXY} may take 1.5 GiB (GOMEMLIMIT=1536MiB) and is killed at its limit of 1 GiB`,
    );
    expect((await ask<IncidentList>('incidents?state=open')).items).toEqual([]);
  });

  test('is one incident with what it is, where, why, and what changed just before', { timeout: 120_000 }, async () => {
    everywhere(regions, (stage, placement) => stage.configure(placement, { FILTER_ORDER: 'new' }));
    const isStaged = async (): Promise<number> => (await ask<FindingPage>('findings?rule=unstaged-change')).total;
    await expect.poll(isStaged, wait).toBe(1);
    // The new pods must be there before all of them are killed.
    const isOut = async (): Promise<number> =>
      (await ask<{ readonly total: number }>(`objects?kind=Deployment&name=${PROXY}&fieldSelector=health=Healthy`))
        .total;
    await expect.poll(isOut, wait).toBe(3);
    everywhere(['prod-north', 'prod-south'], (stage, placement) => stage.misbehaveAll(placement, 'oom'));
    const isOne = async (): Promise<readonly (string | number)[]> => {
      const { items } = await ask<IncidentList>('incidents?state=open');
      return [items.length, items[0]?.rule ?? '', items[0]?.clusters.join() ?? ''];
    };
    await expect.poll(isOne, wait).toEqual([1, 'oom-cycle', 'prod-north,prod-south']);
    const [incident] = (await ask<IncidentList>('incidents')).items;
    expect(incident?.title).toMatch(
      /^waiting-room restarts in 2 clusters since \d\d:\d\d UTC: OOMKilled, heap above the limit$/,
    );
    expect(incident).toMatchObject({
      severity: 'critical',
      entity: `component:default/${PROXY}`,
      regions: ['north', 'south'],
      fix: expect.stringContaining('More replicas first') as string,
      cause: { text: expect.stringContaining('a change of its pod template reached 3 regions') as string },
    });
    expect(incident?.evidence[0]?.text).toContain('GOMEMLIMIT=1536MiB');
    const again = await ask<Incident>(`incidents/${incident?.id ?? ''}`);
    expect(again.id).toBe(incident?.id);
    await expect
      .poll(async () => (await ask<Incident>(`incidents/${incident?.id ?? ''}`)).before.map(({ kind }) => kind), wait)
      .toContain('config');
    expect((await outage.server.get('/api/v1/fleet/incidents/nothing')).status).toBe(404);
  });

  test('is explained in a terminal', async () => {
    const { code, out } = await runCommand(tmpdir(), ['fleet', 'why', PROXY, '--server', outage.server.url]);
    expect(code).toBe(0);
    expect(out).toMatch(/^component:default\/waiting-room is Degraded, /);
    expect(out).toMatch(/Incident: waiting-room restarts in 2 clusters since/);
    expect(out).toMatch(/CRITICAL {2}OOMKilled {2}Deployment\/ticketing\/waiting-room in prod-north, prod-south, for /);
    expect(out).toContain('  Do: It takes more memory than its limit and is killed.');
    expect(out).toContain('What changed, the latest first:');
    const args = ['fleet', 'why', PROXY, '-o', 'json', '--server', outage.server.url];
    const json = JSON.parse((await runCommand(tmpdir(), args)).out) as { readonly incidents: readonly unknown[] };
    expect(json.incidents).toHaveLength(1);
  });
});
