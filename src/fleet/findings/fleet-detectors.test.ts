import { beforeEach, describe, expect, test } from 'vitest';
import { ago, NOON } from '../../../test/support/finding-fleet.ts';
import type { CellsByColumn } from '../../../test/support/fleet-batches.ts';
import { liveObject, memoryFleet, type MemoryFleet } from '../../../test/support/memory-fleet.ts';
import type { Finding, FindingPage } from '../../api/findings.ts';
import type { LiveScope } from '../../live/live-reader.ts';

const HOUR = 3_600;

let fleet: MemoryFleet;

beforeEach(() => {
  fleet = memoryFleet(() => NOON);
});

function found(scope: LiveScope = 'all'): readonly Finding[] {
  const bytes = fleet.store.findings({ limit: 100 }, scope);
  return (JSON.parse(Buffer.from(bytes).toString()) as FindingPage).items;
}

/** A Deployment in a cluster of an environment and region, and when its versions came, the newest last. */
function deploy(
  cluster: string,
  [environment, region]: readonly [string, string],
  versions: readonly (readonly [image: string, at: number])[],
  parts: CellsByColumn = {},
): void {
  fleet.putCluster(cluster, { labels: { environment, region } });
  fleet.watchAll(cluster);
  const images = versions.at(-1)?.[0];
  const own = { namespace: 'shop', created: ago(30 * 24 * HOUR), images, health: 'Healthy' };
  fleet.put(cluster, 'Deployment', [liveObject('web', { ...own, ...parts })]);
  fleet.put(
    cluster,
    'ReplicaSet',
    versions.map(([image, at], revision) =>
      liveObject(`web-${revision}`, {
        namespace: 'shop',
        created: at,
        revision: String(revision + 1),
        images: image,
        ownerKind: 'Deployment',
        ownerName: 'web',
      }),
    ),
  );
}

const old = ago(20 * 24 * HOUR);

describe('versions that differ', () => {
  test('within an environment are found when a rollout should be over, in the odd cluster', () => {
    deploy(
      'eu',
      ['prod', 'eu'],
      [
        ['web:1', old],
        ['web:2', ago(3 * HOUR)],
      ],
    );
    deploy(
      'us',
      ['prod', 'us'],
      [
        ['web:1', old],
        ['web:2', ago(3 * HOUR)],
      ],
    );
    deploy('asia', ['prod', 'asia'], [['web:1', old]]);
    expect(found()).toMatchObject([
      {
        rule: 'version-skew',
        cluster: 'asia',
        message: '2 versions run in one environment: web:1 in asia; web:2 in eu, us',
        evidence: { environment: 'prod', clusters: ['asia', 'eu', 'us'] },
      },
    ]);
    // Who sees one of them is told nothing of the others.
    expect(found({ asia: true })).toEqual([]);
  });

  test.each<[string, () => void]>([
    [
      'while a rollout goes on',
      () => {
        deploy(
          'eu',
          ['prod', 'eu'],
          [
            ['web:1', old],
            ['web:2', ago(HOUR)],
          ],
        );
        deploy('us', ['prod', 'us'], [['web:1', old]]);
      },
    ],
    [
      'between environments',
      () => {
        deploy('eu', ['prod', 'eu'], [['web:1', old]]);
        deploy('dev', ['dev', 'eu'], [['web:2', old]]);
      },
    ],
    [
      'where all are the same',
      () => {
        deploy('eu', ['prod', 'eu'], [['web:1', old]]);
        deploy('us', ['prod', 'us'], [['web:1', old]]);
      },
    ],
  ])('are none %s', (_case, arrange) => {
    arrange();
    expect(found()).toEqual([]);
  });
});

describe('a change that is everywhere at once', () => {
  test('is found, with what it is and how fast it went', () => {
    deploy(
      'eu',
      ['prod', 'eu'],
      [
        ['web:1', old],
        ['web:1', ago(600)],
      ],
    );
    deploy(
      'us',
      ['prod', 'us'],
      [
        ['web:1', old],
        ['web:1', ago(560)],
      ],
    );
    expect(found()).toMatchObject([
      {
        rule: 'unstaged-change',
        severity: 'notice',
        reason: 'ConfigInAllRegions',
        message: 'a change of its pod template reached 2 regions within 40 s',
        since: new Date(ago(600) * 1000).toISOString(),
        evidence: { regions: ['eu', 'us'], clusters: ['eu', 'us'] },
      },
    ]);
  });

  test('of an image says which', () => {
    deploy(
      'eu',
      ['prod', 'eu'],
      [
        ['web:1', old],
        ['web:2', ago(600)],
      ],
    );
    deploy(
      'us',
      ['prod', 'us'],
      [
        ['web:1', old],
        ['web:2', ago(500)],
      ],
    );
    expect(found()).toMatchObject([{ reason: 'ImageInAllRegions', message: 'web:2 reached 2 regions within 2 min' }]);
  });

  test.each<[string, () => void]>([
    [
      'region by region',
      () => {
        deploy(
          'eu',
          ['prod', 'eu'],
          [
            ['web:1', old],
            ['web:2', ago(1_800)],
          ],
        );
        deploy(
          'us',
          ['prod', 'us'],
          [
            ['web:1', old],
            ['web:2', ago(600)],
          ],
        );
      },
    ],
    [
      'in one region',
      () => {
        deploy(
          'eu-1',
          ['prod', 'eu'],
          [
            ['web:1', old],
            ['web:2', ago(600)],
          ],
        );
        deploy(
          'eu-2',
          ['prod', 'eu'],
          [
            ['web:1', old],
            ['web:2', ago(600)],
          ],
        );
      },
    ],
    [
      'that did not reach all',
      () => {
        deploy(
          'eu',
          ['prod', 'eu'],
          [
            ['web:1', old],
            ['web:1', ago(600)],
          ],
        );
        deploy(
          'us',
          ['prod', 'us'],
          [
            ['web:1', old],
            ['web:1', ago(600)],
          ],
        );
        deploy('asia', ['prod', 'asia'], [['web:1', old]]);
      },
    ],
    [
      'that is the first of all',
      () => {
        deploy('eu', ['prod', 'eu'], [['web:1', ago(600)]], { created: ago(600) });
        deploy('us', ['prod', 'us'], [['web:1', ago(600)]], { created: ago(600) });
      },
    ],
    [
      'of yesterday',
      () => {
        deploy(
          'eu',
          ['prod', 'eu'],
          [
            ['web:1', old],
            ['web:2', ago(24 * HOUR)],
          ],
        );
        deploy(
          'us',
          ['prod', 'us'],
          [
            ['web:1', old],
            ['web:2', ago(24 * HOUR)],
          ],
        );
      },
    ],
  ])('is none %s', (_case, arrange) => {
    arrange();
    expect(found()).toEqual([]);
  });
});
