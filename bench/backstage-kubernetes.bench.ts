// The same question to Backstage's own Kubernetes backend and to Callboard, over the same clusters of the demo: whether the answers are
// the same, object by object, and whether the package that Backstage's pages are made of reads the same in both. Ends with an error
// where they differ.
import { deepEqual } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import {
  openKubernetesStage,
  type KubernetesStage,
  type ShownItem,
  type ShownObjects,
} from '../test/support/kubernetes-stage.ts';
import { Backstage, hasBackstage } from './fleet/backstage.ts';

const { values: flags } = parseArgs({
  options: { clusters: { type: 'string', default: '3' }, entity: { type: 'string', default: 'ticket-office' } },
});
const peers = join(import.meta.dirname, 'peers');
/** Clusters live: what changed between the two questions is asked again, ms. */
const LONGEST_MS = 30_000;

interface Common {
  readonly groupResponses: (resources: readonly unknown[]) => Readonly<Record<string, readonly unknown[]>>;
  readonly detectErrors: (objects: ShownObjects) => ReadonlyMap<string, readonly { readonly type: string }[]>;
  readonly kubernetesPermissions: readonly Named[];
}

interface Named {
  readonly name: string;
}

type Answers = readonly [ours: ShownObjects, theirs: ShownObjects];

async function openBackstage({ demo }: KubernetesStage, folder: string): Promise<Backstage> {
  const kubeconfig = join(folder, 'kubeconfig');
  const authority = Buffer.from(demo.authority).toString('base64');
  const clusters = demo.servers.map(({ cluster: { name }, url }) => {
    return { name, cluster: { server: url, 'certificate-authority-data': authority } };
  });
  const written = JSON.stringify({ clusters, users: [{ user: { token: 'peer-token' } }] });
  await writeFile(kubeconfig, written, { mode: 0o600 });
  return Backstage.start({ peers, folder, kubeconfig, clusters: clusters.length, entity: flags.entity });
}

async function compare(stage: KubernetesStage, backstage: Backstage): Promise<void> {
  const fromPeers = createRequire(join(peers, 'package.json'));
  const common = fromPeers('@backstage/plugin-kubernetes-common') as Common;
  const [ours, theirs] = await answersAtRest(stage, backstage);
  deepEqual(Object.keys(ours.items[0] ?? {}).sort(), Object.keys(theirs.items[0] ?? {}).sort());
  deepEqual(plain(ours), plain(theirs));
  deepEqual(countsOf(common, ours), countsOf(common, theirs));
  deepEqual(errorsOf(common, ours), errorsOf(common, theirs));
  const response = await stage.ask('/api/kubernetes/.well-known/backstage/permissions/metadata');
  const { permissions } = (await response.json()) as { readonly permissions: readonly Named[] };
  deepEqual(byName(permissions), byName(common.kubernetesPermissions.map((permission) => ({ ...permission }))));
  const objects = ours.items.flatMap(({ resources }) => resources.flatMap(({ resources: own }) => own));
  console.log(`The same: ${objects.length} objects of ${ours.items.length} clusters, errors, permissions.`);
}

async function answersAtRest(stage: KubernetesStage, backstage: Backstage): Promise<Answers> {
  for (const begun = performance.now(); ; await sleep(500)) {
    const answers = [await stage.objects(flags.entity), (await backstage.objects()) as ShownObjects] as const;
    const [ours, theirs] = answers;
    if (performance.now() - begun > LONGEST_MS || isDeepStrictEqual(plain(ours), plain(theirs))) return answers;
  }
}

/** In one order, of clusters and of objects. */
function plain({ items }: ShownObjects): readonly object[] {
  const nameOf = ({ metadata: { namespace = '', name } }: ShownItem): string => `${namespace}/${name}`;
  const inOrder = (objects: readonly ShownItem[]): readonly ShownItem[] =>
    objects.toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
  return items
    .map(({ cluster, resources, errors, podMetrics }) => {
      return {
        cluster,
        errors,
        podMetrics,
        resources: resources.map(({ type, resources: own }) => ({ type, resources: inOrder(own) })),
      };
    })
    .sort((left, right) => (left.cluster.name < right.cluster.name ? -1 : 1));
}

/** How many objects of each group the pages see, by cluster. */
function countsOf({ groupResponses }: Common, { items }: ShownObjects): object {
  return Object.fromEntries(
    items.map(({ cluster, resources }) => [
      cluster.name,
      Object.entries(groupResponses(resources)).map(([group, objects]) => [group, objects.length]),
    ]),
  );
}

/** What the pages find wrong, by cluster. */
function errorsOf({ detectErrors }: Common, objects: ShownObjects): object {
  return Object.fromEntries(
    Array.from(detectErrors(objects), ([cluster, errors]) => [cluster, errors.map(({ type }) => type).sort()]),
  );
}

function byName(permissions: readonly Named[]): readonly Named[] {
  return permissions.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

if (!hasBackstage(peers)) throw new Error('Backstage is not installed: npm ci --ignore-scripts --prefix bench/peers');
const folder = await mkdtemp(join(tmpdir(), 'callboard-peer-'));
const stage = await openKubernetesStage(Number(flags.clusters), [{ match: '*', isActing: true }]);
try {
  for (const { cluster } of stage.demo.servers) {
    stage.grant(cluster.name, 'ada', [{ verbs: ['*'], groups: ['*'], resources: ['*'] }]);
    cluster.access.tokens.set('peer-token', { user: { name: 'peer', groups: ['system:masters'] } });
  }
  const backstage = await openBackstage(stage, folder);
  try {
    await compare(stage, backstage);
  } finally {
    await backstage.close();
  }
} finally {
  await stage.close();
  await rm(folder, { recursive: true });
}
