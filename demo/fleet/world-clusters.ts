import type { JsonMap } from './kube-object.ts';

/** What a cluster of the demo is, before it runs. */
export interface ClusterPlan {
  readonly name: string;
  readonly title: string;
  readonly environment: 'dev' | 'staging' | 'prod' | 'tools';
  readonly region: string;
  readonly tier: 'one' | 'two' | 'three';
  /** Team that keeps it. */
  readonly owner: string;
  /** What is done there needs a second look. */
  readonly isProtected: boolean;
  readonly nodes: number;
  readonly version: string;
}

type Row = readonly [name: string, title: string, nodes: number, version: string];

const regions = [
  { name: 'north', title: 'North', sizes: [4, 5, 9] },
  { name: 'south', title: 'South', sizes: [3, 4, 7] },
  { name: 'coast', title: 'Coast', sizes: [3, 3, 6] },
] as const;
const environments = [
  { name: 'dev', title: 'Development', tier: 'three', version: '1.34.2' },
  { name: 'staging', title: 'Staging', tier: 'two', version: '1.34.2' },
  { name: 'prod', title: 'Production', tier: 'one', version: '1.33.6' },
] as const;

const regional: readonly ClusterPlan[] = regions.flatMap((region) =>
  environments.map((environment, at) => ({
    name: `${environment.name}-${region.name}`,
    title: `${environment.title} ${region.title}`,
    environment: environment.name,
    region: region.name,
    tier: environment.tier,
    owner: 'machinery',
    isProtected: environment.name === 'prod',
    nodes: region.sizes[at] ?? 3,
    version: environment.version,
  })),
);

function other([name, title, nodes, version]: Row, rest: Partial<ClusterPlan>): ClusterPlan {
  const usual = { environment: 'tools', region: 'north', tier: 'two', owner: 'machinery', isProtected: false } as const;
  return { name, title, nodes, version, ...usual, ...rest };
}

/** The clusters of the demo, in the order in which fewer are taken. */
export const clusterPlans: readonly ClusterPlan[] = [
  ...byEnvironment('prod'),
  ...byEnvironment('staging'),
  ...byEnvironment('dev'),
  other(['main-cluster', 'Under the stage', 5, '1.34.2'], { isProtected: true, tier: 'one' }),
  other(['touring-cluster', 'In the truck', 3, '1.32.9'], { environment: 'prod', region: 'road', owner: 'touring' }),
  other(['sandbox', 'Sandbox', 3, '1.35.0'], { environment: 'dev', region: 'south', tier: 'three' }),
];

function byEnvironment(name: ClusterPlan['environment']): readonly ClusterPlan[] {
  return regional.filter(({ environment }) => environment === name);
}

/** What the kubeconfig tells of a cluster in its extension `callboard.dev/cluster`. */
export function faceOf({ title, environment, region, tier, owner, isProtected }: ClusterPlan): JsonMap {
  return { title, protected: isProtected, labels: { environment, region, tier, owner } };
}
