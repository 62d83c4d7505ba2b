import { expect, test } from 'vitest';
import type { HealthStatus, Running } from '../../../../src/api/running.ts';
import { whereGroups } from './where-groups.ts';

type Place = readonly [cluster: string, environment: string | undefined, status: HealthStatus, tag: string];

function runningIn(places: readonly Place[]): Running {
  const images = Map.groupBy(places, ([, , , tag]) => `registry.example.com/web:${tag}`);
  return {
    ref: 'component:default/web',
    verdict: { status: 'Healthy', clusters: places.length, spread: {} },
    clusters: places.map(([cluster, environment, status]) => ({
      cluster,
      labels: { ...(environment !== undefined && { environment }), region: cluster.slice(0, 2) },
      protected: false,
      status,
    })),
    workloads: [
      {
        kind: 'Deployment',
        namespace: 'shop',
        name: 'web',
        status: 'Healthy',
        cells: places.map(([cluster, , status, tag]) => ({
          cluster,
          status,
          ...(status !== 'Healthy' && { reason: 'Why' }),
          desired: 3,
          ready: status === 'Healthy' ? 3 : 1,
          images: [`registry.example.com/web:${tag}`, 'registry.example.com/mesh:9'],
          pods: 3,
          restarts: 0,
          failing: [],
          failingCount: 0,
          rule: 'kubernetes-id' as const,
        })),
      },
    ],
    images: [
      { image: 'registry.example.com/mesh:9', clusters: places.map(([cluster]) => cluster) },
      ...Array.from(images, ([image, own]) => ({ image, clusters: own.map(([cluster]) => cluster) })),
    ],
    looked: places.length,
    position: { epoch: 'a', sequence: 1 },
    incomplete: [],
  };
}

const short = (places: readonly Place[]): readonly unknown[] =>
  whereGroups(runningIn(places)).map(({ environment, places: own }) => [
    environment,
    ...own.map(
      ({ clusters, status, tags }) =>
        `${clusters.length === 1 ? clusters[0] : clusters.length} ${status} ${tags.join()}`,
    ),
  ]);

test('what is well is folded, the odd ones out are named: those that fail, and those of another version', () => {
  const well: Place[] = ['eu-1', 'eu-2', 'us-1', 'us-2'].map((cluster) => [cluster, 'production', 'Healthy', '1']);
  expect(short([['eu-3', 'production', 'Degraded', '1'], ...well, ['us-3', 'production', 'Healthy', '2']])).toEqual([
    ['production', 'eu-3 Degraded 1', 'us-3 Healthy 2', '4 Healthy 1'],
  ]);
  const [group] = whereGroups(runningIn(well));
  expect(group?.places).toEqual([
    {
      clusters: ['eu-1', 'eu-2', 'us-1', 'us-2'],
      regions: ['eu', 'us'],
      status: 'Healthy',
      tags: ['1'],
      ready: 12,
      desired: 12,
      reason: undefined,
    },
  ]);
});

test('production comes first, what has no environment last; a few that are well are named', () => {
  expect(
    short([
      ['a', undefined, 'Healthy', '1'],
      ['b', 'staging', 'Healthy', '1'],
      ['c', 'prod', 'Healthy', '1'],
      ['d', 'prod', 'Healthy', '1'],
    ]),
  ).toEqual([
    ['prod', 'c Healthy 1', 'd Healthy 1'],
    ['staging', 'b Healthy 1'],
    [undefined, 'a Healthy 1'],
  ]);
});

test('where many are odd, the first are named and the rest is folded by how they are', () => {
  const lost: Place[] = Array.from({ length: 9 }, (_, at) => [`c-${at}`, 'production', 'Unknown', '1']);
  expect(short(lost)).toEqual([
    ['production', ...['c-0', 'c-1', 'c-2', 'c-3', 'c-4'].map((cluster) => `${cluster} Unknown 1`), '4 Unknown 1'],
  ]);
});
