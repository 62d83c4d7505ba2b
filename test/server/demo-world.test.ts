import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCatalogue } from '../../demo/fleet/catalogue.ts';
import { lastDue } from '../../demo/fleet/cron-schedule.ts';
import { turn } from '../../demo/fleet/controllers.ts';
import { type DemoFleet, kubeconfigText, openClusters } from '../../demo/fleet/demo-fleet.ts';
import { Scenario } from '../../demo/fleet/scenario.ts';
import { OPERATORS } from '../../demo/fleet/world-access.ts';
import { WorldClock } from '../../demo/fleet/world-clock.ts';
import { clusterPlans } from '../../demo/fleet/world-clusters.ts';
import { makeWorld, type WorldCluster } from '../../demo/fleet/world.ts';
import { kubectl, kubectlProgram } from '../support/kubectl.ts';

// What runs in the clusters of the demo, and what happens in them.

const programs = readCatalogue(resolve(import.meta.dirname, '../../demo/organisation'));
const noon = Date.parse('2026-11-22T12:00:00Z');

/** Clusters of these names at noon of a day, with a clock that is set by hand. */
function worldsAt(names: readonly string[]): { readonly worlds: readonly WorldCluster[]; readonly clock: WorldClock } {
  const clock = new WorldClock(() => noon);
  const plans = clusterPlans.filter(({ name }) => names.includes(name));
  return { worlds: makeWorld(plans, programs, clock), clock };
}

describe('the clusters of the demo', () => {
  const clock = new WorldClock(() => Date.now());
  let fleet: DemoFleet;
  let folder: string;
  let worlds: readonly WorldCluster[];

  beforeAll(async () => {
    kubectlProgram();
    const plans = clusterPlans.filter(({ name }) => ['prod-coast', 'sandbox'].includes(name));
    worlds = makeWorld(plans, programs, clock);
    fleet = await openClusters({ clusters: worlds.map(({ cluster }) => cluster), now: () => clock.now() });
    clock.run();
    folder = mkdtempSync(join(tmpdir(), 'callboard-world-'));
    const user = await fleet.issue('operator', [OPERATORS]);
    writeFileSync(join(folder, 'kubeconfig'), kubeconfigText(fleet, 'operator', user), { mode: 0o600 });
  }, 180_000);
  afterAll(async () => {
    await fleet.close();
    rmSync(folder, { recursive: true });
  });

  async function told(context: string, ...args: readonly string[]): Promise<string> {
    const { out, err } = await kubectl(join(folder, 'kubeconfig'), ['--context', context, ...args]);
    return out + err;
  }

  test('run what the catalog says that runs, and have done so for weeks', async () => {
    const selector = 'backstage.io/kubernetes-id=ticket-shop';
    const rows = await told('prod-coast', 'get', 'deployments', '-n', 'ticketing', '-l', selector, '--no-headers');
    expect(rows).toMatch(/^ticket-shop +4\/4 +4 +4 +(\d+d|\d+h)/);
    const all = await told('prod-coast', 'get', 'pods', '-A', '--no-headers');
    const broken = all
      .split('\n')
      .filter((row) => row !== '' && !/ 1\/1 +Running | 0\/1 +Completed |-\d{8}-/.test(row));
    expect(broken).toEqual([]);
    expect(await told('prod-coast', 'get', 'httproutes,pvc,hpa,pdb,cronjobs,quota', '-A', '-o', 'name')).toMatch(
      /httproute[^]*persistentvolumeclaim[^]*horizontalpodautoscaler[^]*poddisruptionbudget[^]*cronjob[^]*resourcequota/,
    );
    expect(await told('prod-coast', '-n', 'ticketing', 'get', 'pdb,hpa,quota')).toMatch(
      /ticket-shop +N\/A +1 +1 [^]*Deployment\/ticket-shop [^]*pods: [1-9]\d*\/40/,
    );
    expect(await told('prod-coast', 'get', 'events', '-A')).not.toContain('Warning');
  });

  test('tell how a rollout goes', async () => {
    await told('prod-coast', '-n', 'ticketing', 'set', 'image', 'deployment/ticket-shop', 'ticket-shop=shop:2');
    expect(await told('prod-coast', '-n', 'ticketing', 'rollout', 'status', 'deployment/ticket-shop')).toContain(
      'successfully rolled out',
    );
    expect(await told('prod-coast', '-n', 'ticketing', 'rollout', 'history', 'deployment/ticket-shop')).toMatch(/^2 /m);
  });

  test('keep some kinds to themselves in the sandbox', async () => {
    expect(await told('sandbox', 'get', 'hpa', '-A')).toContain('Forbidden');
    expect(await told('sandbox', 'get', 'deployments', '-A', '-o', 'name')).toContain('deployment.apps/');
  });

  test('show what fails, with events as Kubernetes writes them', async () => {
    const scenario = new Scenario({ worlds, seed: 'lantern', start: clock.now(), reach: () => undefined });
    const soon = clock.now().getTime() + 120_000;
    scenario.step(new Date(soon));
    const rows = (): Promise<string> => told('sandbox', 'get', 'pods', '-A', '--no-headers');
    await expect.poll(rows, { timeout: 20_000 }).toMatch(/0\/1 +CrashLoopBackOff/);
    expect(await told('sandbox', 'get', 'events', '-A', '--field-selector=type=Warning')).toContain('BackOff');
  });
});

/** What happens in some hours, and how many objects there are each four hours. */
function simulate(
  names: readonly string[],
  seed: string,
  hours: number,
): { readonly told: readonly string[]; readonly sizes: readonly number[]; readonly worlds: readonly WorldCluster[] } {
  const { worlds, clock } = worldsAt(names);
  const told: string[] = [];
  const reach = (name: string, isReachable: boolean): void => void told.push(`${name} ${isReachable}`);
  const start = clock.now();
  const scenario = new Scenario({ worlds, seed, start, reach, tell: (line) => told.push(line) });
  const sizes: number[] = [];
  for (let second = 0; second <= hours * 3_600; second += 20) {
    clock.set(new Date(start.getTime() + second * 1_000));
    scenario.step(clock.now());
    for (const { cluster } of worlds) turn(cluster);
    if (second % 14_400 === 0) sizes.push(worlds.reduce((sum, { cluster }) => sum + sizeOf(cluster), 0));
  }
  return { told, sizes, worlds };
}

function sizeOf(cluster: WorldCluster['cluster']): number {
  return cluster.known.resources.reduce((sum, each) => sum + cluster.store.collection(each).size, 0);
}

describe('a schedule', () => {
  test.each([
    ['*/15 * * * *', '2026-11-22T12:01:00Z', '2026-11-22T12:31:10Z', '2026-11-22T12:30:00Z'],
    ['*/15 * * * *', '2026-11-22T12:30:00Z', '2026-11-22T12:31:00Z', undefined],
    ['5,35 3-4 * * *', '2026-11-20T00:00:00Z', '2026-11-22T12:00:00Z', '2026-11-22T04:35:00Z'],
    ['0 3 * * 1-5', '2026-11-19T00:00:00Z', '2026-11-22T12:00:00Z', '2026-11-20T03:00:00Z'],
    ['0 0 29 2 *', '2026-11-19T00:00:00Z', '2026-11-22T12:00:00Z', undefined],
  ])('%s, last run %s, is at %s last due at %s', (schedule, since, now, due) => {
    expect(lastDue(schedule, new Date(since), new Date(now))).toBe(due);
  });
});

describe('the scenario of the demo', () => {
  const names = ['staging-coast', 'touring-cluster', 'prod-coast', 'sandbox'];

  test('is the same for the same seed, and another for another', () => {
    const first = simulate(names, 'lantern', 1).told;
    expect(first.length).toBeGreaterThan(20);
    expect(simulate(names, 'lantern', 1).told).toEqual(first);
    expect(simulate(names, 'torch', 1).told).not.toEqual(first);
  });

  test('goes on for days without growing, and what fails is mended', { timeout: 120_000 }, () => {
    const { told, sizes, worlds } = simulate(names, 'lantern', 24);
    const [, early = 0] = sizes;
    // Revisions that are kept, jobs and events come and go; nothing is left for good.
    for (const size of sizes) expect(size).toBeLessThan(early * 1.5);
    for (const word of [
      '(pull)',
      '(crash)',
      'oom',
      'unready',
      'unschedulable',
      'quota',
      'not ready',
      'tunnel',
      'deleted',
    ])
      expect(told.join('\n')).toContain(word);
    const isRunning = ({ cluster }: WorldCluster): readonly string[] =>
      cluster.store
        .collection(cluster.resource('apps', 'deployments'))
        .list()
        .filter(({ object }) => JSON.stringify(object['status']).includes('unavailableReplicas'))
        .map(({ key }) => `${cluster.name} ${key}`);
    expect(worlds.flatMap(isRunning).length).toBeLessThan(6);
  });
});
